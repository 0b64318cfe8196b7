package export_test

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/out/export"
	"github.com/nianbao/nianbao/report"
)

const (
	received = "/tables/requests/received/total"
	fees     = "/tables/proactive_disclosure/fees/amount_wan_yuan"
	issued   = "/tables/proactive_disclosure/rules/issued"
	in       = "/tables/requests/carried_in/total"
	out      = "/tables/requests/carried_out/total"
)

// sample makes a report with all of a form's fields; values are given by path, others are null.
func sample(t *testing.T, issuer string, year int, values map[string]string) *report.Report {
	t.Helper()
	r := &report.Report{
		Schema: report.Schema, Form: "2021", Forms: map[string]string{}, Meta: report.Meta{Title: issuer + "年报", Issuer: issuer, Year: &year},
		Source: report.Source{Name: fmt.Sprintf("%d.pdf", year), SHA256: strings.Repeat("0", 64)},
	}
	for _, tab := range form.Official().Get("2021").Tables {
		r.Forms[tab.Key] = "2021"
		for _, f := range tab.Fields() {
			v, raw := report.Value{}, values[f.Path]
			if n, err := report.ParseNumber(raw); err == nil {
				v.Number = &n
			}
			r.Tables.Set(f.Path, v)
			r.Cells = append(r.Cells, report.Cell{Path: f.Path, Raw: raw, Mark: report.MarkNumber, Verdict: report.Read, Confidence: 1, Origin: "text"})
		}
	}
	return r
}

func open(t *testing.T) *export.Set {
	t.Helper()
	later := sample(t, "甲 局", 2024, map[string]string{received: "12", fees: "96171.6000", issued: "-2", in: "5"})
	later.Cell(received).Raw = "=HYPERLINK(\"http://x\")"
	later.Cell(in).Raw = "—"
	later.Review = []report.Review{{Path: received, Reason: report.PrintedInconsistency, Detail: "12 ≠ 13"}}
	left, right := report.Int(12), report.Int(13)
	later.Checks = []report.Check{{Rule: "T3.row", Scope: "received", Severity: "error", Status: report.Fail, Relation: "=", Left: &left, Right: &right, Cells: []string{received}}}
	earlier := sample(t, "甲局", 2023, map[string]string{out: "4", received: "123456789012345678901234"})
	dir := t.TempDir()
	var files []export.File
	for name, r := range map[string]*report.Report{"b.json": later, "a.json": earlier} {
		var b bytes.Buffer
		if err := report.Encode(&b, r, true); err != nil {
			t.Fatal(err)
		}
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, export.File{Path: p, Name: name})
	}
	set, err := export.Open(files, form.Set{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestCSV(t *testing.T) {
	set := open(t)
	var b bytes.Buffer
	if err := set.CSV(&b, export.LongForm, export.CSVOptions{BOM: true, Labels: true}); err != nil {
		t.Fatal(err)
	}
	text, ok := strings.CutPrefix(b.String(), "\ufeff")
	if !ok {
		t.Error("no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 1+2*200 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if rows[0][0] != "单位" || rows[1][1] != "2023" || rows[201][1] != "2024" {
		t.Errorf("heading %v, years %s and %s: the order is wrong", rows[0], rows[1][1], rows[201][1])
	}
	want := map[string]string{ // path → value, raw, labels
		received: "12 '=HYPERLINK(\"http://x\") 一、本年新收政府信息公开申请数量 总计 printed_inconsistency",
		fees:     "96171.6000 96171.6000 第二十条第（八）项 / 行政事业性收费 本年收费金额（单位：万元） ",
		issued:   "-2 -2 第二十条第（一）项 / 规章 本年制发件数 ",
		in:       "5 — 二、上年结转政府信息公开申请数量 总计 ",
	}
	for _, r := range rows[201:] {
		if w, ok := want[r[10]]; ok {
			delete(want, r[10])
			if got := strings.Join([]string{r[11], r[13], r[7], r[8], r[18]}, " "); got != w {
				t.Errorf("%s: got %q, want %q", r[10], got, w)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("not there: %v", want)
	}
}

// TestLeftOut: a result that somebody broke is named and left out, whether its numbers cannot be read or what is beside them.
func TestLeftOut(t *testing.T) {
	dir := t.TempDir()
	var files []export.File
	for name, text := range map[string]string{
		"sound.json":    `{"schema":"annual-report/1","tables":{"local":[{"label":"a","value":1}]}}`,
		"cut.json":      `{"schema":"annual-report/1","tables":{"local":[{`,
		"evidence.json": `{"schema":"annual-report/1","tables":{"local":[{"label":"b","value":2}]},"checks":"none"}`,
	} {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, export.File{Path: p, Name: name})
	}
	bad := map[string]bool{}
	set, err := export.Open(files, form.Set{}, func(f export.File, err error) { bad[f.Name] = true })
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := set.CSV(&b, export.LongForm, export.CSVOptions{}); err != nil {
		t.Fatal(err)
	}
	if !bad["cut.json"] || !bad["evidence.json"] || bad["sound.json"] {
		t.Errorf("left out: %v", bad)
	}
	if out := b.String(); !strings.Contains(out, "sound.json") || strings.Contains(out, "evidence.json") {
		t.Errorf("written:\n%s", out)
	}
}

func TestFormulasAreDefused(t *testing.T) {
	for _, tt := range []struct{ raw, want string }{
		{"=1+1", "'=1+1"}, {"+cmd", "'+cmd"}, {"@SUM(A1)", "'@SUM(A1)"}, {"\t=1", "'\t=1"}, {"-2+3", "'-2+3"}, {"＝1", "'＝1"},
		{"-2", "-2"}, {"+173", "+173"}, {"-", "-"}, {"--", "--"}, {"12", "12"}, {"无", "无"},
	} {
		r := sample(t, "甲", 2023, nil)
		r.Cell(received).Raw = tt.raw
		var j, b bytes.Buffer
		if err := report.Encode(&j, r, false); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), "a.json")
		if err := os.WriteFile(name, j.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		set, err := export.Open([]export.File{{Path: name, Name: "a"}}, form.Set{}, nil)
		if err == nil {
			err = set.CSV(&b, export.LongForm, export.CSVOptions{})
		}
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if row[10] == received && row[13] != tt.want {
				t.Errorf("%q: got %q, want %q", tt.raw, row[13], tt.want)
			}
		}
	}
}

func TestJSONLinesAreExact(t *testing.T) {
	set := open(t)
	for _, shape := range []export.Shape{export.LongForm, export.WideForm} {
		var b bytes.Buffer
		if err := set.JSONL(&b, shape); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		for _, number := range []string{"123456789012345678901234", "96171.6000"} {
			if !strings.Contains(text, ":"+number+",") && !strings.Contains(text, ":"+number+"}") {
				t.Errorf("%s: %s is not there as it is", shape, number)
			}
		}
		for line := range strings.Lines(text) {
			if !json.Valid([]byte(line)) {
				t.Errorf("%s: %s", shape, line)
			}
		}
	}
}

func TestSQLite(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.db")
	if err := open(t).SQLite(name); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", name)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for query, want := range map[string]string{
		"SELECT count(*) FROM cells":   "400",
		"SELECT count(*) FROM reports": "2",
		"SELECT value || ' ' || typeof(value) || ' ' || value_text FROM cells WHERE year = 2024 AND path = '" + fees + "'":     "96171.6 real 96171.6000",
		"SELECT value || ' ' || typeof(value) || ' ' || value_text FROM cells WHERE year = 2024 AND path = '" + received + "'": "12 integer 12",
		"SELECT value_text FROM cells WHERE year = 2023 AND path = '" + received + "'":                                         "123456789012345678901234",
		"SELECT typeof(value) FROM cells WHERE year = 2024 AND path = '" + out + "'":                                           "null",
		`SELECT "requests.received.total" FROM reports WHERE year = 2024`:                                                      "12",
		`SELECT rule || ' ' || "left" || ' ' || "right" FROM checks`:                                                           "T3.row 12 13",
		`SELECT reason || ' ' || detail FROM reviews`:                                                                          "printed_inconsistency 12 ≠ 13",
		`SELECT rule || ' ' || "left" || ' ' || "right" || ' ' || years FROM series`:                                           "X.carry 5 4 2023-2024",
		`SELECT across_years FROM reports WHERE year = 2023`:                                                                   "1",
	} {
		var got string
		if err := db.QueryRow(query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", query, got, err, want)
		}
	}
}

func TestParquet(t *testing.T) {
	var b bytes.Buffer
	if err := open(t).Parquet(&b, export.LongForm); err != nil {
		t.Fatal(err)
	}
	type row struct {
		Issuer    string   `parquet:"issuer"`
		Year      *int64   `parquet:"year"`
		Path      string   `parquet:"path"`
		Value     *float64 `parquet:"value"`
		ValueText *string  `parquet:"value_text"`
	}
	rows, err := parquet.Read[row](bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil || len(rows) != 400 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, r := range rows {
		switch {
		case *r.Year == 2024 && r.Path == fees && (r.Value == nil || *r.Value != 96171.6 || *r.ValueText != "96171.6000"),
			*r.Year == 2024 && r.Path == out && r.Value != nil,
			r.Path == issued && *r.Year == 2024 && *r.Value != -2:
			t.Errorf("%+v", r)
		}
	}
}

func TestWorkbook(t *testing.T) {
	var b bytes.Buffer
	if err := open(t).XLSX(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := strings.Join(f.GetSheetList(), " "); got != "汇总 明细 待核对 勾稽不符 跨年核对" {
		t.Errorf("sheets %s", got)
	}
	for _, sheet := range f.GetSheetList() {
		if p, err := f.GetPanes(sheet); err != nil || !p.Freeze || p.YSplit < 1 {
			t.Errorf("%s: the heading moves: %+v, %v", sheet, p, err)
		}
	}
	rows, err := f.GetRows("汇总")
	if err != nil || len(rows) != 5 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	found := false
	for i := range rows[0] {
		if i >= len(rows[1]) || rows[1][i] != "一、本年新收政府信息公开申请数量" || rows[2][i] != "总计" {
			continue
		}
		found = true
		cell, _ := excelize.CoordinatesToCellName(i+1, 5)
		value, _ := f.GetCellValue("汇总", cell)
		ok, to, _ := f.GetCellHyperLink("汇总", cell)
		style, _ := f.GetCellStyle("汇总", cell)
		st, err := f.GetStyle(style)
		if err != nil || value != "12" || !ok || to != "'待核对'!A2" || st.Fill.Color[0] != "F8B4B4" {
			t.Errorf("%s = %s leads to %q with %+v, %v", cell, value, to, st.Fill, err)
		}
	}
	if !found {
		t.Error("no column for 本年新收 / 总计")
	}
	for cell, want := range map[string]string{"C2": "原文勾稽不符", "E2": "一、本年新收政府信息公开申请数量 × 总计", "F2": "12", "G2": "", "I2": "=HYPERLINK(\"http://x\")", "K2": "12 ≠ 13", "O2": "/tables/requests/received/total"} {
		got, err := f.GetCellValue("待核对", cell)
		formula, _ := f.GetCellFormula("待核对", cell)
		if err != nil || got != want || formula != "" {
			t.Errorf("待核对 %s: %q (formula %q), want %q", cell, got, formula, want)
		}
	}
	if ok, to, _ := f.GetCellHyperLink("待核对", "E2"); !ok || !strings.HasPrefix(to, "'明细'!A") {
		t.Errorf("the review leads to %q", to)
	}
	long, err := f.GetRows("明细")
	if err != nil || len(long) != 401 {
		t.Errorf("明细: %d rows, %v", len(long), err)
	}
	// People read the workbook: its codes are words.
	for i, head := range long[0] {
		if !slices.Contains([]string{"格式", "标记", "结论", "来源方式"}, head) {
			continue
		}
		for _, row := range long[1:] {
			if i < len(row) && row[i] != "" && strings.IndexFunc(row[i], func(r rune) bool { return r > 0x2e80 }) < 0 {
				t.Fatalf("明细 %s: %q", head, row[i])
			}
		}
	}
}

func TestOnlyReports(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.json")
	if err := os.WriteFile(name, []byte(`{"schema":"other"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := export.Open([]export.File{{Path: name, Name: "a"}}, form.Set{}, nil); err == nil || !strings.Contains(err.Error(), "is it a report?") {
		t.Errorf("got %v", err)
	}
}
