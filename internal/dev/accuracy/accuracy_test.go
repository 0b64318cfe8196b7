package accuracy_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/internal/dev/accuracy"
	"github.com/nianbao/nianbao/internal/dev/race"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/report"
	"github.com/nianbao/nianbao/stages"
)

// Formats that hold their text must come through whole.
func TestDigitalFormats(t *testing.T) {
	opener := &extract.Opener{}
	opener.PDF.CacheDir = filepath.Join(os.TempDir(), "nianbao-pdfium") // kept: its start is slow
	defer opener.PDF.Close()
	c := &stages.Converter{Open: opener.Open}
	for _, f := range accuracy.Formats {
		for _, o := range accuracy.Digital(context.Background(), c, accuracy.Cases(race.Times(24, 2)), f.Name, runtime.NumCPU()) {
			if o.Err != nil {
				t.Error(f.Name, o.Err)
			}
			for _, e := range o.Errors {
				t.Error(f.Name, e)
			}
			if f.Name == "txt" && o.Case.Number%11 == 4 {
				continue // blanks at the end of a row cannot be told from the clipboard's tabs
			}
			if o.Tally.Found != o.Tally.Broken || o.Tally.False != 0 {
				t.Errorf("%s case %d: broken %v, but found %d and false %d", f.Name, o.Case.Number, o.Case.Report.Broken, o.Tally.Found, o.Tally.False)
			}
		}
	}
}

func TestScore(t *testing.T) {
	k := accuracy.Cases(1)[0]
	path := k.Report.Cells[0].Path
	truth := func() *report.Report {
		r := &report.Report{}
		for _, c := range k.Report.Cells {
			n, err := report.ParseNumber(c.Printed)
			if err != nil {
				t.Fatal(err)
			}
			r.Tables.Add(strings.Split(c.Path, "/")[2])
			r.Tables.Set(c.Path, report.Value{Number: &n})
		}
		return r
	}
	got, errs := accuracy.Score(k, truth(), nil)
	if n := len(k.Report.Cells); got.Right != n || got.Cells != n || got.Perfect != 1 || got.TablesRight != got.Tables || got.Tables != 3 || len(errs) != 0 {
		t.Errorf("the truth itself scores %+v, %v", got, errs)
	}
	wrong := truth()
	other := report.Int(987654)
	wrong.Tables.Set(path, report.Value{Number: &other})
	if got, errs = accuracy.Score(k, wrong, nil); got.Silent != 1 || got.Perfect != 0 || got.TablesRight != 2 || len(errs) != 1 || !errs[0].Silent {
		t.Errorf("a wrong number scores %+v, %v", got, errs)
	}
	wrong.Review = []report.Review{{Path: path, Reason: report.LowConfidence}, {Path: k.Report.Cells[1].Path, Reason: report.LowConfidence}}
	if got, _ = accuracy.Score(k, wrong, nil); got.Silent != 0 || got.Right != len(k.Report.Cells)-1 || got.Flagged != 2 || got.FlaggedRight != 1 {
		t.Errorf("a wrong number in review scores %+v", got)
	}
	if got, _ = accuracy.Score(k, nil, nil); got.Failed != 1 || got.Right != 0 || got.Silent != 0 {
		t.Errorf("no output scores %+v", got)
	}
}

func TestLosses(t *testing.T) {
	was := accuracy.Tally{Cells: 1000, Right: 990, Silent: 1}
	record := accuracy.Record{accuracy.Short: {"fax": was}}
	for _, tt := range []struct {
		name   string
		got    accuracy.Tally
		losses int
	}{
		{"the same", was, 0},
		{"better", accuracy.Tally{Cells: 1000, Right: 1000}, 0},
		{"a little less", accuracy.Tally{Cells: 1000, Right: 988, Silent: 1}, 0},
		{"less", accuracy.Tally{Cells: 1000, Right: 987, Silent: 1}, 1},
		{"a new silent error", accuracy.Tally{Cells: 1000, Right: 995, Silent: 2}, 1},
		{"other cases", accuracy.Tally{Cells: 999, Right: 999}, 1},
	} {
		if l := record.Losses(accuracy.Short, map[string]accuracy.Tally{"fax": tt.got}); len(l) != tt.losses {
			t.Errorf("%s: %v, want %d losses", tt.name, l, tt.losses)
		}
	}
	if l := record.Losses(accuracy.Short, map[string]accuracy.Tally{"phone": was}); len(l) != 1 {
		t.Errorf("a level without a record: %v", l)
	}
}

func TestCasesCoverEverything(t *testing.T) {
	seen := map[[3]any]bool{}
	broken := 0
	for _, k := range accuracy.Cases(54) {
		seen[[3]any{k.Report.Form, k.Style.Face, k.Level}] = true
		broken += min(1, len(k.Report.Broken))
	}
	if want := 3 * len(synth.Faces()) * len(synth.Levels()); len(seen) != want || broken < 10 {
		t.Errorf("%d combinations of form, face and level, want %d; %d broken reports", len(seen), want, broken)
	}
}
