package digest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/out/digest"
	"github.com/nianbao/nianbao/internal/out/export"
	"github.com/nianbao/nianbao/report"
)

// sample is a 2021 report in which 10 + 1 is not 0, and one number is in review.
func sample(year int, issuer string) *report.Report {
	r := &report.Report{Schema: report.Schema, Form: "2021", Forms: map[string]string{}, Meta: report.Meta{Issuer: issuer, Year: &year}, Source: report.Source{Name: "<b>.pdf"}}
	for _, tab := range form.Official().Get("2021").Tables {
		r.Forms[tab.Key] = "2021"
		for _, f := range tab.Fields() {
			n := report.Int(0)
			switch {
			case strings.HasSuffix(f.Path, "/review/upheld"):
				n = report.Int(10)
			case strings.HasSuffix(f.Path, "/review/corrected"):
				n = report.Int(1)
			case strings.HasSuffix(f.Path, "carried_out/total"):
				n = report.Int(int64(year))
			}
			r.Tables.Set(f.Path, report.Value{Number: &n})
			r.Cells = append(r.Cells, report.Cell{Path: f.Path, Verdict: report.Supported, Confidence: 0.99})
		}
	}
	left, right := report.Int(11), report.Int(0)
	var cells []string
	for _, c := range []string{"upheld", "corrected", "other_result", "pending", "total"} {
		cells = append(cells, "/tables/review_and_litigation/review/"+c)
	}
	r.Checks = []report.Check{{Rule: "T4.sum", Scope: "review", Severity: "error", Status: report.Fail, Relation: "=", Left: &left, Right: &right, Cells: cells}}
	r.Review = []report.Review{{Path: cells[4], Reason: report.PrintedInconsistency}}
	return r
}

func page(t *testing.T, failures []digest.Failure, reports ...*report.Report) string {
	t.Helper()
	dir := t.TempDir()
	var files []export.File
	for i, r := range reports {
		var b bytes.Buffer
		if err := report.Encode(&b, r, false); err != nil {
			t.Fatal(err)
		}
		name := string(rune('a'+i)) + ".json"
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, export.File{Path: filepath.Join(dir, name), Name: name})
	}
	set, err := export.Open(files, form.Set{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := digest.Write(&b, set, failures, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// words is the text of a page without its markup.
func words(t *testing.T, page string) string {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(page))
	var b strings.Builder
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(strings.Fields(b.String()), " ")
		case html.TextToken:
			b.Write(z.Text())
			b.WriteByte(' ')
		}
	}
}

func TestWhatThePageSays(t *testing.T) {
	p := page(t, []digest.Failure{{Input: "坏/<script>.pdf", Reason: "timeout", Message: "not done within 2m0s"}}, sample(2023, "洪泽区人民政府"), sample(2024, "洪泽区人民政府"))
	text := html.UnescapeString(words(t, p))
	for _, want := range []string{
		"2 份报告，1 个单位，2023–2024 年",
		"维持 + 纠正 + 其他 + 未结 = 总计 行政复议 结果维持 10 + 结果纠正 1 11 ≠ 0 总计 0", // the equation and both sides
		"原文勾稽不符", "2024年 二、上年结转政府信息公开申请数量 × 总计 0 ≠ 2023年 四、结转下年度继续办理 × 总计 2023", "坏/<script>.pdf 超时 未能在 2m0s 内完成",
	} {
		if !strings.Contains(text, strings.TrimSpace(want)) {
			t.Errorf("%q is not on the page:\n%s", want, text)
		}
	}
}

// TestOnlyCompleteReportsNeedNobody: an empty review of a report without numbers is no good sign.
func TestOnlyCompleteReportsNeedNobody(t *testing.T) {
	sound := func(o report.Outcome) *report.Report {
		r := sample(2023, "甲局")
		r.Outcome, r.Checks, r.Review = o, nil, nil
		return r
	}
	text := words(t, page(t, nil, sound(report.Complete), sound(report.Partial), sound(report.NoNumbers), sound("")))
	for _, want := range []string{"1 完整（25.0 %），其中 1 份无需核对", "2 有缺漏", "1 未取得数字"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the page:\n%s", want, text)
		}
	}
}

// TestSourceIsAPath: two files of one name are told apart in each list.
func TestSourceIsAPath(t *testing.T) {
	r := sample(2023, "甲局")
	r.Source.Name = "年报.pdf"
	dir := t.TempDir()
	var files []export.File
	for i, name := range []string{"2022/年报.pdf.json", "2023/年报.pdf.json", "_/0123.json"} {
		var b bytes.Buffer
		if err := report.Encode(&b, r, false); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, strconv.Itoa(i))
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, export.File{Path: file, Name: name})
	}
	set, err := export.Open(files, form.Set{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := digest.Write(&b, set, nil, nil); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"2022/年报.pdf", "2023/年报.pdf", "年报.pdf（_/0123.json）"} {
		if n := strings.Count(b.String(), `<div class="src">`+want+"</div>"); n != 2 { // its sum and its cell
			t.Errorf("%q stands %d times", want, n)
		}
	}
}

func TestPageIsSelfContained(t *testing.T) {
	p := page(t, []digest.Failure{{Input: `"><img src=http://x>`}}, sample(2023, `<img src="http://x/y.png">`))
	z := html.NewTokenizer(strings.NewReader(p))
	tags := 0
	for {
		tt := z.Next()
		if tt == html.ErrorToken {
			break
		}
		if tt != html.StartTagToken && tt != html.SelfClosingTagToken {
			continue
		}
		tok := z.Token()
		tags++
		switch tok.Data {
		case "img", "script", "link", "iframe", "object", "use", "image":
			t.Errorf("the page has %v", tok)
		}
		for _, a := range tok.Attr {
			if a.Key == "src" || a.Key == "href" || strings.HasPrefix(a.Key, "on") || strings.Contains(a.Val, "url(") {
				t.Errorf("the page has %v", tok)
			}
		}
	}
	if tags < 50 {
		t.Errorf("only %d tags", tags)
	}
	if regexp.MustCompile(`@import|url\(`).MatchString(p) {
		t.Error("the style loads something")
	}
}

func TestEmptyBatch(t *testing.T) {
	if p := page(t, nil); !strings.Contains(p, "没有隔离的文件") {
		t.Error(p)
	}
}
