package sheet_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/extract/flow/flowtest"
	"github.com/nianbao/nianbao/extract/sheet"
	"github.com/nianbao/nianbao/layout/diag"
)

// workbook makes a file of one sheet; border names the range that has borders.
func workbook(t testing.TB, rows [][]any, border string, merges ...[2]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, r := range rows {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		must(err)
		must(f.SetSheetRow("Sheet1", at, &r))
	}
	for _, m := range merges {
		must(f.MergeCell("Sheet1", m[0], m[1]))
	}
	if border != "" {
		style, err := f.NewStyle(&excelize.Style{Border: []excelize.Border{{Type: "left", Style: 1}, {Type: "top", Style: 1}}})
		must(err)
		from, to, _ := bytes.Cut([]byte(border), []byte(":"))
		must(f.SetCellStyle("Sheet1", string(from), string(to), style))
	}
	var b bytes.Buffer
	must(f.Write(&b))
	return b.Bytes()
}

func TestBlocks(t *testing.T) {
	for _, c := range []struct {
		reason string
		rows   [][]any
		border string
		merges [][2]string
		want   string
	}{
		{"borders tell the tables", [][]any{{"年度报告"}, {"二、主动公开"}, {"规章", 0}, {"文件", 12}, {"三、申请"}, {"文。"}}, "A3:B4", nil, "年度报告\n二、主动公开\n|0:规章|1:0|\n|0:文件|1:12|\n三、申请\n文。\n"},
		{"a blank cell with borders is a blank cell", [][]any{{"规章", nil, 3}}, "A1:C1", nil, "|0:规章|1:|2:3|\n"},
		{"a row of blanks with borders belongs to its table", [][]any{{"维持", "纠正"}, {nil, nil}}, "A1:B2", nil, "|0:维持|1:纠正|\n|0:|1:|\n"},
		{"a band inside a table", [][]any{{"第（一）项"}, {"规章", 0}, {"第（五）项"}, {"许可", 1}}, "A1:B4", [][2]string{{"A1", "B1"}, {"A3", "B3"}}, "|0:第（一）项{1,2}|\n|0:规章|1:0|\n|0:第（五）项{1,2}|\n|0:许可|1:1|\n"},
		{"a section between tables, with borders too", [][]any{{"规章", 0}, {"三、申请"}, {"许可", 1}}, "A1:B3", [][2]string{{"A2", "B2"}}, "|0:规章|1:0|\n三、申请\n|0:许可|1:1|\n"},
		{"blank rows part tables", [][]any{{"甲", 1}, {}, {"乙", 2}}, "", nil, "|0:甲|1:1|\n|0:乙|1:2|\n"},
		{"merged cells down and across", [][]any{{"头", nil, "总计"}, {nil, nil, 3}, {"甲", 1, 2}}, "A1:C3", [][2]string{{"A1", "B2"}}, "|0:头{2,2}|2:总计|\n|2:3|\n|0:甲|1:1|2:2|\n"},
		{"without borders a text before a table is a paragraph", [][]any{{"年度报告"}, {"内容", "数量"}, {"规章"}, {"文件", 2}}, "", nil, "年度报告\n|0:内容|1:数量|\n|0:规章|1:|\n|0:文件|1:2|\n"},
		{"a table that does not begin in the first column", [][]any{{nil, "甲", 1}, {nil, "乙", 2}}, "", nil, "|0:甲|1:1|\n|0:乙|1:2|\n"},
		{"lines of a cell", [][]any{{"商业\n企业", "总计"}, {1, 2}}, "", nil, "|0:商业⏎企业|1:总计|\n|0:1|1:2|\n"},
		{"nothing", nil, "", nil, ""},
	} {
		t.Run(c.reason, func(t *testing.T) {
			d, warnings, err := sheet.Read(workbook(t, c.rows, c.border, c.merges...))
			if err != nil || len(warnings) > 0 {
				t.Fatalf("error %v, warnings %v", err, warnings)
			}
			if got := flowtest.Show(d.Pages[0].Blocks); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
			if err := flowtest.CheckAll(d); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestForeign reads files that other programs wrote; testdata/README.md tells how.
func TestForeign(t *testing.T) {
	const want = `柳林区人民政府2023年政府信息公开工作年度报告
一、总体情况
全年主动公开政府信息503条。
二、收到和处理政府信息公开申请情况
|0:勾稽关系{2,2}|2:申请人情况{1,3}|
|2:自然人|3:商业⏎企业|4:总计|
|0:一、本年新收{1,2}|2:12|3:0|4:12|
|0:三、办理结果{2,1}|1:（一）予以公开|2:7|3:|4:7|
|1:（二）部分公开|2:5|3:/|4:5|
六、其他需要报告的事项
无。
|0:项目|1:金额（万元）|2:日期|
|0:收费|1:1,234.50|2:|
|0:罚没|1:0.00|2:|
`
	for _, c := range []struct {
		name string
		want string
		err  error
	}{
		{"openpyxl.xlsx", want, nil},
		{"libreoffice.xlsx", want, nil},
		{"libreoffice.xls", want, nil},
		{"xlwt.xls", "|0:项目|1:数量|2:金额|3:日期|4:结果|\n|0:收费|1:1,235|2:-12.50|3:2023-12-31|4:TRUE|\n|0:罚没|1:-|2:0.3|3:25.0%|4:3件|\n", nil},
		{"encrypted.xls", "", diag.ErrEncrypted},
	} {
		t.Run(c.name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", c.name))
			if err != nil {
				t.Fatal(err)
			}
			d, _, err := sheet.Read(data)
			if !errors.Is(err, c.err) {
				t.Fatalf("error %v, want %v", err, c.err)
			}
			if err != nil {
				return
			}
			if got := flowtest.Show(d.Pages[0].Blocks); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

// TestFarCells: a cell far out costs itself, and is told.
func TestFarCells(t *testing.T) {
	for _, at := range []string{"IW1", "XFD1", "A5001", "B9000"} {
		f := excelize.NewFile()
		for cell, v := range map[string]any{"A1": "甲", "B1": 1, "A2": "乙", "B2": 2, at: "slip"} {
			if err := f.SetCellValue("Sheet1", cell, v); err != nil {
				t.Fatal(err)
			}
		}
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		d, warnings, err := sheet.Read(b.Bytes())
		if err != nil || len(warnings) != 1 || warnings[0].Code != diag.Truncated {
			t.Fatalf("%s: %v, %v", at, warnings, err)
		}
		if got := flowtest.Show(d.Pages[0].Blocks); got != "|0:甲|1:1|\n|0:乙|1:2|\n" {
			t.Errorf("%s: got\n%s", at, got)
		}
	}
}

func TestErrors(t *testing.T) {
	whole := workbook(t, [][]any{{"甲", 1}}, "")
	xls, err := os.ReadFile(filepath.Join("testdata", "libreoffice.xls"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		reason string
		data   []byte
		want   error
	}{
		{"nothing", nil, diag.ErrEmpty},
		{"a cut file", whole[:len(whole)-30], diag.ErrDamaged},
		{"a cut XLS", xls[:2048], diag.ErrDamaged},
	} {
		t.Run(c.reason, func(t *testing.T) {
			if d, _, err := sheet.Read(c.data); !errors.Is(err, c.want) || d != nil {
				t.Errorf("document %v, error %v, want %v", d, err, c.want)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"libreoffice.xls", "xlwt.xls", "openpyxl.xlsx"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, _, err := sheet.Read(data)
		if (d == nil) == (err == nil) {
			t.Fatalf("document %v, error %v", d, err)
		}
		if d != nil {
			if err := flowtest.CheckAll(d); err != nil {
				t.Fatal(err)
			}
		}
	})
}
