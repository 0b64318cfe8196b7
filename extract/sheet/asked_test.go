package sheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/extract/sheet"
)

// TestWhatIsAsked: B1 holds a number that Excel does not show as it is held, or not surely so: no such cell is a number that nobody is asked about.
// The workbooks that LibreOffice makes of them are read, too, where it is installed.
func TestWhatIsAsked(t *testing.T) {
	format := func(code string) *excelize.Style { return &excelize.Style{CustomNumFmt: &code} }
	value := func(v any) func(*excelize.File) error {
		return func(f *excelize.File) error { return f.SetCellValue("Sheet1", "B1", v) }
	}
	rule := func(look *excelize.Style, o excelize.ConditionalFormatOptions) func(*excelize.File) error {
		return func(f *excelize.File) error {
			if look != nil {
				id, err := f.NewConditionalStyle(look)
				if err != nil {
					return err
				}
				o.Format = &id
			}
			return errors.Join(f.SetCellValue("Sheet1", "B1", 444), f.SetConditionalFormat("Sheet1", "B1:B2", []excelize.ConditionalFormatOptions{o}))
		}
	}
	above := func(v string) excelize.ConditionalFormatOptions {
		return excelize.ConditionalFormatOptions{Type: "cell", Criteria: ">", Value: v}
	}
	shape := func(f *excelize.File) error {
		return errors.Join(f.SetCellValue("Sheet1", "B1", 444), f.AddShape("Sheet1", &excelize.Shape{Cell: "B1", Type: "rect", Width: 60, Height: 15, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"000000"}}}))
	}
	books := map[string]book{}
	strike, yes := &excelize.Style{Font: &excelize.Font{Strike: true}}, true
	for i, c := range []struct {
		reason string
		set    func(*excelize.File) error
		style  *excelize.Style
		asked  bool
		alone  bool // LibreOffice writes no such thing
	}{
		{"a number", value(444), nil, false, false},
		{"a rule that strikes out", rule(strike, above("100")), nil, true, false},
		{"a rule that strikes out others", rule(strike, above("1000")), nil, false, false},
		{"a rule that prints white", rule(&excelize.Style{Font: &excelize.Font{Color: "FFFFFF"}}, above("100")), nil, true, false},
		{"a rule that prints yellow", rule(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFFF00"}}}, above("100")), nil, false, false},
		{"a rule that makes the ground black", rule(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"000000"}}}, above("100")), nil, true, false},
		{"a rule that nobody computes", rule(strike, excelize.ConditionalFormatOptions{Type: "formula", Criteria: "$B$1>1"}), nil, true, false},
		{"bars in place of numbers", rule(nil, excelize.ConditionalFormatOptions{Type: "data_bar", Criteria: "=", MinType: "min", MaxType: "max", BarColor: "#638EC6", BarOnly: true}), nil, true, true},
		{"icons in place of numbers", rule(nil, excelize.ConditionalFormatOptions{Type: "icon_set", IconStyle: "3Arrows", IconsOnly: true}), nil, true, true},
		{"a shape over it", shape, nil, true, false},
		{"a format that prints white", value(444), format("[White]0"), true, false},
		{"a format with a color of the palette", value(444), format("[Color2]0"), true, true},
		{"a format that prints red", value(444), format("[Red]0"), false, false},
		{"a format with digits of its own", value(444), format(`"12"0`), true, false},
		{"a format that parts the digits", value(444), format("0 0"), true, false},
		{"a format that fills the cell", value(444), format("*-0"), true, false},
		{"a format that leaves out thousands", value(444), format("0,"), true, false},
		{"a format of months", value(444), format("m"), true, false},
		{"a date of the country", value(444), &excelize.Style{NumFmt: 31}, true, true},
		{"more digits than are shown", value(123456789012), nil, true, false},
		{"a column too narrow", func(f *excelize.File) error {
			return errors.Join(f.SetCellValue("Sheet1", "B1", 444444), f.SetColWidth("Sheet1", "B", "B", 3))
		}, nil, true, false},
		{"a column too narrow for its decimals", func(f *excelize.File) error {
			return errors.Join(f.SetCellValue("Sheet1", "B1", 4.123456), f.SetColWidth("Sheet1", "B", "B", 3))
		}, nil, false, false},
		{"a row too low", func(f *excelize.File) error {
			return errors.Join(f.SetCellValue("Sheet1", "B1", 444), f.SetRowHeight("Sheet1", 1, 2))
		}, nil, true, false},
		{"a row that cuts print", func(f *excelize.File) error {
			return errors.Join(f.SetCellValue("Sheet1", "B1", 444), f.SetRowHeight("Sheet1", 1, 5))
		}, nil, true, false},
		{"a low row that is merged with a high one", func(f *excelize.File) error {
			return errors.Join(f.SetCellValue("Sheet1", "B1", 444), f.SetRowHeight("Sheet1", 1, 2), f.MergeCell("Sheet1", "B1", "B2"), f.MergeCell("Sheet1", "A1", "A2"), f.MergeCell("Sheet1", "C1", "C2"),
				f.SetSheetRow("Sheet1", "A3", &[]any{"丙", 1, 2}))
		}, nil, false, false},
		{"General in other letters", value(444), format("GENERAL"), false, true},
		{"a line from corner to corner", value(444), &excelize.Style{Border: []excelize.Border{{Type: "diagonalUp", Style: 1, Color: "000000"}}}, true, false},
		{"a text that fills the cell", value(4), &excelize.Style{Alignment: &excelize.Alignment{Horizontal: "fill"}}, true, false},
		{"print of one point", value(444), &excelize.Style{Font: &excelize.Font{Size: 1}}, true, false},
		{"smaller digits behind it", func(f *excelize.File) error {
			return f.SetCellRichText("Sheet1", "B1", []excelize.RichTextRun{{Text: "444", Font: &excelize.Font{Size: 16}}, {Text: "1", Font: &excelize.Font{Size: 8}}})
		}, nil, true, false},
		{"black without a name on black", value(444), &excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"000000"}}}, true, true},
		{"the day on which it is opened", func(f *excelize.File) error {
			return errors.Join(f.SetCellValue("Sheet1", "B1", 444), f.SetCellFormula("Sheet1", "B1", "DAY(TODAY())"))
		}, nil, true, false},
		{"formulas in place of results", func(f *excelize.File) error {
			return errors.Join(f.SetCellFormula("Sheet1", "B1", "400+44"), f.SetSheetView("Sheet1", 0, &excelize.ViewOptions{ShowFormulas: &yes}))
		}, nil, true, true},
	} {
		t.Run(c.reason, func(t *testing.T) {
			data := smallTable(t, c.set, c.style)
			asked(t, data, c.asked)
			books[fmt.Sprintf("%02d.xlsx", i)] = book{c.reason, data, c.asked}
			if c.alone {
				delete(books, fmt.Sprintf("%02d.xlsx", i))
			}
		})
	}
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		return
	}
	dir := t.TempDir()
	profile := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir, "profile"))}
	args := []string{"-env:UserInstallation=" + profile.String(), "--headless", "--norestore", "--convert-to", "xls:MS Excel 97", "--outdir", dir}
	for name, b := range books {
		if err := os.WriteFile(filepath.Join(dir, name), b.data, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, filepath.Join(dir, name))
	}
	if said, err := exec.CommandContext(t.Context(), soffice, args...).CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, said)
	}
	for name, b := range books {
		t.Run(b.reason+", XLS", func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(dir, name[:len(name)-len("x")]))
			if err != nil {
				t.Fatal(err)
			}
			asked(t, data, b.asked)
		})
	}
}

// book is a workbook, and whether a person is to be asked about B1.
type book struct {
	reason string
	data   []byte
	asked  bool
}

// asked wants B1 of a workbook to be named, or not.
func asked(t *testing.T, data []byte, want bool) {
	t.Helper()
	d, _, err := sheet.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	c := d.Pages[0].Blocks[0].Table.Cells[1]
	number := c.Text != "" && !c.Lost && !c.Struck && c.Text[0] >= '0' && c.Text[0] <= '9' && !bytes.ContainsAny([]byte(c.Text), "E-/年月")
	if blank := c.Text == "" && !c.Lost && (c.Reading == nil || !c.Reading.Ink); (number || blank) == want {
		t.Errorf("%q, lost %v, struck %v", c.Text, c.Lost, c.Struck)
	}
}
