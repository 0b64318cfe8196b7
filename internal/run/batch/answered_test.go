package batch_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/run/answers"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/report"
)

const received = "/tables/requests/received/total"

func say(n int64, who string) answers.Entry {
	v := report.Int(n)
	return answers.Entry{Patch: report.Patch{Path: received, Value: report.Value{Number: &v}, Who: who}}
}

// value is what a result holds, and who said so.
func value(t *testing.T, out, output string) string {
	t.Helper()
	r, err := batch.Local(out).Result(output)
	if err != nil {
		t.Fatal(err)
	}
	v, _ := r.Tables.Value(received)
	who := ""
	for _, p := range r.Patches {
		who += p.Who
	}
	return fmt.Sprint(v.Number, who)
}

// TestAnswersLast: whatever makes a result again, it has the answers of its bytes.
func TestAnswersLast(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	write(t, in, map[string]string{"a.txt": "one", "b.txt": "three"})
	run := func(out string, change func(*batch.Options)) {
		t.Helper()
		o := options(in, out)
		change(&o)
		if _, err := batch.Run(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	run(out, func(*batch.Options) {})
	if _, _, err := batch.Local(out).Answer("a.txt.json", form.Set{}, 0, say(7, "甲")); err != nil {
		t.Fatal(err)
	}
	if got := value(t, out, "a.txt.json"); got != "7甲" {
		t.Fatalf("answered: %s", got)
	}
	elsewhere := filepath.Join(t.TempDir(), "copy")
	steps := []struct {
		name string
		out  string
		do   func(*batch.Options)
	}{
		{"another setting", out, func(o *batch.Options) { o.Identity.Settings = "t" }},
		{"another version", out, func(o *batch.Options) { o.Identity.Version = "2" }},
		{"retry", out, func(o *batch.Options) { o.Retry = true }},
		{"a lost ledger", out, func(*batch.Options) {
			if err := os.Remove(filepath.Join(out, "ledger.db")); err != nil {
				t.Fatal(err)
			}
		}},
		{"lost results", out, func(o *batch.Options) {
			for _, n := range []string{"ledger.db", "json/a.txt.json"} {
				if err := os.Remove(filepath.Join(out, n)); err != nil {
					t.Fatal(err)
				}
			}
		}},
		{"the folder elsewhere", elsewhere, func(o *batch.Options) {
			if err := os.CopyFS(elsewhere, os.DirFS(out)); err != nil {
				t.Fatal(err)
			}
			o.Identity.Settings = "u"
		}},
	}
	for _, s := range steps {
		run(s.out, s.do)
		if got := value(t, s.out, "a.txt.json"); got != "7甲" {
			t.Errorf("after %s: %s", s.name, got)
		}
		if got := value(t, s.out, "b.txt.json"); got != "5" {
			t.Errorf("after %s the other report has %s", s.name, got)
		}
	}
}

// TestUndo: what was taken back is again what was read, at once and in a new conversion.
func TestUndo(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	write(t, in, map[string]string{"a.txt": "one"})
	o := options(in, out)
	if _, err := batch.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	_, h, err := batch.Local(out).Answer("a.txt.json", form.Set{}, 0, say(7, "甲"))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := batch.Local(out).Answer("a.txt.json", form.Set{}, 0, say(8, "乙")); !errors.Is(err, answers.ErrConflict) {
		t.Fatalf("an answer that was not seen: %v", err)
	}
	undo := answers.Entry{Patch: report.Patch{Path: received, Who: "甲"}, Undo: h.Last(received).N}
	if _, _, err := batch.Local(out).Answer("a.txt.json", form.Set{}, 1, undo); err != nil {
		t.Fatal(err)
	}
	if got := value(t, out, "a.txt.json"); got != "3" {
		t.Errorf("taken back: %s", got)
	}
	o.Identity.Version = "2"
	if _, err := batch.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if got := value(t, out, "a.txt.json"); got != "3" {
		t.Errorf("converted again: %s", got)
	}
}

// TestOldPatchesAreTakenOver: answers that only the result has, of a version that kept none, are not lost.
func TestOldPatchesAreTakenOver(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	write(t, in, map[string]string{"a.txt": "one"})
	o := options(in, out)
	if _, err := batch.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if _, _, err := batch.Local(out).Answer("a.txt.json", form.Set{}, 0, say(7, "甲")); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(out, answers.Folder)); err != nil {
		t.Fatal(err)
	}
	o.Identity.Settings = "t"
	if _, err := batch.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if got := value(t, out, "a.txt.json"); got != "7甲" {
		t.Errorf("converted again: %s", got)
	}
}

// TestSettleAll: an answer that was kept when its process was killed reaches the result later.
func TestSettleAll(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	write(t, in, map[string]string{"a.txt": "one", "b.txt": "three"})
	if _, err := batch.Run(t.Context(), options(in, out)); err != nil {
		t.Fatal(err)
	}
	r, err := batch.Local(out).Result("a.txt.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := answers.InOutput(out).Add(r.Source.SHA256, "a.txt", 0, say(9, "甲")); err != nil {
		t.Fatal(err)
	}
	changed, err := batch.Local(out).SettleAll(form.Set{})
	if err != nil || len(changed) != 1 || value(t, out, "a.txt.json") != "9甲" {
		t.Errorf("changed %v, %v, %s", changed, err, value(t, out, "a.txt.json"))
	}
	if changed, err := batch.Local(out).SettleAll(form.Set{}); err != nil || len(changed) != 0 {
		t.Errorf("settled twice: %v, %v", changed, err)
	}
}

// TestAnswersWhileABatchRuns: neither side loses what the other does.
func TestAnswersWhileABatchRuns(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	files := map[string]string{}
	for i := range 30 {
		files[fmt.Sprintf("%d.txt", i)] = fmt.Sprint("report ", i)
	}
	write(t, in, files)
	if _, err := batch.Run(t.Context(), options(in, out)); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 3 {
			o := options(in, out)
			o.Identity.Settings = fmt.Sprint("again ", i)
			if _, err := batch.Run(t.Context(), o); err != nil {
				t.Error(err)
			}
		}
	})
	for i := range 30 {
		if _, _, err := batch.Local(out).Answer(fmt.Sprintf("%d.txt.json", i), form.Set{}, -1, say(99, "甲")); err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
	for i := range 30 {
		if got := value(t, out, fmt.Sprintf("%d.txt.json", i)); got != "99甲" {
			t.Errorf("%d: %s", i, got)
		}
	}
}

func TestPlace(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	write(t, in, map[string]string{"sub/a.txt": "one"})
	if _, err := batch.Run(t.Context(), options(in, out)); err != nil {
		t.Fatal(err)
	}
	got, output, ok := batch.Place(filepath.Join(out, "json", "a.txt.json"))
	if !ok || output != "a.txt.json" || filepath.Base(got) != filepath.Base(out) {
		t.Errorf("%s %s %v", got, output, ok)
	}
	if _, _, ok := batch.Place(filepath.Join(in, "json", "a.json")); ok {
		t.Error("a folder without a ledger was taken for an output")
	}
	if _, err := batch.Local(out).Result("../ledger.db"); err == nil {
		t.Error("a path out of the results was read")
	}
}
