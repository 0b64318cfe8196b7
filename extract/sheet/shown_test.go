package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/extract/sheet"
	"github.com/nianbao/nianbao/layout/diag"
)

// smallTable is a workbook of two rows of three cells, in which B1 is set and has a style, unless that is nil.
func smallTable(t *testing.T, set func(*excelize.File) error, style *excelize.Style) []byte {
	t.Helper()
	f := excelize.NewFile()
	if err := errors.Join(f.SetSheetRow("Sheet1", "A1", &[]any{"甲", nil, 3}), f.SetSheetRow("Sheet1", "A2", &[]any{"乙", 1, 2}), set(f)); err != nil {
		t.Fatal(err)
	}
	if style != nil {
		id, err := f.NewStyle(style)
		if err := errors.Join(err, f.SetCellStyle("Sheet1", "B1", "B1", id)); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestShown reads B1 of a small table as Excel displays it.
func TestShown(t *testing.T) {
	format := func(code string) *excelize.Style { return &excelize.Style{CustomNumFmt: &code} }
	struck, raised := &excelize.Font{Strike: true}, &excelize.Font{VertAlign: "superscript"}
	rich := func(runs ...excelize.RichTextRun) func(*excelize.File) error {
		return func(f *excelize.File) error { return f.SetCellRichText("Sheet1", "B1", runs) }
	}
	value := func(v any) func(*excelize.File) error {
		return func(f *excelize.File) error { return f.SetCellValue("Sheet1", "B1", v) }
	}
	formula := func(s string) func(*excelize.File) error {
		return func(f *excelize.File) error { return f.SetCellFormula("Sheet1", "B1", s) }
	}
	fill := func(color string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	no := false
	for _, c := range []struct {
		reason string
		set    func(*excelize.File) error
		style  *excelize.Style
		want   string
		lost   bool
	}{
		{"a raised run", rich(excelize.RichTextRun{Text: "444"}, excelize.RichTextRun{Text: "1", Font: raised}), nil, "444¹", false},
		{"a lowered run", rich(excelize.RichTextRun{Text: "444"}, excelize.RichTextRun{Text: "1", Font: &excelize.Font{VertAlign: "subscript"}}), nil, "444₁", false},
		{"a struck run", rich(excelize.RichTextRun{Text: "12", Font: struck}, excelize.RichTextRun{Text: "13"}), nil, "13", false},
		{"all runs struck", rich(excelize.RichTextRun{Text: "12", Font: struck}), nil, "", true},
		{"a struck number", value(12), &excelize.Style{Font: struck}, "", true},
		{"a struck text", value("12"), &excelize.Style{Font: struck}, "", true},
		{"a blank cell in a struck font", value(nil), &excelize.Style{Font: struck}, "", false},
		{"a formula without its value", formula("400+44"), nil, "444", false},
		{"such a formula in a format", formula("1.005"), format("0.00"), "1.01", false},
		{"a formula that nobody can compute", formula("NOSUCH(1)"), nil, "", true},
		{"a zero section that shows nothing", value(0), format("0;-0;;@"), "", false},
		{"a dash for zero", value(0), format(`_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ `), "-", false},
		{"a number that its format hides", value(444), format(";;;"), "", true},
		{"a text that its format hides", value("444"), format("0;-0;0;"), "", true},
		{"a zero that its format hides", value(0), format(";;;"), "", false},
		{"black on black", value(444), &excelize.Style{Font: &excelize.Font{Color: "000000"}, Fill: fill("000000")}, "", true},
		{"almost white", value(444), &excelize.Style{Font: &excelize.Font{Color: "FDFDFD"}}, "", true},
		{"white on black", value(444), &excelize.Style{Font: &excelize.Font{Color: "FFFFFF"}, Fill: fill("000000")}, "444", false},
		{"white on what nobody knows", value(444), &excelize.Style{Font: &excelize.Font{Color: "FFFFFF"}, Fill: excelize.Fill{Type: "pattern", Pattern: 4, Color: []string{"000000"}}}, "444", false},
		{"a condition", value(44), format(`[>100]0;"—"`), "—", false},
		{"half away from zero", value(1.005), format("0.00"), "1.01", false},
		{"zeros that the view does not show", func(f *excelize.File) error {
			return errors.Join(f.SetCellValue("Sheet1", "B1", 0), f.SetSheetView("Sheet1", 0, &excelize.ViewOptions{ShowZeros: &no}))
		}, nil, "", false},
	} {
		t.Run(c.reason, func(t *testing.T) {
			d, _, err := sheet.Read(smallTable(t, c.set, c.style))
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Pages[0].Blocks[0].Table.Cells[1]; got.Text != c.want || got.Lost != c.lost {
				t.Errorf("got %q, lost %v; want %q, %v", got.Text, got.Lost, c.want, c.lost)
			}
		})
	}
}

// TestChartSheet: a sheet that is a chart is passed by.
func TestChartSheet(t *testing.T) {
	f := excelize.NewFile()
	var b bytes.Buffer
	if err := errors.Join(f.SetSheetRow("Sheet1", "A1", &[]any{"甲", 1}), f.SetSheetRow("Sheet1", "A2", &[]any{"乙", 2}),
		f.AddChartSheet("Chart1", &excelize.Chart{Type: excelize.Col, Series: []excelize.ChartSeries{{Values: "Sheet1!$B$1:$B$2"}}}), f.Write(&b)); err != nil {
		t.Fatal(err)
	}
	d, _, err := sheet.Read(b.Bytes())
	if err != nil || len(d.Pages[0].Blocks) != 1 || d.Pages[0].Blocks[0].Table.At(1, 1).Text != "2" {
		t.Errorf("%v, %v", d, err)
	}
}

// TestWithoutHeight: a row without height is not seen.
func TestWithoutHeight(t *testing.T) {
	f := excelize.NewFile()
	var b bytes.Buffer
	if err := errors.Join(f.SetSheetRow("Sheet1", "A1", &[]any{"甲", 1, 2}), f.SetSheetRow("Sheet1", "A2", &[]any{"乙", 3, 4}), f.SetSheetRow("Sheet1", "A3", &[]any{"丙", 5, 6}),
		f.SetRowHeight("Sheet1", 2, 0), f.Write(&b)); err != nil {
		t.Fatal(err)
	}
	d, _, err := sheet.Read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range d.Pages[0].Blocks[0].Table.Cells {
		got = append(got, c.Text)
	}
	if want := "甲 1 2 丙 5 6"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestHiddenAtTheEnd: a value that its format hides is one at the end of a row, too.
func TestHiddenAtTheEnd(t *testing.T) {
	f := excelize.NewFile()
	hides := ";;;"
	id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &hides})
	var b bytes.Buffer
	if err := errors.Join(err, f.SetSheetRow("Sheet1", "A1", &[]any{"甲", 1, 2}), f.SetSheetRow("Sheet1", "A2", &[]any{"乙", 3, 4}), f.SetCellStyle("Sheet1", "C1", "C1", id), f.Write(&b)); err != nil {
		t.Fatal(err)
	}
	d, _, err := sheet.Read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if c := d.Pages[0].Blocks[0].Table.At(0, 2); c == nil || !c.Lost || c.Text != "" {
		t.Errorf("got %+v", c)
	}
}

// TestPartNames renames or drops the part of the sheet.
func TestPartNames(t *testing.T) {
	whole := workbook(t, [][]any{{"甲", 1}, {"乙", 2}}, "")
	for _, c := range []struct {
		name string // of the sheet's part, "" for none
		want error
	}{{"xl/worksheets/Sheet1.XML", nil}, {"XL/Worksheets/sheet1.xml", nil}, {"", diag.ErrDamaged}} {
		r, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, part := range r.File {
			name := part.Name
			if name == "xl/worksheets/sheet1.xml" {
				if name = c.name; name == "" {
					continue
				}
			}
			in, err := part.Open()
			if err != nil {
				t.Fatal(err)
			}
			out, err := w.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(out, in); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		d, _, err := sheet.Read(b.Bytes())
		switch {
		case !errors.Is(err, c.want):
			t.Errorf("%q: error %v, want %v", c.name, err, c.want)
		case err != nil && !strings.Contains(err.Error(), "xl/worksheets/sheet1.xml"):
			t.Errorf("%q: the error does not name the part: %v", c.name, err)
		case err == nil && len(d.Pages[0].Blocks) != 1:
			t.Errorf("%q: %d blocks", c.name, len(d.Pages[0].Blocks))
		}
	}
}
