package main

import (
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/nianbao/nianbao/convert"
	"github.com/nianbao/nianbao/internal/synth"
	"github.com/nianbao/nianbao/report"
)

// reader gives a converter as the program builds it.
func reader(t *testing.T) *convert.Converter {
	t.Helper()
	c, closer, err := (&env{getenv: os.Getenv}).converter()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(closer)
	c.TablesOnly = true
	return c
}

// tablesOf gives the JSON of a file's tables, and the report.
func tablesOf(t *testing.T, c *convert.Converter, name string, data []byte) (string, *report.Report) {
	t.Helper()
	r, err := c.Convert(t.Context(), name, data)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	tables, err := json.Marshal(r.Tables)
	if err != nil {
		t.Fatal(err)
	}
	return string(tables), r
}

// holds says what of a report's printed numbers the tables do not hold.
func holds(t *testing.T, want *synth.Report, table string, got *report.Report) {
	t.Helper()
	cells := 0
	for _, c := range want.Cells {
		if table != "" && !underTable(c.Path, table) {
			continue
		}
		cells++
		n := report.ParseFigure(c.Printed).Number
		v, ok := got.Tables.Value(c.Path)
		if !ok || (n == nil) != (v.Number == nil) || n != nil && !n.Equal(v.Number.Decimal) {
			t.Errorf("%s is %v, printed %q", c.Path, v.Number, c.Printed)
		}
	}
	if cells == 0 {
		t.Errorf("the report has no table %q", table)
	}
}

func underTable(path, table string) bool {
	return strings.HasPrefix(path, "/tables/"+table+"/")
}

// TestFormatsAgree: one report of every form gives the same tables from every format that holds text.
// Where soffice is not installed, what LibreOffice writes is left out.
func TestFormatsAgree(t *testing.T) {
	c := reader(t)
	dir := t.TempDir()
	want := map[string]string{}
	var docx, html []string
	same := func(t *testing.T, form, name string, data []byte) {
		t.Helper()
		if got, _ := tablesOf(t, c, name, data); got != want[form] {
			t.Errorf("form %s as %s gives\n%s\nwant\n%s", form, name, got, want[form])
		}
	}
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	forms := []string{"2021", "2019", "2014"}
	for i, form := range forms {
		r := synth.Make(uint64(310+i), synth.Options{Form: form, Size: synth.Medium})
		st := synth.Plain()
		docx = append(docx, write(form+".docx", r.DOCX(st)))
		page := r.HTML(st)
		html = append(html, write(form+"page.html", page))
		source, got := tablesOf(t, c, "a.docx", r.DOCX(st))
		want[form] = source
		holds(t, r, "", got)
		laid := synth.LayOut(r, st)
		same(t, form, "own.pdf", laid.PDF())
		same(t, form, "own.ofd", laid.OFD())
		same(t, form, "own.html", page)
		same(t, form, "own.txt", r.Text(st))
	}
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("soffice is not installed: files of LibreOffice are not tried")
	}
	profile := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir, "profile"))}
	for _, tt := range []struct {
		to, ext string
		files   []string
		filter  string
		names   []string // under which the file is given to the program
	}{
		{"doc:MS Word 97", "doc", docx, "", []string{"a.doc", "a.wps"}},
		{"odt", "odt", docx, "", []string{"a.odt"}},
		{"rtf", "rtf", docx, "", []string{"a.rtf"}},
		{"html:HTML (StarWriter)", "html", docx, "", []string{"a.html"}},
		{"pdf", "pdf", docx, "", []string{"a.pdf"}},
		{"xlsx:Calc MS Excel 2007 XML", "xlsx", html, "HTML (StarCalc)", []string{"a.xlsx"}},
		{"xls:MS Excel 97", "xls", html, "HTML (StarCalc)", []string{"a.xls"}},
	} {
		t.Run(tt.ext, func(t *testing.T) {
			out := filepath.Join(dir, tt.ext)
			args := []string{"-env:UserInstallation=" + profile.String(), "--headless", "--norestore", "--convert-to", tt.to, "--outdir", out}
			if tt.filter != "" {
				args = append(args, "--infilter="+tt.filter)
			}
			if said, err := exec.CommandContext(t.Context(), soffice, append(args, tt.files...)...).CombinedOutput(); err != nil {
				t.Fatalf("soffice: %v\n%s", err, said)
			}
			for i, form := range forms {
				base := filepath.Base(tt.files[i])
				data, err := os.ReadFile(filepath.Join(out, base[:len(base)-len(filepath.Ext(base))]+"."+tt.ext))
				if err != nil {
					t.Fatal(err)
				}
				for _, name := range tt.names {
					same(t, form, name, data)
				}
			}
		})
	}
}

// TestEncodingsAgree: a page in an encoding that it does not declare, or declares wrongly, gives the same tables.
func TestEncodingsAgree(t *testing.T) {
	c := reader(t)
	for i, form := range []string{"2021", "2019", "2014"} {
		r := synth.Make(uint64(310+i), synth.Options{Form: form, Size: synth.Medium})
		page := string(r.HTML(synth.Plain()))
		want, got := tablesOf(t, c, "a.html", []byte(page))
		holds(t, r, "", got)
		bare := strings.Replace(page, `<meta charset="utf-8">`, "", 1)
		if bare == page {
			t.Fatal("the page declares no encoding")
		}
		for _, tt := range []struct{ name, text string }{
			{"undeclared", bare},
			{"declared wrongly", page},
		} {
			data, err := simplifiedchinese.GB18030.NewEncoder().String(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := tablesOf(t, c, "a.html", []byte(data)); got != want {
				t.Errorf("form %s, GB18030 %s, gives\n%s\nwant\n%s", form, tt.name, got, want)
			}
		}
	}
}
