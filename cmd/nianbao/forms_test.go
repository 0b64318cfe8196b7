package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/report"
)

const hallForm = "../../testdata/forms/hall.json"

// hallReport is a report with a table of a form that the program does not know, as a file of each kind.
func hallReport(t *testing.T) (r *synth.Report, files map[string]string) {
	t.Helper()
	b, err := os.ReadFile(hallForm)
	if err != nil {
		t.Fatal(err)
	}
	f, err := form.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	r = synth.Make(14, synth.Options{Own: f, Size: synth.Medium})
	pages := synth.LayOut(r, synth.Plain())
	files = map[string]string{}
	for name, data := range map[string][]byte{
		"hall.docx": r.DOCX(synth.Plain()), "hall.pdf": pages.PDF(), "hall.tif": synth.TIFF(pages.Scans(synth.Office, 14)),
	} {
		files[name] = filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(files[name], data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return r, files
}

// TestForm: a form given with --form is read, proven and explained as the official ones are.
func TestForm(t *testing.T) {
	want, files := hallReport(t)
	for name, file := range files {
		out, stderr, status := inProcess(t, "", "convert", "-q", "--no-review-exit", "--form", hallForm, file)
		if status != exitOK {
			t.Errorf("%s: exit %d: %s", name, status, stderr)
			continue
		}
		if faults, err := report.Validate([]byte(out)); err != nil || len(faults) > 0 {
			t.Errorf("%s: schema: %v %v", name, faults, err)
		}
		r, err := report.Decode([]byte(out))
		if err != nil {
			t.Fatal(err)
		}
		if r.Form != "hall" || r.Forms["hall_services"] != "hall" {
			t.Errorf("%s: form %q, forms %v", name, r.Form, r.Forms)
		}
		for _, c := range want.Cells {
			n := report.ParseFigure(c.Printed).Number
			if v, ok := r.Tables.Value(c.Path); !ok || v.Number == nil || !v.Number.Equal(n.Decimal) {
				t.Errorf("%s: %s is %v, printed %q", name, c.Path, v.Number, c.Printed)
			}
		}
		for _, k := range r.Checks {
			if k.Status != report.Pass {
				t.Errorf("%s: %s %s: %s", name, k.Rule, k.Scope, k.Status)
			}
		}
	}
}

// TestFormAgain: who reads a result later gives the form again, and is told where it is missing.
func TestFormAgain(t *testing.T) {
	_, files := hallReport(t)
	dir := t.TempDir()
	if _, stderr, status := inProcess(t, "", "convert", "-q", "--form", hallForm, "-o", dir, files["hall.docx"]); status != exitOK {
		t.Fatalf("exit %d: %s", status, stderr)
	}
	result := filepath.Join(dir, "hall.json")
	const path = "/tables/hall_services/received/total"
	answers := `[{"path": "` + path + `", "value": 62}]`
	tests := []struct {
		reason string
		args   []string
		want   int
		says   string
	}{
		{"checked with the form", []string{"check", "--form", hallForm, result}, exitOK, "valid, 30 equations hold, 0 fail, 0 unknown"},
		{"checked without", []string{"check", result}, exitReview, `/tables/hall_services: the form "hall" of this table is not known here`},
		{"explained with the form", []string{"explain", "--form", hallForm, result, path}, exitOK, "一、接待情况 / 4.接待总数 / 合计"},
		{"explained without", []string{"explain", result, path}, exitOK, "not known here"},
		{"answered with the form: two sums are wrong now", []string{"apply", "--form", hallForm, result, "-"}, exitOK, `"status": "fail"`},
		{"answered without", []string{"apply", result, "-"}, exitFailed, "--form"},
		{"exported with the form", []string{"export", "--form", hallForm, "--to", "csv", result}, exitOK, "4.接待总数"},
		{"exported without: the keys stand for the labels", []string{"export", "--to", "csv", "--shape", "wide", result}, exitOK, "hall_services.received.total"},
		{"a form with a fault", []string{"convert", "--form", result, files["hall.docx"]}, exitUsage, "the form has no name (and "},
		{"no such form", []string{"convert", "--form", "none.json", files["hall.docx"]}, exitUsage, "none.json"},
		{"a form twice", []string{"convert", "--form", hallForm, "--form", hallForm, files["hall.docx"]}, exitUsage, `another form is called "hall", too`},
	}
	for _, tt := range tests {
		out, stderr, status := inProcess(t, answers, tt.args...)
		if status != tt.want || !strings.Contains(out+stderr, tt.says) {
			t.Errorf("%s: exit %d, want %d, and %q in\n%s%s", tt.reason, status, tt.want, tt.says, out, stderr)
		}
	}
}

// TestFormBatch: a batch keeps its forms beside its results, and converts again when they change.
func TestFormBatch(t *testing.T) {
	_, files := hallReport(t)
	in, out := filepath.Dir(files["hall.docx"]), t.TempDir()
	runs := []struct {
		args []string
		says string
	}{
		{[]string{"--form", hallForm}, "1 inputs: 1 converted"},
		{[]string{"--form", hallForm}, "0 converted, 1 done before"},
		{nil, "1 inputs: 1 converted"},
		{[]string{"--form", hallForm}, "1 inputs: 1 converted"},
	}
	for i, r := range runs {
		_, stderr, status := inProcess(t, "", append([]string{"batch", in, "-o", out, "--no-review-exit"}, r.args...)...)
		if status != exitOK || !strings.Contains(stderr, r.says) {
			t.Fatalf("run %d: exit %d: %s", i+1, status, stderr)
		}
	}
	changed := filepath.Join(t.TempDir(), "hall.json")
	b, err := os.ReadFile(hallForm)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(changed, []byte(strings.Replace(string(b), `"label": "合计"`, `"label": "总数"`, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, stderr, _ := inProcess(t, "", "batch", in, "-o", out, "--no-review-exit", "--form", changed); !strings.Contains(stderr, "1 inputs: 1 converted") {
		t.Errorf("another form: %s", stderr)
	}
	result := filepath.Join(out, "json", "hall.docx.json")
	for _, args := range [][]string{{"check", result}, {"explain", result, "/tables/hall_services/received/total"}, {"export", out, "--to", "csv", "--labels"}} {
		stdout, stderr, status := inProcess(t, "", args...)
		if status != exitOK || strings.Contains(stdout, "not known here") {
			t.Errorf("%v: exit %d: %s%s", args, status, stdout, stderr)
		}
	}
}

func TestFormCheck(t *testing.T) {
	b, err := os.ReadFile(hallForm)
	if err != nil {
		t.Fatal(err)
	}
	bad := strings.NewReplacer(`"key": "online"`, `"key": "in_person"`, `"severity": "warning"`, `"severity": "hint", "weight": 3`).Replace(string(b))
	tests := []struct {
		reason, stdin string
		args          []string
		want          int
		says          []string
	}{
		{"sound", "", []string{hallForm}, exitOK, []string{"no faults; table hall_services: 12 rows, 4 columns, 48 numbers, 6 equations that are tested 29 times"}},
		{"faults with their places", bad, []string{"-"}, exitFailed, []string{
			`-:17: /tables/0/rows/1/key: row 1 has the key "in_person", too`, `-:35: /tables/0/equations/5/weight: unknown field "weight"`, `-:35: /tables/0/equations/5/severity`}},
		{"two of one name", "", []string{hallForm, hallForm}, exitFailed, []string{"another form is called"}},
		{"no such file", "", []string{"none.json"}, exitFailed, []string{"none.json"}},
		{"nothing given", "", nil, exitUsage, []string{"form check --help"}},
	}
	for _, tt := range tests {
		out, stderr, status := inProcess(t, tt.stdin, append([]string{"form", "check"}, tt.args...)...)
		if status != tt.want {
			t.Errorf("%s: exit %d, want %d: %s%s", tt.reason, status, tt.want, out, stderr)
		}
		for _, w := range tt.says {
			if !strings.Contains(out+stderr, w) {
				t.Errorf("%s: no %q in\n%s%s", tt.reason, w, out, stderr)
			}
		}
	}
}

// TestFormDraft: a form drafted from a document reads that document.
func TestFormDraft(t *testing.T) {
	want, files := hallReport(t)
	for name, file := range files {
		out, stderr, status := inProcess(t, "", "form", "draft", file, "--name", "mine")
		if status != exitOK {
			t.Errorf("%s: exit %d: %s", name, status, stderr)
			continue
		}
		drafted := filepath.Join(t.TempDir(), "mine.json")
		if err := os.WriteFile(drafted, []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
		stdout, stderr, _ := inProcess(t, "", "convert", "-q", "--no-review-exit", "--form", drafted, file)
		r, err := report.Decode([]byte(stdout))
		if err != nil {
			t.Errorf("%s: %v: %s", name, err, stderr)
			continue
		}
		printed := map[string]int{}
		for _, c := range want.Cells {
			printed[report.ParseFigure(c.Printed).Number.String()]++
		}
		for _, p := range r.Tables.Paths() {
			if v, _ := r.Tables.Value(p); strings.HasPrefix(p, "/tables/mine_table/") && v.Number != nil {
				printed[v.Number.String()]--
			}
		}
		for n, left := range printed {
			if left != 0 {
				t.Errorf("%s: %s is printed %d times more than read", name, n, left)
			}
		}
	}
	for reason, args := range map[string][]string{
		"no table": {samples + "township_2014form.txt", "--table", "9"}, "no document": {hallForm},
	} {
		if out, stderr, status := inProcess(t, "", append([]string{"form", "draft"}, args...)...); status != exitFailed || out != "" {
			t.Errorf("%s: exit %d: %s%s", reason, status, out, stderr)
		}
	}
}
