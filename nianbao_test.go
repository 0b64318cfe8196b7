package nianbao_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/report"
)

func TestMain(m *testing.M) {
	nianbao.WorkerMain()
	os.Exit(m.Run())
}

const (
	docx = "testdata/reports/county_2021form.docx"
	pdf  = "testdata/reports/city_2021form.pdf"
	fax  = "testdata/reports/broken_2021form.fax.tif"
)

// engines are a converter in this process, and one with two worker processes.
func engines(t *testing.T) map[string]*nianbao.Converter {
	t.Helper()
	out := map[string]*nianbao.Converter{}
	for name, o := range map[string]nianbao.Options{
		"here":   {TablesOnly: true},
		"worker": {TablesOnly: true, Isolate: &nianbao.Isolation{Processes: 2, Temp: t.TempDir()}},
	} {
		c, err := nianbao.New(o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
		out[name] = c
	}
	if _, err := out["here"].Producer(t.Context()); err != nil {
		t.Skip(err)
	}
	return out
}

// TestTimes: every stage that a document went through is told, and the time of none is counted twice.
func TestTimes(t *testing.T) {
	for name, c := range engines(t) {
		for _, x := range []struct {
			file string
			in   nianbao.Input
			want []string
		}{
			{"fax", nianbao.File(fax), nianbao.Stages()},
			{"docx", nianbao.File(docx), []string{"extract", "tables", "normalize", "check"}},
			{"broken", nianbao.Bytes("a.docx", []byte("PK\x03\x04")), []string{"extract"}},
		} {
			var got nianbao.Times
			begun := time.Now()
			_, err := c.Convert(t.Context(), x.in.OnTimes(func(x nianbao.Times) { got = x }))
			took, sum := time.Since(begun), time.Duration(0)
			for _, stage := range x.want {
				if got[stage] <= 0 {
					t.Errorf("%s: %s: %s took %v (%v)", name, x.file, stage, got[stage], err)
				}
				sum += got[stage]
			}
			if len(got) != len(x.want) || sum > took {
				t.Errorf("%s: %s: %v, want %v within %v", name, x.file, got, x.want, took)
			}
		}
	}
}

// TestConcurrentUse: many goroutines on one converter give what one gives, in this process and in others.
func TestConcurrentUse(t *testing.T) {
	all := engines(t)
	var want map[string][]byte
	for _, name := range []string{"here", "worker"} {
		got := map[string][]byte{}
		var mu sync.Mutex
		var wg sync.WaitGroup
		for range 3 {
			for _, f := range []string{docx, pdf, fax} {
				wg.Go(func() {
					res, err := all[name].Convert(t.Context(), nianbao.File(f))
					if err != nil {
						t.Errorf("%s: %s: %v", name, f, err)
						return
					}
					b, err := res.JSON()
					mu.Lock()
					defer mu.Unlock()
					if old := got[f]; err != nil || old != nil && !bytes.Equal(old, b) {
						t.Errorf("%s: %s: two conversions differ (%v)", name, f, err)
					}
					got[f] = b
				})
			}
		}
		wg.Wait()
		for f, b := range want {
			if !bytes.Equal(got[f], b) {
				t.Errorf("%s: a worker gives another report than this process", f)
			}
		}
		want = got
	}
}

var errBroken = errors.New("the disk is gone")

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errBroken }

// TestInputs: every way in gives a report, or says why there is none.
func TestInputs(t *testing.T) {
	data, err := os.ReadFile(docx)
	if err != nil {
		t.Fatal(err)
	}
	part := nianbao.Part{Name: "a.docx", Open: func() (io.ReadCloser, error) { return os.Open(docx) }}
	tests := []struct {
		name string
		in   nianbao.Input
		want error
		says string
	}{
		{"file", nianbao.File(docx), nil, ""},
		{"bytes", nianbao.Bytes("a.docx", data), nil, ""},
		{"reader", nianbao.Reader("a.docx", bytes.NewReader(data)), nil, ""},
		{"pages", nianbao.Pages("a.docx", part), nil, ""},
		{"no file", nianbao.File("testdata/none.pdf"), os.ErrNotExist, "no such file"},
		{"a folder as file", nianbao.File("testdata"), nil, "is a directory"},
		{"no folder", nianbao.Folder("testdata/none"), os.ErrNotExist, "no such file"},
		{"empty folder", nianbao.Folder(t.TempDir()), nianbao.ErrEmpty, "holds no files"},
		{"empty", nianbao.Bytes("a.pdf", nil), nianbao.ErrEmpty, ""},
		{"an archive", nianbao.Bytes("a.pdf", []byte("PK\x05\x06"+strings.Repeat("\x00", 18))), nianbao.ErrFormat, ""},
		{"broken reader", nianbao.Reader("a.pdf", io.MultiReader(strings.NewReader("%PDF"), broken{})), nil, errBroken.Error()},
	}
	for name, c := range engines(t) {
		for _, x := range tests {
			res, err := c.Convert(t.Context(), x.in)
			switch {
			case x.want == nil && x.says == "":
				if err != nil || res.Report.Source.MediaType == "" || res.Report.Meta.Year == nil {
					t.Errorf("%s: %s: %v", name, x.name, err)
				}
			case err == nil || x.want != nil && !errors.Is(err, x.want) || !strings.Contains(err.Error(), x.says):
				t.Errorf("%s: %s: %v, want %v %s", name, x.name, err, x.want, x.says)
			}
		}
	}
}

func TestFolderIsPages(t *testing.T) {
	picture, err := os.ReadFile(fax)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, n := range []string{"1.tif", "2.tif", ".hidden"} {
		if err := os.WriteFile(filepath.Join(dir, n), picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	res, err := engines(t)["worker"].Convert(t.Context(), nianbao.Folder(dir))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(res.Report.Source.Pages); n != 6 {
		t.Errorf("a folder of two files of three pages has %d pages", n)
	}
}

// TestPictures: pages and cells are drawn from the original, and from nothing else.
func TestPictures(t *testing.T) {
	const path = "/tables/requests/received/total"
	for name, c := range engines(t) {
		t.Run(name, func(t *testing.T) {
			for _, f := range []string{pdf, fax} {
				original := nianbao.File(f)
				res, err := c.Convert(t.Context(), original)
				if err != nil {
					t.Fatal(err)
				}
				page, err := res.Page(t.Context(), 1, 72)
				if err != nil {
					t.Fatal(err)
				}
				if s := page.Bounds().Size(); max(s.X, s.Y) < 800 || max(s.X, s.Y) > 870 {
					t.Errorf("%s: a page of A4 at 72 dpi is %v", f, s)
				}
				img, err := c.Reopen(res.Report, original).Crop(t.Context(), path)
				if err != nil {
					t.Fatal(err)
				}
				if s := img.Bounds().Size(); s.X < 20 || s.Y < 20 || s.X > 600 || s.Y > 400 || !inked(img) {
					t.Errorf("%s: the cell is drawn in %v, ink %v", f, s, inked(img))
				}
				if _, err := res.Page(t.Context(), 99, 72); err == nil || errors.Is(err, nianbao.ErrNoPages) {
					t.Errorf("%s: page 99: %v", f, err)
				}
				if _, err := c.Reopen(res.Report, nianbao.File(docx)).Crop(t.Context(), path); !errors.Is(err, nianbao.ErrChanged) {
					t.Errorf("%s: another original: %v", f, err)
				}
			}
			res, err := c.Convert(t.Context(), nianbao.File(docx))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := res.Page(t.Context(), 1, 72); !errors.Is(err, nianbao.ErrNoPages) {
				t.Errorf("a page of a DOCX: %v", err)
			}
			if _, err := res.Crop(t.Context(), path); !errors.Is(err, nianbao.ErrNoPlace) {
				t.Errorf("a cell of a DOCX: %v", err)
			}
		})
	}
}

// inked says that a picture is not all of one colour.
func inked(img image.Image) bool {
	b := img.Bounds()
	first := img.At(b.Min.X, b.Min.Y)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if img.At(x, y) != first {
				return true
			}
		}
	}
	return false
}

func TestApplyLeavesTheReportAsItIs(t *testing.T) {
	res, err := engines(t)["here"].Convert(t.Context(), nianbao.File(docx))
	if err != nil {
		t.Fatal(err)
	}
	const path = "/tables/requests/received/total"
	before, _ := res.Report.Tables.Value(path)
	out, err := nianbao.Apply(res.Report, []report.Patch{{Path: path}})
	if err != nil {
		t.Fatal(err)
	}
	after, _ := res.Report.Tables.Value(path)
	changed, _ := out.Tables.Value(path)
	if before.Number == nil || after.Number == nil || !before.Number.Equal(after.Number.Decimal) || changed.Number != nil {
		t.Errorf("before %v, after %v, in the new report %v", before, after, changed)
	}
	if _, err := nianbao.Apply(res.Report, []report.Patch{{Path: "/tables/none"}}); err == nil {
		t.Error("an answer to nothing was taken")
	}
	if checks, problems := nianbao.Check(out); len(checks) == 0 || len(problems) != 0 {
		t.Errorf("%d checks, problems %v", len(checks), problems)
	}
}

func TestCancel(t *testing.T) {
	for name, c := range engines(t) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := c.Convert(ctx, nianbao.File(fax)); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSeveralReports: a file that holds two reports gives two; who keeps one a file is told what is left out.
func TestSeveralReports(t *testing.T) {
	body := func(issuer string) string {
		return "<h1>" + issuer + "2023年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>平稳。</p><p>二、主动公开政府信息情况</p>" +
			"<table><tr><td>信息内容</td><td>本年处理决定数量</td></tr><tr><td>行政许可</td><td>12</td></tr><tr><td>行政处罚</td><td>3</td></tr><tr><td>行政强制</td><td>0</td></tr></table>"
	}
	page := []byte("<html><meta charset=utf-8><body>" + body("甲镇人民政府") + body("乙乡人民政府") + "</body></html>")
	for name, c := range engines(t) {
		res, err := c.Convert(t.Context(), nianbao.Bytes("two.html", page))
		if err != nil {
			t.Fatal(err)
		}
		if len(res.More) != 1 || res.Report.Meta.Issuer != "甲镇人民政府" || res.More[0].Meta.Issuer != "乙乡人民政府" || res.More[0].Source.Part != 2 || res.More[0].Source.Parts != 2 {
			t.Fatalf("%s: %+v and %+v", name, res.Report.Meta, res.More)
		}
		b, err := res.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if all, err := report.DecodeAll(b); err != nil || len(all) != 2 {
			t.Errorf("%s: %d reports in the JSON, %v", name, len(all), err)
		}
		b, err = res.First()
		if err != nil {
			t.Fatal(err)
		}
		faults, err := report.Validate(b)
		if err != nil || len(faults) > 0 {
			t.Errorf("%s: schema: %v %v", name, faults, err)
		}
		first, err := report.Decode(b)
		if err != nil || first.Outcome != report.Partial || !slices.ContainsFunc(first.Review, func(v report.Review) bool { return strings.Contains(v.Detail, "乙乡") }) {
			t.Errorf("%s: the first says %s, %v, %v", name, first.Outcome, first.Review, err)
		}
		if len(res.Report.Review) == len(first.Review) {
			t.Errorf("%s: a report of its own names the other as lost", name)
		}
	}
}
