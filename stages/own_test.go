package stages

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/dev/race"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/internal/run/series"
	"github.com/nianbao/nianbao/report"
)

const madeUp = "../testdata/forms/"

// values says where a report differs from what was printed.
func values(t *testing.T, got *report.Report, want *synth.Report) {
	t.Helper()
	for _, cell := range want.Cells {
		n := report.ParseFigure(cell.Printed).Number
		v, ok := got.Tables.Value(cell.Path)
		if !ok || (n == nil) != (v.Number == nil) || n != nil && !n.Equal(v.Number.Decimal) {
			t.Errorf("%s is printed %q and read %v", cell.Path, cell.Printed, v.Number)
		}
	}
}

// TestNewNationalForm: a new form of the state is one more file among the forms' data, and nothing else.
func TestNewNationalForm(t *testing.T) {
	files := fstest.MapFS{}
	names, err := fs.Glob(os.DirFS("../form"), "data/*.json")
	if err != nil {
		t.Fatal(err)
	}
	add := func(name, path string) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: b}
	}
	for _, n := range names {
		add(n, "../form/"+n)
	}
	add("data/2027.json", madeUp+"2027.json")
	forms, err := form.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	blank := forms.Get("2027")
	if forms.National()[0] != blank {
		t.Errorf("the newest form is %s", forms.National()[0].Name)
	}
	opener := &extract.Opener{}
	defer opener.PDF.Close()
	c := Converter{Open: opener.Open, TablesOnly: true, Forms: forms}
	want := synth.Make(5, synth.Options{Own: blank, Size: synth.Medium})
	got := one(t, &c, "new.html", want.HTML(synth.Plain()))
	if got.Form != "2027" {
		t.Errorf("form %q", got.Form)
	}
	for _, table := range blank.Tables {
		if got.Forms[table.Key] != "2027" {
			t.Errorf("%s is told as form %q", table.Key, got.Forms[table.Key])
		}
	}
	values(t, got, want)
	if len(got.Checks) != 8+4+1+3+3 {
		t.Errorf("%d checks", len(got.Checks))
	}
	for _, k := range got.Checks {
		if k.Status == report.Fail {
			t.Errorf("%s %s fails", k.Rule, k.Scope)
		}
	}
	// Reports of the forms before are told as they were, and years follow one another by the rules of both.
	old := synth.Make(5, synth.Options{})
	got = one(t, &c, "old.html", old.HTML(synth.Plain()))
	if got.Form != "2021" || got.Forms["review_and_litigation"] != "2021" {
		t.Errorf("a report of 2021 is told as %s, %v", got.Form, got.Forms)
	}
	values(t, got, old)
	if e := series.RulesOf(forms).Entry(got, "old"); len(e.Values) == 0 {
		t.Error("nothing of the report is held against the next year's")
	}
}

// hall is a form of the user's own, and the forms with it.
func hall(t *testing.T) (*form.Form, form.Set) {
	t.Helper()
	b, err := os.ReadFile(madeUp + "hall.json")
	if err != nil {
		t.Fatal(err)
	}
	f, err := form.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	forms, err := form.Official().With(f)
	if err != nil {
		t.Fatal(err)
	}
	return f, forms
}

// TestOwnForm reads a form of the user's own from every kind of source: its numbers under its keys, its
// equations tested, and a report of the official forms beside it as ever. Labels have characters that the
// network for labels does not know.
func TestOwnForm(t *testing.T) {
	f, forms := hall(t)
	opener := &extract.Opener{}
	opener.PDF.CacheDir = filepath.Join(os.TempDir(), "nianbao-pdfium") // kept: its start is slow
	defer opener.PDF.Close()
	c := Converter{Open: opener.Open, TablesOnly: true, Forms: forms}
	want := synth.Make(5, synth.Options{Own: f, Size: synth.Medium})
	pages := synth.LayOut(want, synth.Plain())
	type file struct {
		name string
		data []byte
	}
	for _, file := range race.Few([]file{
		{"own.docx", want.DOCX(synth.Plain())},
		{"own.html", want.HTML(synth.Plain())},
		{"own.txt", want.Text(synth.Plain())},
		{"own.pdf", pages.PDF()},
		{"scan.tif", synth.TIFF(pages.Scans(synth.Office, 5))},
		{"fax.tif", synth.TIFF(pages.Scans(synth.Fax, 5))},
	}, 5) {
		t.Run(file.name, func(t *testing.T) {
			got := one(t, &c, file.name, file.data)
			if got.Form != "hall" || got.Forms["hall_services"] != "hall" {
				t.Errorf("form %s, forms %v", got.Form, got.Forms)
			}
			values(t, got, want)
			tested := map[string]int{}
			for _, k := range got.Checks {
				tested[k.Rule]++
				if k.Status != report.Pass {
					t.Errorf("%s %s: %s", k.Rule, k.Scope, k.Status)
				}
			}
			if tested["H.row"] != 12 || tested["H.received"] != 4 || tested["H.handled"] != 4 || tested["H.flow"] != 4 || tested["H.part"] != 4 || tested["H.complaints"] != 1 {
				t.Errorf("equations tested: %v", tested)
			}
			for _, v := range got.Review {
				if strings.HasPrefix(v.Path, "/tables/") {
					t.Errorf("%s is in the review: %s", v.Path, v.Detail)
				}
			}
		})
	}
	both := want.HTML(synth.Plain())
	both = both[bytes.Index(both, []byte("<table")):] // its tables alone: with a title of its own it is another report
	official := synth.Make(7, synth.Options{})
	got := one(t, &c, "both.html", append(official.HTML(synth.Plain()), both...))
	if got.Form != "2021" || got.Forms["hall_services"] != "hall" || got.Forms["requests"] != "2021" {
		t.Errorf("beside the official tables: form %s, forms %v", got.Form, got.Forms)
	}
	values(t, got, want)
	values(t, got, official)
}

// TestOwnFormRepairs: a digit of which a part was rubbed off is misread, and the sums of the user's own form
// bring it back.
func TestOwnFormRepairs(t *testing.T) {
	f, forms := hall(t)
	opener := &extract.Opener{}
	c := Converter{Open: opener.Open, TablesOnly: true, Forms: forms}
	want := synth.Make(14, synth.Options{Own: f, Size: synth.Medium})
	const path, printed = "/tables/hall_services/received/business", "28"
	got := one(t, &c, "scan.tif", synth.TIFF(synth.LayOut(want, synth.Plain()).Rubbed(path, synth.Office, 4)))
	cell := got.Cell(path)
	if cell.Raw == printed || cell.Verdict != report.Repaired || cell.Repair == nil || cell.Repair.From != cell.Raw {
		t.Errorf("%q was read as %q, %s: %+v", printed, cell.Raw, cell.Verdict, cell.Repair)
	}
	values(t, got, want)
}

// one converts a file that holds one report.
func one(t *testing.T, c *Converter, name string, data []byte) *report.Report {
	t.Helper()
	all, err := c.Convert(t.Context(), name, data)
	if err != nil || len(all) != 1 {
		t.Fatalf("%s: %d reports, %v", name, len(all), err)
	}
	return all[0]
}
