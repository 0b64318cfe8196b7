package manifest_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/internal/out/manifest"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/worker"
)

var list = &batch.Manifest{
	Lines: []batch.Line{
		{Input: "=1+1.pdf", Place: "/in/=1+1.pdf", Files: 1, Bytes: 5, SHA256: "ab", Fate: batch.FateComplete, Result: "json/a.json", ResultSHA256: "cd", Pages: 3, Numbers: 200, Review: 2},
		{Input: "b, \"c\"\n.doc", Place: "/in/b", Fate: batch.FateQuarantined, Reason: worker.Encrypted, Message: "the file needs a password", Result: "quarantine/b.reason.json"},
		{Input: "z.zip/甲", Place: "/in/z.zip", Inside: "甲", Files: 12, Fate: batch.FateDuplicate, DuplicateOf: "=1+1.pdf"},
	},
	Totals: map[batch.Fate]int{batch.FateComplete: 1, batch.FateQuarantined: 1, batch.FateDuplicate: 1}, Found: 3,
}

func TestCSV(t *testing.T) {
	for _, o := range []manifest.CSVOptions{{}, {BOM: true}, {Labels: true}} {
		var b bytes.Buffer
		if err := manifest.CSV(&b, list, o); err != nil {
			t.Fatal(err)
		}
		if got := strings.HasPrefix(b.String(), "\ufeff"); got != o.BOM {
			t.Errorf("%+v: byte order mark %v", o, got)
		}
		if !strings.Contains(b.String(), "'=1+1.pdf") || strings.Contains(b.String(), "有密码") != o.Labels {
			t.Errorf("%+v:\n%s", o, b.String())
		}
		lines, err := manifest.ReadCSV(&b)
		if err != nil {
			t.Fatal(err)
		}
		if !o.Labels && !slices.Equal(lines, list.Lines) {
			t.Errorf("got %+v", lines)
		}
	}
	for _, bad := range []string{"", "a,b\n1,2\n", "input,result,result_sha256,pages\na,b,c,x\n"} {
		if _, err := manifest.ReadCSV(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// TestNamesOfAnOldWindows: a place that is no UTF-8 leaves the list a text, and is found again.
func TestNamesOfAnOldWindows(t *testing.T) {
	for _, place := range []string{"/in/\xb1\xb1\xbe\xa9 %20#?.md", `C:\x41\北京.md`, "/in/a%20b.md", "s3://bucket/年/a.pdf"} {
		m := &batch.Manifest{Lines: []batch.Line{{Input: "北京.md", Place: place}}, Totals: map[batch.Fate]int{}}
		var list, lines bytes.Buffer
		if err := errors.Join(manifest.CSV(&list, m, manifest.CSVOptions{}), manifest.JSONL(&lines, m)); err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(list.Bytes()) || strings.Contains(lines.String(), "\ufffd") {
			t.Errorf("%q: %q %q", place, list.String(), lines.String())
		}
		if got, err := manifest.ReadCSV(&list); err != nil || got[0].Place != place {
			t.Errorf("%q: %+v, %v", place, got, err)
		}
	}
}

func TestXLSX(t *testing.T) {
	var b bytes.Buffer
	if err := manifest.XLSX(&b, list); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for cell, want := range map[string]string{"A1": "文件", "B2": "完整", "E3": "有密码", "D4": "=1+1.pdf", "K4": "12"} {
		if got, err := f.GetCellValue("移交清单", cell); err != nil || got != want {
			t.Errorf("%s: %q, want %q, %v", cell, got, want, err)
		}
	}
	if got, err := f.GetCellValue("合计", "B9"); err != nil || got != "3" {
		t.Errorf("total %q, %v", got, err)
	}
}

// TestLabels: every reason and every fate is said in Chinese.
func TestLabels(t *testing.T) {
	for _, f := range batch.Fates {
		if manifest.FateLabel(f) == string(f) {
			t.Errorf("%s has no label", f)
		}
	}
	for _, r := range worker.Reasons {
		if manifest.ReasonLabel(r) == string(r) {
			t.Errorf("%s has no label", r)
		}
	}
}
