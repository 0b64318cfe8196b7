//go:build linux

package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nianbao/nianbao/internal/dev/servers"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/internal/run/folder"
)

// put copies a folder of this machine to a store.
func put(t *testing.T, from, to string) {
	t.Helper()
	f, err := folder.Open(t.Context(), to, "")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range contents(t, from) {
		if err := f.Write(filepath.ToSlash(name), data); err != nil {
			t.Fatal(err)
		}
	}
}

// storedIn reads the results in a store or a folder.
func storedIn(t *testing.T, out string) map[string]string {
	t.Helper()
	f, err := folder.Open(t.Context(), out, "")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	err = f.List("json", func(e folder.Entry) error {
		b, err := f.Read(e.Name)
		all[e.Name] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestQueueCommands(t *testing.T) {
	db := servers.Database(t, "fsync=off")
	servers.Store(t, "archive")
	in, here := cabinet(t), t.TempDir()
	if _, stderr, status := inProcess(t, "", "batch", in, "-o", here, "-j", "2"); status != exitFailed {
		t.Fatalf("status %d\n%s", status, stderr)
	}
	want := storedIn(t, here)
	put(t, in, "s3://archive/in")
	url, list := db.URL+"?search_path=store", filepath.Join(t.TempDir(), "list.csv")
	for _, c := range []struct {
		reason string
		args   []string
		status int
		says   string
	}{
		{"nothing is submitted", []string{"status", url}, exitFailed, "nothing has been submitted"},
		{"no queue", []string{"submit", in, "-o", here}, exitUsage, "--queue is missing"},
		{"a queue that is none", []string{"work", "--queue", "redis://x"}, exitUsage, "postgres://"},
		{"an output in a store without a queue", []string{"batch", in, "-o", "s3://archive/out"}, exitUsage, "needs --queue"},
		{"inputs of two kinds", []string{"submit", in, "s3://archive/in", "--queue", url, "-o", "s3://archive/out"}, exitUsage, "commands of their own"},
		{"overlapping", []string{"submit", "s3://archive/in", "--queue", url, "-o", "s3://archive/in/out"}, exitUsage, "overlap"},
		{"no such bucket", []string{"submit", "s3://nowhere/in", "--queue", url + "x", "-o", "s3://archive/other"}, exitUsage, "nowhere"},
		{"submitted", []string{"submit", "s3://archive/in", "--queue", url, "-o", "s3://archive/out"}, exitOK, "5 queued"},
		{"another output", []string{"submit", "s3://archive/in", "--queue", url, "-o", "s3://archive/other"}, exitUsage, "another"},
		{"worked", []string{"work", "--queue", url, "--drain", "-j", "2"}, exitOK, "3 converted, 2 in quarantine"},
		{"again", []string{"submit", "s3://archive/in", "--queue", url, "-o", "s3://archive/out"}, exitOK, "0 queued"},
		{"how it stands", []string{"status", url}, exitFailed, "0 waiting, 0 being converted"},
		{"as JSON", []string{"status", url, "--json"}, exitFailed, `"damaged": 1`},
		{"a table", []string{"export", url, "--to", "csv"}, exitOK, "/tables/requests/received/total"},
		{"what became of each", []string{"manifest", url}, exitOK, "5 inputs: "},
		{"where each lies", []string{"manifest", url}, exitOK, "s3://archive/in/县/"},
		{"held against itself", []string{"verify", url, "--originals"}, exitOK, "10 files are as listed"},
		{"a list", []string{"manifest", url, "-o", list}, exitOK, "5 inputs: "},
		{"held against it", []string{"verify", url, list}, exitOK, "5 files are as listed"},
		{"a page without a place", []string{"report", url}, exitUsage, "-o is missing"},
		{"a page", []string{"report", url, "-o", "-"}, exitOK, "cut.docx"},
		{"a batch through the queue", []string{"batch", in, "--queue", db.URL + "?search_path=folder", "-o", filepath.Join(here, "..", "queued"), "-j", "2"},
			exitFailed, "5 inputs: 3 converted, 2 in quarantine; 1 reports to review"},
	} {
		stdout, stderr, status := inProcess(t, "", c.args...)
		if status != c.status || !strings.Contains(stdout+stderr, c.says) {
			t.Errorf("%s: status %d, want %d and %q:\n%s%s", c.reason, status, c.status, c.says, stdout, stderr)
		}
	}
	results, err := filepath.Glob(filepath.Join(here, "..", "queued", "json", "县", "*.json"))
	if err != nil || len(results) != 3 {
		t.Fatal(results, err)
	}
	for file, warns := range map[string]bool{results[0]: true, filepath.Join(here, "json", "县", filepath.Base(results[0])): false} {
		_, stderr, _ := inProcess(t, `[{"path": "/tables/requests/received/total", "value": 3}]`, "apply", file, "-")
		if strings.Contains(stderr, "--of URL") != warns {
			t.Errorf("answers to %s: %s", file, stderr)
		}
	}
	for _, out := range []string{"s3://archive/out", filepath.Join(here, "..", "queued")} {
		got := storedIn(t, out)
		if len(got) != 3 || len(want) != 3 {
			t.Errorf("%s: %d results, want %d", out, len(got), len(want))
		}
		for name, w := range want {
			if got[name] != w {
				t.Errorf("%s: %s is not what batch gives", out, name)
			}
		}
	}
}

// TestQueueAnswers answers for a batch of a queue by its workbook and by a list, and asks where a value comes from.
func TestQueueAnswers(t *testing.T) {
	db := servers.Database(t, "fsync=off")
	servers.Store(t, "archive")
	in, dir := t.TempDir(), t.TempDir()
	for i := range uint64(2) {
		r := synth.Make(i+1, synth.Options{Form: "2021", BreakOne: true})
		if err := os.WriteFile(filepath.Join(in, fmt.Sprintf("%d.pdf", i)), synth.LayOut(r, synth.MakeStyle(i+1)).PDF(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put(t, in, "s3://archive/in")
	if _, errs, status := inProcess(t, "", "batch", "s3://archive/in", "--queue", db.URL, "-o", "s3://archive/out", "-q"); status != exitReview {
		t.Fatal(errs)
	}
	sheet, list, cell := filepath.Join(dir, "review.xlsx"), filepath.Join(dir, "list.csv"), filepath.Join(dir, "cell.png")
	if _, errs, status := inProcess(t, "", "export", db.URL, "--to", "xlsx", "--pictures", "-o", sheet); status != exitOK {
		t.Fatal(errs)
	}
	want := fill(t, sheet)
	if err := os.WriteFile(list, []byte("path,value\n/tables/requests/received/total,987654\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"apply", db.URL, sheet}, exitFailed, fmt.Sprintf("%d answers taken, 0 were there", len(want))},
		{[]string{"apply", db.URL, sheet}, exitFailed, fmt.Sprintf("0 answers taken, %d were there", len(want))},
		{[]string{"apply", "1.pdf.json", list, "--who", "王", "--of", db.URL, "--no-review-exit"}, exitOK, "987654"},
		{[]string{"apply", "2.pdf.json", list, "--of", db.URL}, exitFailed, "2.pdf.json"},
		{[]string{"apply", "1.pdf.json", list}, exitFailed, "no such file"},
		{[]string{"explain", "1.pdf.json", "/tables/requests/received/total", "--of", db.URL, "--png", cell}, exitOK, "confirmed by a person"},
		{[]string{"explain", "1.pdf.json", "/tables/requests/received/none", "--of", db.URL}, exitFailed, "no "},
	} {
		if stdout, stderr, status := inProcess(t, "", c.args...); status != c.status || !strings.Contains(stdout+stderr, c.says) {
			t.Errorf("%v: status %d, want %d and %q:\n%s%s", c.args, status, c.status, c.says, stdout, stderr)
		}
	}
	if b, err := os.ReadFile(cell); err != nil || !strings.HasPrefix(string(b), "\x89PNG") {
		t.Errorf("no picture of the cell: %v", err)
	}
	if got := storedIn(t, "s3://archive/out")["json/1.pdf.json"]; !strings.Contains(got, "987654") || !strings.Contains(got, "王") {
		t.Errorf("the answer is not in the result: %.300s", got)
	}
	// The book knows of it, too.
	if stdout, _, _ := inProcess(t, "", "verify", db.URL); stdout != "" {
		t.Error(stdout)
	}
}

// drawMixed fills a folder with mixed documents that are fast to read, some of them broken, and says how many contents
// there are.
func drawMixed(t *testing.T, dir string, n int) {
	t.Helper()
	for i := range uint64(n) {
		r := synth.Make(i, synth.Options{Form: []string{"2021", "2019", "2014"}[i%3], BreakOne: i%10 == 0})
		name, data := fmt.Sprintf("%d-%s", i, r.Title), []byte(nil)
		switch {
		case i%50 == 7:
			name, data = name+".docx", r.DOCX(synth.Plain())[:3000+i]
		case i%50 == 8:
			name, data = name+".txt", []byte(fmt.Sprintf("第 %d 号：这不是年度报告。", i))
		case i%3 == 0:
			name, data = name+".docx", r.DOCX(synth.MakeStyle(i))
		case i%3 == 1:
			name, data = name+".html", r.HTML(synth.MakeStyle(i))
		default:
			name, data = name+".txt", r.Text(synth.MakeStyle(i))
		}
		name = filepath.Join(dir, fmt.Sprint(i%40), name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestQueueEndurance has three workers convert mixed documents of a store, kills them, the database and the store again
// and again, and wants every result and every reason once, as by batch. With -long there are thousands.
func TestQueueEndurance(t *testing.T) {
	n, away := 30, time.Second
	if *long {
		n, away = *reports, 20*time.Second
	} else { // it is waited for that at the end
		t.Setenv(silenceVariable, "5s")
	}
	t.Logf("-seed %d", *seed)
	random := rand.New(rand.NewPCG(*seed, 0))
	db := servers.Database(t)
	store := servers.Store(t, "archive")
	in, here := filepath.Join(t.TempDir(), "in"), t.TempDir()
	drawMixed(t, in, n)
	begun := time.Now()
	_, _, _ = inProcess(t, "", "batch", in, "-o", here, "-j", "2", "-q")
	took := time.Since(begun)
	want := outcomes(t, here)
	put(t, in, "s3://archive/in")

	if _, stderr, status := inProcess(t, "", "submit", "s3://archive/in", "--queue", db.URL, "-o", "s3://archive/out", "-q"); status != exitOK {
		t.Fatalf("status %d: %s", status, stderr)
	}
	kill, end := keepWorking(t, 3, "work", "--queue", db.URL, "-j", "1", "-q")
	defer end()
	again := func(s *servers.Server, pause time.Duration) func() {
		return func() {
			s.Kill()
			time.Sleep(pause)
			if err := s.Start(); err != nil {
				t.Error(err)
			}
		}
	}
	kills := []func(){again(store, away)}
	for i := range max(3, n/100) {
		kills = append(kills, func() { kill(i % 3) })
	}
	for range 3 {
		kills = append(kills, again(db, time.Duration(random.Int64N(int64(time.Second)))))
	}
	random.Shuffle(len(kills), func(i, j int) { kills[i], kills[j] = kills[j], kills[i] })
	for _, kill := range kills {
		// Later on workers wait for what the dead have; so most kills come early.
		time.Sleep(time.Second/5 + time.Duration(random.Int64N(int64(took)/int64(len(kills))*2)))
		kill()
	}
	last := time.Now()
	for {
		stdout, stderr, _ := inProcess(t, "", "status", db.URL)
		if strings.Contains(stdout, "0 waiting, 0 being converted") {
			break
		}
		if time.Since(last) > 10*took+3*time.Minute {
			t.Fatalf("it does not end:\n%s%s", stdout, stderr)
		}
		time.Sleep(time.Second)
	}
	got := outcomes(t, "s3://archive/out")
	for name, w := range want {
		if got[name] != w {
			t.Errorf("%s is %.200q, want %.200q", name, got[name], w)
		}
	}
	if len(got) != len(want) || len(got) != n {
		t.Errorf("%d outcomes, %d by batch, of %d documents", len(got), len(want), n)
	}
	t.Logf("%d documents: by batch in %v, through the queue in %v with %d kills, %v of it after the last", n, took.Round(time.Second),
		time.Since(begun).Round(time.Second)-took.Round(time.Second), len(kills), time.Since(last).Round(time.Second))
}

// keepWorking starts workers and starts each anew that ends, as Kubernetes does. kill kills one of them, end all.
func keepWorking(t *testing.T, n int, args ...string) (kill func(int), end func()) {
	t.Helper()
	var mu sync.Mutex
	stop := false
	workers := make([]*exec.Cmd, n)
	var ended sync.WaitGroup
	for i := range workers {
		ended.Go(func() {
			for {
				mu.Lock()
				if stop {
					mu.Unlock()
					return
				}
				cmd := program(t, args...)
				workers[i] = cmd
				mu.Unlock()
				_ = cmd.Wait() // it is killed
				time.Sleep(time.Second / 5)
			}
		})
	}
	kill = func(i int) {
		mu.Lock()
		defer mu.Unlock()
		if workers[i] != nil {
			_ = workers[i].Process.Kill() // it is on its way out otherwise
		}
	}
	return kill, func() {
		mu.Lock()
		stop = true
		mu.Unlock()
		for i := range workers {
			kill(i)
		}
		ended.Wait()
	}
}

// outcomes are the results of an output, and the names of the reasons.
func outcomes(t *testing.T, out string) map[string]string {
	t.Helper()
	all := storedIn(t, out)
	f, err := folder.Open(t.Context(), out, "")
	if err != nil {
		t.Fatal(err)
	}
	err = f.List("quarantine", func(e folder.Entry) error {
		name := path.Join("json", strings.TrimSuffix(strings.TrimPrefix(e.Name, "quarantine/"), ".reason.json")+".json")
		if all[name] != "" {
			t.Errorf("%s: %s has both a result and a reason", out, name)
		}
		b, err := f.Read(e.Name)
		_, reason, _ := strings.Cut(string(b), `"reason"`)
		reason, _, _ = strings.Cut(reason, "\n")
		all[name] = reason
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
