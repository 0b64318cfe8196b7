package batch_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/report"
	"github.com/nianbao/nianbao/worker"
)

var long = flag.Bool("long", false, "the kill test over 2,000 files and 20 kills")

// The test binary is also a batch that can be killed, and the worker of one.
func TestMain(m *testing.M) {
	flag.Parse()
	var err error
	switch os.Getenv("BATCH_TEST") {
	case "":
		os.Exit(m.Run())
	case "run":
		o := options(flag.Arg(0), flag.Arg(1))
		o.Jobs = 2
		o.New = func(temp string) batch.Converter {
			return worker.New(worker.Config{Env: []string{"BATCH_TEST=worker"}, Temp: temp})
		}
		_, err = batch.Run(context.Background(), o)
	case "worker":
		var out *os.File
		if out, err = worker.Confine(memory); err == nil {
			err = worker.Serve(context.Background(), os.Stdin, out, convert)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

const memory = 300 << 20

// convert makes a small report of a document whose content says what is to happen.
func convert(_ context.Context, doc worker.Document, page func(n, of int)) ([]byte, error) {
	text := string(doc.Pages[0].Data)
	page(1, len(doc.Pages))
	switch {
	case text == "":
		return nil, &worker.Failure{Reason: worker.Empty, Message: "the file is empty"}
	case strings.HasPrefix(text, "hang"):
		time.Sleep(time.Hour)
	case strings.HasPrefix(text, "crash"):
		panic("a hostile file")
	case strings.HasPrefix(text, "claim"):
		return make([]byte, 10<<30), nil
	case strings.HasPrefix(text, "encrypted"):
		return nil, &worker.Failure{Reason: worker.Encrypted, Message: "the file needs a password"}
	case strings.HasPrefix(text, "cut"):
		return nil, &worker.Failure{Reason: worker.Damaged, Message: "the file is damaged"}
	}
	r := &report.Report{Schema: report.Schema, Outcome: report.Complete, Form: "2021", Meta: report.Meta{Title: text}}
	for _, o := range []report.Outcome{report.Partial, report.NoNumbers, report.NotAReport} {
		if strings.HasPrefix(text, string(o)) {
			r.Outcome = o
		}
	}
	var sums [][sha256.Size]byte
	for _, p := range doc.Pages {
		sums = append(sums, sha256.Sum256(p.Data))
	}
	r.Source = report.Source{Name: doc.Name, SHA256: worker.Digest(sums)}
	for i := range doc.Pages {
		r.Source.Pages = append(r.Source.Pages, report.Page{Number: i + 1})
	}
	n := report.Int(int64(len(text)))
	r.Tables.Set("/tables/requests/received/total", report.Value{Number: &n})
	r.Producer.Version = "1"
	var b bytes.Buffer
	err := report.Encode(&b, r, true)
	return b.Bytes(), err
}

// direct converts in this process.
type direct struct{ count *atomic.Int64 }

func (d direct) Do(ctx context.Context, job worker.Job, page func(n, of int)) ([]byte, error) {
	if d.count != nil {
		d.count.Add(1)
	}
	doc := worker.Document{Name: job.Name}
	for _, p := range job.Parts {
		r, err := p.Open()
		if err != nil {
			return nil, worker.FailureOf(err)
		}
		b, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			return nil, worker.FailureOf(err)
		}
		doc.Pages = append(doc.Pages, worker.File{Name: p.Name, Data: b})
	}
	return convert(ctx, doc, page)
}

func (direct) Close() error { return nil }

func options(in, out string) batch.Options {
	return batch.Options{
		In: []string{in}, Out: out, Jobs: 2, Identity: batch.Identity{Version: "1", Settings: "s"},
		New: func(string) batch.Converter { return direct{} },
	}
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// tree lists the results and reasons below an output folder with their content.
func tree(t *testing.T, out string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, room := range []string{"json", "quarantine"} {
		err := filepath.WalkDir(filepath.Join(out, room), func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(p)
			rel, _ := filepath.Rel(out, p)
			files[filepath.ToSlash(rel)] = string(b)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func names(files map[string]string) string {
	var out []string
	for n := range files {
		out = append(out, n)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func run(t *testing.T, o batch.Options) batch.Summary {
	t.Helper()
	s, err := batch.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func zipped(t *testing.T, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	var order []string
	for n := range files {
		order = append(order, n)
	}
	slices.Sort(order)
	for _, n := range order {
		w, err := z.Create(n)
		if err == nil {
			_, err = io.WriteString(w, files[n])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const png = "\x89PNG\r\n\x1a\n"

func TestWhatIsADocument(t *testing.T) {
	tests := []struct {
		reason  string
		files   map[string]string
		prepare func(dir string) error
		filter  batch.Filter
		want    string
	}{
		{"a file is named whole, so that two formats do not collide",
			map[string]string{"a.pdf": "1", "a.docx": "2", "b/a.pdf": "3"}, nil, batch.Filter{},
			"json/a.docx.json json/a.pdf.json json/b/a.pdf.json"},
		{"what systems leave behind is nothing",
			map[string]string{"a": "1", ".DS_Store": "2", "Thumbs.db": "3", "~$a.docx": "4", ".git/x": "5"}, nil, batch.Filter{},
			"json/a.json"},
		{"links are named, not read",
			map[string]string{"a": "1"},
			func(dir string) error { return os.Symlink("a", filepath.Join(dir, "l")) }, batch.Filter{},
			"json/a.json quarantine/l.reason.json"},
		{"pages that count up are one report",
			map[string]string{"区/10.png": png + "10", "区/9.png": png + "9", "区/8.png": png + "8"}, nil, batch.Filter{},
			"json/区.json"},
		{"pictures of years are a report each",
			map[string]string{"区/2022.png": png + "2", "区/2023.png": png + "3"}, nil, batch.Filter{},
			"json/区/2022.png.json json/区/2023.png.json"},
		{"so are pictures with names",
			map[string]string{"a局.png": png + "2", "b局.png": png + "3"}, nil, batch.Filter{},
			"json/a局.png.json json/b局.png.json"},
		{"unless the user says that they are pages",
			map[string]string{"x/a局.png": png + "2", "x/b局.png": png + "3"}, nil, batch.Filter{Pages: batch.PagesAlways},
			"json/x.json"},
		{"or that none are",
			map[string]string{"x/1.png": png + "2", "x/2.png": png + "3"}, nil, batch.Filter{Pages: batch.PagesNever},
			"json/x/1.png.json json/x/2.png.json"},
		{"pictures whose names begin alike are the pages of one report, also beside other files",
			map[string]string{"甲局-1.png": png + "1", "甲局-2.png": png + "2", "乙局-1.png": png + "3", "丙局第1页.png": png + "4", "丙局第2页.png": png + "5", "x.txt": "t"}, nil, batch.Filter{},
			"json/x.txt.json json/丙局.json json/乙局-1.png.json json/甲局.json"},
		{"in an archive, too",
			map[string]string{"z.zip": zipped(t, map[string]string{"A-1.png": png + "1", "A-2.png": png + "2", "B-1.png": png + "3"})}, nil, batch.Filter{},
			"json/z.zip/A.json json/z.zip/B-1.png.json"},
		{"numbers that leave gaps or follow a word at once tell no pages",
			map[string]string{"a-1.png": png + "1", "a-3.png": png + "2", "附件1.png": png + "3", "附件2.png": png + "4", "x": "t"}, nil, batch.Filter{},
			"json/a-1.png.json json/a-3.png.json json/x.json json/附件1.png.json json/附件2.png.json"},
		{"a text called .png is no page",
			map[string]string{"x/1.png": png + "2", "x/2.png": "text"}, nil, batch.Filter{},
			"json/x/1.png.json json/x/2.png.json"},
		{"an archive is a folder",
			map[string]string{"z.zip": zipped(t, map[string]string{"a.txt": "1", "d/b.txt": "2", "页/1.png": png + "1", "页/2.png": png + "2"})}, nil, batch.Filter{},
			"json/z.zip/a.txt.json json/z.zip/d/b.txt.json json/z.zip/页.json"},
		{"its folders are no documents, whichever slash they end in",
			map[string]string{"z.zip": zipped(t, map[string]string{"d/": "", `e\`: "", `e\a.txt`: "1"})}, nil, batch.Filter{},
			"json/z.zip/e/a.txt.json"},
		{"and has no way out",
			map[string]string{"z.zip": zipped(t, map[string]string{"../../a.txt": "1", `..\b.txt`: "2"})}, nil, batch.Filter{},
			"json/z.zip/a.txt.json json/z.zip/b.txt.json"},
		{"an archive in an archive is refused",
			map[string]string{"z.zip": zipped(t, map[string]string{"y.zip": zipped(t, map[string]string{"a": "1"})})}, nil, batch.Filter{},
			"quarantine/z.zip/y.zip.reason.json"},
		{"a Word file is no archive of reports",
			map[string]string{"z.docx": zipped(t, map[string]string{"[Content_Types].xml": "x", "word/document.xml": "y"})}, nil, batch.Filter{},
			"json/z.docx.json"},
		{"include and exclude",
			map[string]string{"a.pdf": "1", "b.txt": "2", "old/c.pdf": "3", "d/e/f.pdf": "4"}, nil,
			batch.Filter{Include: []string{"*.pdf"}, Exclude: []string{"old", "d/**/f.pdf"}},
			"json/a.pdf.json"},
		{"the same content is converted once, under its first name",
			map[string]string{"b": "same", "a": "same", "c": "other"}, nil, batch.Filter{},
			"json/a.json json/c.json"},
		{"names that differ in case only keep apart where they cannot",
			map[string]string{"a.pdf": "1", "A.pdf": "2"}, nil, batch.Filter{},
			"json/A.pdf.json json/a.pdf~6b86b273ff34.json"},
		{"a name that is too long is cut",
			map[string]string{strings.Repeat("年", 84): "1"}, nil, batch.Filter{},
			"json/" + strings.Repeat("年", 72) + "~7bc9584b8e0f.json"},
	}
	deep := strings.Repeat("d/", 2500) + "a"
	tests = append(tests, []struct {
		reason  string
		files   map[string]string
		prepare func(dir string) error
		filter  batch.Filter
		want    string
	}{
		{"a path that is too long keeps its last element",
			map[string]string{"z.zip": zipped(t, map[string]string{deep: "1", "b": "2"})}, nil, batch.Filter{},
			"json/a~" + fmt.Sprintf("%x", sha256.Sum256([]byte("z.zip/"+deep)))[:12] + ".json json/z.zip/b.json"},
		{"a folder that is called like a result makes room for it",
			map[string]string{"z.zip": zipped(t, map[string]string{"x.txt": "1", "x.txt.json/y": "2"}), "x.txt": "3", "x.txt.JSON/y": "4"}, nil, batch.Filter{},
			"json/x.txt.JSON_/y.json json/x.txt.json json/z.zip/x.txt.json json/z.zip/x.txt.json_/y.json"},
		{"control characters do not come into the names of results",
			map[string]string{"a\nb\x1b[31m": "1"}, nil, batch.Filter{},
			"json/a_b_[31m.json"},
	}...)
	for _, tt := range tests {
		in, out := t.TempDir(), t.TempDir()
		write(t, in, tt.files)
		if tt.prepare != nil {
			if err := tt.prepare(in); err != nil {
				t.Fatal(err)
			}
		}
		o := options(in, out)
		o.Filter = tt.filter
		run(t, o)
		if got := names(tree(t, out)); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.reason, got, tt.want)
		}
	}
}

func TestInputsAndOutputMayNotOverlap(t *testing.T) {
	in := t.TempDir()
	write(t, in, map[string]string{"a": "1", "d/b": "2"})
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(in, link); err != nil {
		t.Fatal(err)
	}
	for _, o := range []batch.Options{
		options(in, in), options(in, filepath.Join(in, "out")), options(filepath.Join(in, "d"), in),
		options(link, filepath.Join(in, "out")), options(filepath.Join(in, "none"), t.TempDir()),
		options(filepath.Join(in, "*.pdf"), t.TempDir()),
	} {
		if _, err := batch.Run(t.Context(), o); !errors.Is(err, batch.ErrInput) {
			t.Errorf("%s to %s: %v", o.In, o.Out, err)
		}
	}
	if _, err := os.Stat(filepath.Join(in, "out")); err == nil {
		t.Error("a refused batch made its output folder")
	}
}

func TestRunningAgain(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	write(t, in, map[string]string{"a": "one", "b": "two", "c": "cut"})
	var count atomic.Int64
	o := options(in, out)
	o.New = func(string) batch.Converter { return direct{&count} }
	steps := []struct {
		reason      string
		change      func()
		conversions int64
		want        string
	}{
		{"the first run", func() {}, 3, "json/a.json json/b.json quarantine/c.reason.json"},
		{"nothing to do", func() {}, 0, ""},
		{"failed inputs on request", func() { o.Retry = true }, 1, ""},
		{"a new input", func() { o.Retry = false; write(t, in, map[string]string{"d": "four"}) }, 1, "json/a.json json/b.json json/d.json quarantine/c.reason.json"},
		{"a changed input", func() { write(t, in, map[string]string{"a": "eins"}) }, 1, ""},
		{"an input that is well again", func() { write(t, in, map[string]string{"c": "three"}) }, 1, "json/a.json json/b.json json/c.json json/d.json"},
		{"other settings", func() { o.Identity.Settings = "t" }, 4, ""},
		{"a lost result", func() { remove(t, filepath.Join(out, "json", "b.json")) }, 1, ""},
		{"a lost ledger", func() { remove(t, filepath.Join(out, "ledger.db")) }, 0, ""},
		{"a damaged ledger", func() { write(t, out, map[string]string{"ledger.db": strings.Repeat("no database", 1000)}) }, 0, ""},
		{"a lost ledger and other settings", func() { remove(t, filepath.Join(out, "ledger.db")); o.Identity.Settings = "u" }, 4, ""},
		{"an input that fails now", func() { write(t, in, map[string]string{"b": "cut 2"}) }, 1, "json/a.json json/c.json json/d.json quarantine/b.last.json quarantine/b.reason.json"},
		{"a lost ledger with a failure in it", func() { remove(t, filepath.Join(out, "ledger.db")) }, 0, ""},
	}
	want := ""
	for _, s := range steps {
		s.change()
		count.Store(0)
		run(t, o)
		if s.want != "" {
			want = s.want
		}
		if n := count.Load(); n != s.conversions {
			t.Errorf("%s: %d conversions, want %d", s.reason, n, s.conversions)
		}
		if got := names(tree(t, out)); got != want {
			t.Errorf("%s:\n got %s\nwant %s", s.reason, got, want)
		}
	}
	if got := tree(t, out)["json/a.json"]; !strings.Contains(got, "eins") {
		t.Errorf("the changed input's result is\n%s", got)
	}
}

func remove(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
}

func TestContentThatMoves(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	write(t, in, map[string]string{"b": "first"})
	run(t, options(in, out))
	for _, step := range []struct {
		reason string
		files  map[string]string
	}{
		{"behind the input that replaces it", map[string]string{"b": "second", "c": "first"}},
		{"before it", map[string]string{"b": "third", "a": "second"}},
		{"round", map[string]string{"a": "first", "b": "second", "c": "third"}},
	} {
		write(t, in, step.files)
		run(t, options(in, out))
		titles := map[string]int{}
		for _, content := range tree(t, out) {
			r, err := report.Decode([]byte(content))
			if err != nil {
				t.Fatal(err)
			}
			titles[r.Meta.Title]++
		}
		for _, content := range step.files {
			if titles[content] != 1 {
				t.Errorf("%s: %d results of %q: %s", step.reason, titles[content], content, names(tree(t, out)))
			}
		}
	}
}

func TestTwoInputFoldersWithOneOutput(t *testing.T) {
	a, b, out := t.TempDir(), t.TempDir(), t.TempDir()
	write(t, a, map[string]string{"x": "from a"})
	write(t, b, map[string]string{"x": "from b"})
	run(t, options(a, out))
	run(t, options(b, out))
	if got := tree(t, out); len(got) != 2 || !strings.Contains(got["json/x.json"], "from a") {
		t.Errorf("got %s", names(got))
	}
}

func TestHostileFilesAmongGoodOnes(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	files := map[string]string{
		"x1-hang.pdf": "hang", "x2-crash.pdf": "crash", "x3-claim.pdf": "claim", "x4-empty.pdf": "", "x5-encrypted.pdf": "encrypted", "x6-cut.docx": "cut",
	}
	for i := range 100 {
		files[fmt.Sprintf("good-%d.pdf", i)] = fmt.Sprint("good ", i)
	}
	write(t, in, files)
	o := options(in, out)
	o.New = func(temp string) batch.Converter {
		return worker.New(worker.Config{
			Env: []string{"BATCH_TEST=worker"}, Temp: temp, Limits: worker.Limits{Base: time.Second, PerPage: time.Second, Memory: memory},
		})
	}
	s := run(t, o)
	if s.Converted != 100 || s.Failed != 6 {
		t.Errorf("%d converted, %d failed", s.Converted, s.Failed)
	}
	q, err := batch.Reasons(batch.Local(out).Folder)
	if err != nil {
		t.Fatal(err)
	}
	want := []worker.Reason{worker.Timeout, worker.Crashed, worker.OutOfMemory, worker.Empty, worker.Encrypted, worker.Damaged}
	for i, reason := range want {
		if i >= len(q) || q[i].Reason != reason {
			t.Errorf("quarantine %d: %+v, want %s", i, q, reason)
		}
	}
	if len(q) > 1 && !strings.Contains(q[1].Stderr, "a hostile file") {
		t.Errorf("the reason does not hold what the worker said: %q", q[1].Stderr)
	}
	if got, err := os.ReadFile(filepath.Join(in, "x2-crash.pdf")); err != nil || string(got) != "crash" {
		t.Error("an original was touched")
	}
	st, err := batch.ReadStatus(out)
	if err != nil || st.Done != 100 || st.Failed != 6 || st.Shards[0].State != "finished" || st.Reasons[worker.Timeout] != 1 {
		t.Errorf("status %+v, %v", st, err)
	}
	if left, err := os.ReadDir(filepath.Join(out, "tmp")); err == nil {
		t.Errorf("temporary files are left: %v", left)
	}
}

func TestShards(t *testing.T) {
	in, out, whole := t.TempDir(), t.TempDir(), t.TempDir()
	files := map[string]string{}
	members := map[string]string{}
	for i := range 60 {
		files[fmt.Sprintf("%d.txt", i)] = fmt.Sprint("report ", i, strings.Repeat("x", i*300))
	}
	members["copy.txt"] = files["50.txt"] // the same content as a file, in another shape
	files["z.zip"] = zipped(t, members)
	files["cut.txt"] = "cut"
	write(t, in, files)
	run(t, options(in, whole))
	total := 0
	for i := range 3 {
		o := options(in, out)
		o.Shard = batch.Shard{Index: i + 1, Count: 3}
		s := run(t, o)
		if s.Converted < 8 {
			t.Errorf("shard %d converted %d: the shards are uneven", i+1, s.Converted)
		}
		total += s.Converted
	}
	if total != 60 {
		t.Errorf("%d conversions, want 60: a duplicate was converted twice, or something lost", total)
	}
	if a, b := names(tree(t, whole)), names(tree(t, out)); a != b {
		t.Errorf("got %s\nwant %s", b, a)
	}
	st, err := batch.ReadStatus(out)
	if err != nil || st.Done != 60 || st.Failed != 1 || len(st.Shards) != 3 {
		t.Errorf("status %+v, %v", st, err)
	}
	// A shard whose input has changed replaces the result, whichever shard made that.
	write(t, in, map[string]string{"7.txt": "changed"})
	for i := range 3 {
		o := options(in, out)
		o.Shard = batch.Shard{Index: i + 1, Count: 3}
		run(t, o)
	}
	if got := tree(t, out); len(got) != 61 || !strings.Contains(got["json/7.txt.json"], "changed") {
		t.Errorf("after a change: %s", names(got))
	}
}

func TestShardFromEnv(t *testing.T) {
	tests := []struct {
		env    string
		count  int
		want   batch.Shard
		fails  bool
		reason string
	}{
		{"", 0, batch.Shard{}, false, "no scheduler"},
		{"SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_COUNT=8", 0, batch.Shard{Index: 1, Count: 8}, false, "--array=0-7"},
		{"SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_STEP=2 SLURM_ARRAY_TASK_COUNT=4", 0, batch.Shard{Index: 4, Count: 4}, false, "--array=1-7:2"},
		{"JOB_COMPLETION_INDEX=0", 4, batch.Shard{Index: 1, Count: 4}, false, "Kubernetes counts from 0"},
		{"JOB_COMPLETION_INDEX=0", 0, batch.Shard{}, true, "and does not say how many there are"},
		{"JOB_COMPLETION_INDEX=4", 4, batch.Shard{}, true, "more pods than shards"},
		{"PARALLEL_SEQ=3", 4, batch.Shard{Index: 3, Count: 4}, false, "GNU parallel counts from 1"},
		{"PARALLEL_SEQ=3", 0, batch.Shard{}, false, "and is used without shards too"},
		{"SLURM_ARRAY_TASK_ID=x", 0, batch.Shard{}, true, "nonsense"},
	}
	for _, tt := range tests {
		env := map[string]string{}
		for _, kv := range strings.Fields(tt.env) {
			k, v, _ := strings.Cut(kv, "=")
			env[k] = v
		}
		got, _, err := batch.ShardFromEnv(func(k string) string { return env[k] }, tt.count)
		if (err != nil) != tt.fails || !tt.fails && got != tt.want {
			t.Errorf("%s: got %v, %v (%s)", tt.env, got, err, tt.reason)
		}
	}
}

func TestOneBatchAtATime(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	write(t, in, map[string]string{"a": "1"})
	o := options(in, out)
	o.Notify = func(e batch.Event) {
		if e.Kind != batch.Started {
			return
		}
		if _, err := batch.Run(t.Context(), options(in, out)); !errors.Is(err, batch.ErrLocked) {
			t.Errorf("a second batch: %v", err)
		}
	}
	run(t, o)
}

// slow converts when it is let.
type slow struct {
	started chan<- string
	let     <-chan struct{}
}

func (s slow) Do(ctx context.Context, job worker.Job, page func(n, of int)) ([]byte, error) {
	s.started <- job.Name
	select {
	case <-s.let:
		return direct{}.Do(ctx, job, page)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (slow) Close() error { return nil }

func TestFinishAndStop(t *testing.T) {
	for _, stop := range []bool{false, true} {
		in, out := t.TempDir(), t.TempDir()
		write(t, in, map[string]string{"a": "1", "b": "2", "c": "3"})
		started, let, finish := make(chan string, 9), make(chan struct{}), make(chan struct{})
		o := options(in, out)
		o.Jobs, o.Finish = 1, finish
		o.New = func(string) batch.Converter { return slow{started, let} }
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() {
			<-started
			if m, err := batch.ReadManifest(out); err != nil || m.Totals[batch.FateWaiting] != 3 {
				t.Errorf("of three inputs, while the first is converted, the list has %+v, %v", m, err)
			}
			if s, err := batch.ReadStatus(out); err != nil || s.Shards[0].Total != 3 {
				t.Errorf("status says %+v, %v", s, err)
			}
			close(finish)
			if stop {
				cancel()
			} else {
				close(let)
			}
		}()
		s, err := batch.Run(ctx, o)
		want := map[bool]int{false: 1, true: 0}[stop]
		if err != nil || !s.Interrupted || s.Converted != want {
			t.Errorf("stopped at once %v: %+v, %v", stop, s, err)
		}
		if m, err := batch.ReadManifest(out); err != nil || m.Found != 3 || m.Totals[batch.FateWaiting] != 3-want {
			t.Errorf("stopped at once %v: %+v, %v", stop, m, err)
		}
		if s := run(t, options(in, out)); s.Converted != 3-want || s.Interrupted {
			t.Errorf("resumed: %+v", s)
		}
	}
}

func TestWatch(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	finish := make(chan struct{})
	var mu sync.Mutex
	var got []string
	o := options(in, out)
	o.Watch, o.Poll, o.Stable, o.Finish = true, 20*time.Millisecond, time.Second, finish // ten times the copy's steps
	o.Notify = func(e batch.Event) {
		mu.Lock()
		defer mu.Unlock()
		if e.Kind == batch.Converted {
			if got = append(got, e.Input); len(got) == 2 {
				close(finish)
			}
		}
	}
	go func() { // a slow copy: what is taken too early is taken wrong
		name := filepath.Join(in, "slow")
		for i := range 8 {
			if err := os.WriteFile(name, bytes.Repeat([]byte("x"), i+1), 0o644); err != nil {
				t.Error(err)
			}
			if i == 3 {
				if err := os.WriteFile(filepath.Join(in, "fast"), []byte("y"), 0o644); err != nil {
					t.Error(err)
				}
			}
			time.Sleep(100 * time.Millisecond)
		}
	}()
	s := run(t, o)
	if s.Converted != 2 || len(tree(t, out)) != 2 {
		t.Errorf("%+v: %v", s, got)
	}
	if !strings.Contains(tree(t, out)["json/slow.json"], "xxxxxxxx") {
		t.Error("a file was taken before it was whole")
	}
}

func TestBatchEndsWhenTheConverterCannotWork(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	write(t, in, map[string]string{"a": "1", "b": "2"})
	o := options(in, out)
	o.New = func(temp string) batch.Converter { return worker.New(worker.Config{Program: "/bin/true", Temp: temp}) }
	if _, err := batch.Run(t.Context(), o); !errors.Is(err, worker.ErrStart) {
		t.Errorf("got %v", err)
	}
	if len(tree(t, out)) != 0 {
		t.Error("a document was blamed")
	}
}

func BenchmarkResume(b *testing.B) {
	in, out := b.TempDir(), b.TempDir()
	old := time.Now().Add(-time.Hour)
	for i := range 1000 {
		name := filepath.Join(in, fmt.Sprint(i))
		if err := errors.Join(os.WriteFile(name, fmt.Append(nil, i), 0o644), os.Chtimes(name, old, old)); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if _, err := batch.Run(b.Context(), options(in, out)); err != nil {
			b.Fatal(err)
		}
	}
}

func TestLedgerThatIsJustBeingMade(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	write(t, in, map[string]string{"a": "1"})
	write(t, out, map[string]string{"ledger-2-of-2.db": ""})
	o := options(in, out)
	o.Shard = batch.Shard{Index: 1, Count: 2}
	run(t, o)
	if st, err := batch.ReadStatus(out); err != nil || len(st.Shards) != 1 {
		t.Errorf("%+v, %v", st, err)
	}
}

// TestStatusAgreesWithTheBar: what the bar shows at a moment of a batch is what status says then, or a beat later.
func TestStatusAgreesWithTheBar(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	write(t, in, map[string]string{"a": "whole", "b": "partial", "c": "cut", "d": "whole too", "e": "held up", "f": "left"})
	started, let := make(chan string, 9), make(chan struct{}, 9)
	o := options(in, out)
	o.Jobs = 1
	o.New = func(string) batch.Converter { return slow{started, let} }
	var bar atomic.Pointer[batch.Progress]
	o.Notify = func(e batch.Event) { bar.Store(&e.Counts) }
	done := make(chan error, 1)
	go func() {
		_, err := batch.Run(t.Context(), o)
		done <- err
	}()
	for range 4 {
		<-started
		let <- struct{}{}
	}
	<-started // the fifth is in work, and stays there
	p := bar.Load()
	if p.Total != 6 || p.Converted != 3 || p.Failed != 1 {
		t.Errorf("the bar shows %+v", p)
	}
	st, err := batch.ReadStatus(out)
	for n := 0; n < 100 && err == nil && st.Shards[0].Left != p.Total-p.Finished(); n++ {
		time.Sleep(100 * time.Millisecond)
		st, err = batch.ReadStatus(out)
	}
	if err != nil {
		t.Fatal(err)
	}
	sh := st.Shards[0]
	if sh.Total != p.Total || sh.Left != p.Total-p.Finished() || sh.Converted != p.Converted || sh.Failed != p.Failed || !sh.Alive || len(sh.InFlight) != 1 {
		t.Errorf("the bar shows %+v, status %+v", p, sh)
	}
	if st.Done != 2 || st.Partial != 1 || st.Failed != 1 {
		t.Errorf("%+v", st)
	}
	close(let)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestOnlyCompleteReportsAreDone: what is not complete is counted apart, and what is no report has no result.
func TestOnlyCompleteReportsAreDone(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	write(t, in, map[string]string{"a": "whole", "b": "partial", "c": "no_numbers", "d": "not_a_report"})
	s := run(t, options(in, out))
	if s.Converted != 3 || s.Failed != 1 || s.Partial != 1 || s.NoNumbers != 1 {
		t.Errorf("%+v", s)
	}
	want := "json/a.json json/b.json json/c.json quarantine/d.reason.json"
	if got := names(tree(t, out)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	st, err := batch.ReadStatus(out)
	if err != nil || st.Done != 1 || st.Partial != 1 || st.NoNumbers != 1 || st.Failed != 1 || st.Reasons[worker.NotAReport] != 1 {
		t.Errorf("%+v, %v", st, err)
	}
}

// TestLedgerOfVersion1 has no outcome: it is read as it is, and brought up to date by the next run.
func TestLedgerOfVersion1(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	write(t, in, map[string]string{"a": "whole"})
	run(t, options(in, out))
	db, err := sql.Open("sqlite", filepath.Join(out, "ledger.db"))
	if err == nil {
		_, err = db.Exec("ALTER TABLE document DROP COLUMN outcome; ALTER TABLE document DROP COLUMN made; ALTER TABLE input DROP COLUMN size; ALTER TABLE input DROP COLUMN files; ALTER TABLE input DROP COLUMN archive; ALTER TABLE input DROP COLUMN seen; PRAGMA user_version = 1")
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	if st, err := batch.ReadStatus(out); err != nil || st.Done != 0 || st.Partial != 1 {
		t.Errorf("before: %+v, %v", st, err)
	}
	o := options(in, out)
	o.Identity.Version = "2"
	if s := run(t, o); s.Converted != 1 {
		t.Errorf("%+v", s)
	}
	if st, err := batch.ReadStatus(out); err != nil || st.Done != 1 || st.Partial != 0 {
		t.Errorf("after: %+v, %v", st, err)
	}
}
