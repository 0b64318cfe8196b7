// Package manifest writes the list that goes with a batch when it is handed over: every input that was found, and what
// became of it, as CSV, a workbook or JSON lines; and it reads the CSV back, to hold an output folder against it.
package manifest

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/wording"
	"github.com/nianbao/nianbao/worker"
)

// column is one of the list: its key, its heading in Chinese, and how a line has it.
type column struct {
	key, label string
	width      float64 // in a workbook, in characters
	value      func(l *batch.Line) any
	set        func(l *batch.Line, v string) error
}

func text(key, label string, width float64, of func(*batch.Line) *string) column {
	return column{
		key, label, width,
		func(l *batch.Line) any { return *of(l) },
		func(l *batch.Line, v string) error { *of(l) = v; return nil },
	}
}

// written is a path as a list has it: one whose bytes are no UTF-8, as those of names from an old Windows, as the URL that it is,
// without which the list would be no text and the file not found again.
func written(path string) string {
	if utf8.ValidString(path) {
		return path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// path is the opposite.
func path(written string) string {
	if u, err := url.Parse(written); err == nil && u.Scheme == "file" {
		return u.Path
	}
	return written
}

func number(key, label string, of func(*batch.Line) *int) column {
	return column{
		key, label, 10,
		func(l *batch.Line) any { return int64(*of(l)) },
		func(l *batch.Line, v string) (err error) { *of(l), err = strconv.Atoi(v); return err },
	}
}

var columns = []column{
	text("input", "文件", 48, func(l *batch.Line) *string { return &l.Input }),
	{"outcome", "结果类别", 12, func(l *batch.Line) any { return string(l.Fate) }, func(l *batch.Line, v string) error { l.Fate = batch.Fate(v); return nil }},
	text("result", "结果文件", 48, func(l *batch.Line) *string { return &l.Result }),
	text("duplicate_of", "与此文件内容相同", 32, func(l *batch.Line) *string { return &l.DuplicateOf }),
	{"reason", "无结果的原因", 18, func(l *batch.Line) any { return string(l.Reason) }, func(l *batch.Line, v string) error { l.Reason = worker.Reason(v); return nil }},
	text("message", "说明", 40, func(l *batch.Line) *string { return &l.Message }),
	number("pages", "页数", func(l *batch.Line) *int { return &l.Pages }),
	number("numbers", "数字", func(l *batch.Line) *int { return &l.Numbers }),
	number("review", "待核对", func(l *batch.Line) *int { return &l.Review }),
	number("failed_sums", "勾稽不符", func(l *batch.Line) *int { return &l.FailedSums }),
	number("files", "文件数", func(l *batch.Line) *int { return &l.Files }),
	{
		"bytes", "字节", 12, func(l *batch.Line) any { return l.Bytes },
		func(l *batch.Line, v string) (err error) { l.Bytes, err = strconv.ParseInt(v, 10, 64); return err },
	},
	text("sha256", "SHA-256", 66, func(l *batch.Line) *string { return &l.SHA256 }),
	text("result_sha256", "结果文件的 SHA-256", 66, func(l *batch.Line) *string { return &l.ResultSHA256 }),
	{
		"place", "所在位置", 60, func(l *batch.Line) any { return written(l.Place) },
		func(l *batch.Line, v string) error { l.Place = path(v); return nil },
	},
	text("inside", "压缩包内路径", 32, func(l *batch.Line) *string { return &l.Inside }),
	{
		"found", "本次找到", 10, func(l *batch.Line) any { return l.Found },
		func(l *batch.Line, v string) (err error) { l.Found, err = strconv.ParseBool(v); return err },
	},
}

var fateLabels = map[batch.Fate]string{
	batch.FateComplete: "完整", batch.FatePartial: "有缺漏", batch.FateNoNumbers: "无数字", batch.FateNotAReport: "不是年报",
	batch.FateQuarantined: "隔离（无结果）", batch.FateDuplicate: "内容重复", batch.FateWaiting: "尚未转换",
}

// FateLabel says in Chinese what became of an input.
func FateLabel(f batch.Fate) string {
	if l, ok := fateLabels[f]; ok {
		return l
	}
	return string(f)
}

var reasonLabels = map[worker.Reason]string{
	worker.Crashed: "转换程序崩溃", worker.Timeout: "超时", worker.OutOfMemory: "内存超限", worker.OutputTooLarge: "结果过大",
	worker.TooLarge: "文件过大", worker.Unsupported: "格式不支持", worker.Encrypted: "有密码", worker.Damaged: "文件损坏", worker.Empty: "空文件",
	worker.MissingProgram: "缺少所需程序", worker.Unreadable: "无法读取", worker.Changed: "读取时被改动", worker.NotAReport: "不是年报",
	worker.NoRoom: "磁盘已满", worker.Failed: "转换失败", batch.Symlink: "符号链接", batch.SpecialFile: "特殊文件",
	batch.NestedArchive: "压缩包中的压缩包", batch.Bomb: "压缩包超限",
}

// ReasonLabel says in Chinese why an input has no result.
func ReasonLabel(r worker.Reason) string {
	if l, ok := reasonLabels[r]; ok {
		return l
	}
	return string(r)
}

// CSVOptions are how a CSV file is written.
type CSVOptions struct {
	// BOM puts a byte order mark first, without which Excel takes UTF-8 for the system's encoding.
	BOM bool
	// Labels has headings, outcomes and reasons in Chinese.
	Labels bool
}

// CSV writes the list, a line for each input. A text that a spreadsheet would take for a formula gets an apostrophe
// before it.
func CSV(w io.Writer, m *batch.Manifest, o CSVOptions) error {
	if o.BOM {
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return err
		}
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	fields := make([]string, len(columns))
	for i, col := range columns {
		fields[i] = col.key
		if o.Labels {
			fields[i] = col.label
		}
	}
	if err := c.Write(fields); err != nil {
		return err
	}
	for i := range m.Lines {
		for k, col := range columns {
			v := col.value(&m.Lines[i])
			if o.Labels {
				v = labelled(col.key, v)
			}
			fields[k] = fmt.Sprint(v)
			if s, ok := v.(string); ok {
				fields[k] = harmless(s)
			}
		}
		if err := c.Write(fields); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// labelled is a value for people.
func labelled(key string, v any) any {
	switch x := v.(type) {
	case bool:
		return map[bool]string{true: "是", false: "否"}[x]
	case string:
		switch key {
		case "outcome":
			return FateLabel(batch.Fate(x))
		case "reason":
			return ReasonLabel(worker.Reason(x))
		case "message":
			return wording.In(wording.Chinese).Text(x)
		}
	}
	return v
}

// runs begin what a spreadsheet would run as a formula.
const runs = "=+-@\t\r\n＝＋－＠"

func harmless(s string) string {
	if s != "" && strings.ContainsRune(runs, []rune(s)[0]) {
		return "'" + s
	}
	return s
}

// JSONL writes one JSON object a line.
func JSONL(w io.Writer, m *batch.Manifest) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for i := range m.Lines {
		l := m.Lines[i]
		l.Place = written(l.Place)
		if err := e.Encode(&l); err != nil {
			return err
		}
	}
	return nil
}

// XLSX writes a workbook: the list, and a sheet with the totals.
func XLSX(w io.Writer, m *batch.Manifest) error {
	f := excelize.NewFile()
	err := errors.Join(fill(f, m))
	if err == nil {
		err = f.Write(w)
	}
	return errors.Join(err, f.Close())
}

func fill(f *excelize.File, m *batch.Manifest) error {
	const list, totals = "移交清单", "合计"
	if err := f.SetSheetName("Sheet1", list); err != nil {
		return err
	}
	if _, err := f.NewSheet(totals); err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DCE6F1"}}})
	if err != nil {
		return err
	}
	s, err := f.NewStreamWriter(list)
	if err != nil {
		return err
	}
	for i, col := range columns {
		if err := s.SetColWidth(i+1, i+1, col.width); err != nil {
			return err
		}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	values := make([]any, len(columns))
	for i, col := range columns {
		values[i] = excelize.Cell{StyleID: bold, Value: col.label}
	}
	for n := -1; n < len(m.Lines); n++ {
		for k, col := range columns {
			if n >= 0 {
				values[k] = labelled(col.key, col.value(&m.Lines[n]))
			}
		}
		if err := s.SetRow("A"+strconv.Itoa(n+2), values); err != nil {
			return err
		}
	}
	return errors.Join(s.Flush(), sum(f, totals, m))
}

func sum(f *excelize.File, sheet string, m *batch.Manifest) error {
	rows := [][]any{{"结果类别", "文件"}}
	for _, x := range batch.Fates {
		rows = append(rows, []any{FateLabel(x), m.Totals[x]})
	}
	rows = append(rows, []any{"找到的文件合计", m.Found}, []any{"以前找到、本次未找到", m.Gone})
	for i, r := range rows {
		if err := f.SetSheetRow(sheet, "A"+strconv.Itoa(i+1), &r); err != nil {
			return err
		}
	}
	return f.SetColWidth(sheet, "A", "A", 24)
}

// ReadCSV reads a list that CSV has written, with either headings. Columns that are not known are left.
func ReadCSV(r io.Reader) ([]batch.Line, error) {
	c := csv.NewReader(r)
	head, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("no list: %w", err)
	}
	head[0] = strings.TrimPrefix(head[0], "\ufeff")
	at := make([]*column, len(head))
	known := map[string]bool{}
	for i, h := range head {
		for k := range columns {
			if h == columns[k].key || h == columns[k].label {
				at[i] = &columns[k]
				known[columns[k].key] = true
			}
		}
	}
	for _, need := range []string{"input", "result", "result_sha256"} {
		if !known[need] {
			return nil, fmt.Errorf("no list of a batch: the column %s is missing", need)
		}
	}
	var out []batch.Line
	for n := 2; ; n++ {
		fields, err := c.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		l := batch.Line{Found: true} // unless the list says otherwise
		for i, v := range fields {
			if at[i] == nil {
				continue
			}
			if at[i].key == "found" {
				l.Found = !slices.Contains([]string{"false", "否"}, strings.ToLower(v)) // programs that make tables write FALSE
				continue
			}
			if len(v) > 1 && v[0] == '\'' && strings.ContainsRune(runs, []rune(v[1:])[0]) {
				v = v[1:]
			}
			if err := at[i].set(&l, v); err != nil {
				return nil, fmt.Errorf("line %d, %s: %q is no number", n, at[i].key, v)
			}
		}
		out = append(out, l)
	}
}
