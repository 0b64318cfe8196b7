//go:build linux

package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/internal/run/batch"
)

// asRTF writes a text as RTF, which LibreOffice reads.
func asRTF(text string) []byte {
	var b strings.Builder
	b.WriteString(`{\rtf1\ansi\ansicpg936\uc1 `)
	for _, r := range text {
		switch {
		case r == '\n':
			b.WriteString("\\par\n")
		case r < 0x80 && r != '\\' && r != '{' && r != '}':
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\u%d?`, int16(r))
		}
	}
	return []byte(b.String() + "}")
}

// drawForKills fills a folder with documents of which some are broken, some the same, some in a ZIP, and some for LibreOffice,
// where it is installed. It says how many inputs there are.
func drawForKills(t *testing.T, dir string, n int) int {
	t.Helper()
	drawMixed(t, dir, n)
	put := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
		n++
	}
	text := func(i uint64) []byte { return synth.Make(i, synth.Options{}).Text(synth.MakeStyle(i)) }
	first := uint64(n)
	for i := range uint64(max(2, n/100)) {
		put(fmt.Sprintf("twin-%d.txt", i), text(first+i/2*2)) // two each are the same
	}
	var z bytes.Buffer
	w := zip.NewWriter(&z)
	for i := range uint64(max(3, n/40)) {
		f, err := w.Create(fmt.Sprintf("局/%d.txt", i))
		if err == nil {
			_, err = f.Write(text(2*first + i))
		}
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	put("some.zip", z.Bytes())
	n-- // it stands for its members
	if _, err := exec.LookPath("soffice"); err == nil {
		for i := range uint64(max(1, n/80)) {
			put(fmt.Sprintf("old-%d.rtf", i), asRTF(string(text(3*first+i))))
		}
	}
	return n
}

// of lists the processes that were started with a text in their environment: a kill leaves none of them.
func of(text string) (pids []int) {
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		if b, err := os.ReadFile(filepath.Join("/proc", e.Name(), "environ")); err == nil && bytes.Contains(b, []byte(text)) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// killings is a batch that is killed again and again.
type killings struct {
	t       *testing.T
	in, out string
	temp    string // the system's folder for temporary files, as the batch sees it
	home    string
}

// start runs the batch in a process group and a world of its own.
func (k *killings) start(out string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe", "batch", k.in, "-o", out, "-j", "2", "-q")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cache, err := os.UserCacheDir()
	if err != nil {
		k.t.Fatal(err)
	}
	cmd.Env = append(os.Environ(), "TMPDIR="+k.temp, "HOME="+k.home, "NIANBAO_CACHE="+filepath.Join(cache, "nianbao"))
	cmd.Stderr = &bytes.Buffer{}
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	return cmd
}

// outcomes are the results of an output folder by their names, and the reasons in the place of those that have none.
func (k *killings) outcomes(out string) map[string]string {
	all := map[string]string{}
	for name, data := range contents(k.t, filepath.Join(out, "json")) {
		all[strings.TrimSuffix(name, ".json")] = string(data)
	}
	for name, data := range contents(k.t, filepath.Join(out, "quarantine")) {
		var q batch.Quarantined
		name, ok := strings.CutSuffix(name, ".reason.json")
		if err := json.Unmarshal(data, &q); err != nil || !ok || all[name] != "" {
			k.t.Errorf("%s: %v, or it is no reason, or has a result, too", name, err)
		}
		all[name] = string(q.Reason) + ": " + q.Message
	}
	return all
}

// done counts the results that there are.
func (k *killings) done() (n int) {
	_ = filepath.WalkDir(filepath.Join(k.out, "json"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return nil // what is not there yet is not counted
	})
	return n
}

// gone waits until nothing runs any more that the batch has started.
func (k *killings) gone(after string) {
	const patience = 20 * time.Second
	for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		left := of(k.home)
		if len(left) == 0 {
			return
		}
		if time.Since(begun) > patience {
			k.t.Errorf("after %s %d processes run on", after, len(left))
			for _, pid := range left {
				b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
				k.t.Logf("%d: %q", pid, b)
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
			return
		}
	}
}

// The ways to kill, in turn.
var ways = []struct {
	name string
	kill func(pid int, home string)
	ends bool // the batch
}{
	{"kill -9 of the parent", func(pid int, _ string) { _ = syscall.Kill(pid, syscall.SIGKILL) }, true},
	{"kill -9 of the workers", func(pid int, _ string) {
		for _, c := range children(pid) {
			_ = syscall.Kill(c, syscall.SIGKILL)
		}
	}, false},
	{"kill -9 of all", func(pid int, home string) {
		_ = syscall.Kill(-pid, syscall.SIGKILL)
		for _, p := range of(home) {
			_ = syscall.Kill(p, syscall.SIGKILL)
		}
	}, true},
	{"a closed terminal", func(pid int, _ string) { _ = syscall.Kill(-pid, syscall.SIGHUP) }, true},
	{"a second signal at once", func(pid int, _ string) {
		_ = syscall.Kill(-pid, syscall.SIGHUP)
		time.Sleep(50 * time.Millisecond)
		_ = syscall.Kill(-pid, syscall.SIGHUP)
	}, true},
}

// TestKilled converts a folder, killing the parent, its workers, all of them, and closing the terminal, and wants what
// an undisturbed run gives: nothing lost, nothing twice, no process, temporary file or profile left. -long is the full
// size: 2,000 files and 25 kills.
func TestKilled(t *testing.T) {
	files, kills := 60, len(ways)+1
	if *long {
		files, kills = *reports, 5*len(ways)
	}
	dir := t.TempDir()
	k := &killings{t: t, in: filepath.Join(dir, "in"), out: filepath.Join(dir, "out"), temp: filepath.Join(dir, "temp"), home: filepath.Join(dir, "home")}
	for _, d := range []string{k.temp, k.home} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	inputs := drawForKills(t, k.in, files)
	whole := filepath.Join(dir, "whole")
	begun := time.Now()
	_ = k.start(whole).Wait() // some are broken
	took := time.Since(begun)
	want := k.outcomes(whole)

	hit := map[string]int{}
	begun = time.Now()
	cmd := k.start(k.out)
	for n := range kills {
		way := ways[n%len(ways)]
		// Most kills come when so much is done, some while the batch begins.
		if due := len(want) * (n + 1) / (kills + 1); n%4 != 3 {
			for last := time.Now(); k.done() < due*9/10 && time.Since(last) < 5*took+time.Minute; {
				if cmd.ProcessState != nil || syscall.Kill(cmd.Process.Pid, 0) != nil {
					break
				}
				time.Sleep(10 * time.Millisecond)
			}
		}
		time.Sleep(time.Duration(rand.Int64N(int64(300 * time.Millisecond))))
		way.kill(cmd.Process.Pid, k.home)
		if !way.ends {
			hit[way.name]++
			continue
		}
		_ = cmd.Wait() // its state says more
		if code := cmd.ProcessState.ExitCode(); code != exitOK && code != exitReview {
			hit[way.name]++
		}
		if said := cmd.Stderr.(*bytes.Buffer).String(); strings.Contains(said, "panic") || strings.Contains(said, "goroutine") {
			t.Errorf("after %s: %s", way.name, said)
		}
		k.gone(way.name)
		cmd = k.start(k.out)
	}
	_ = cmd.Wait() // what is said below tells how it ended
	k.gone("the end")
	t.Logf("%d inputs, %v in peace; %d kills in %v: %v", inputs, took.Round(time.Second), kills, time.Since(begun).Round(time.Second), hit)
	if code := cmd.ProcessState.ExitCode(); code != exitFailed { // the broken ones
		t.Errorf("the last run ended with %d: %s", code, cmd.Stderr)
	}

	got := k.outcomes(k.out)
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got[name] != want[name] {
			t.Errorf("%s is\n%.300s\nand without kills\n%.300s", name, got[name], want[name])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d outcomes, %d without kills", len(got), len(want))
	}
	k.listed(inputs)
	k.tidy()
}

// listed wants every input once on the list of the batch, whose totals add up, and what is there as listed.
func (k *killings) listed(inputs int) {
	m, err := batch.ReadManifest(k.out)
	if err != nil {
		k.t.Fatal(err)
	}
	seen, sum := map[string]bool{}, 0
	for _, l := range m.Lines {
		if name := l.Input + "\x00" + l.Inside; seen[name] || l.Fate == batch.FateWaiting {
			k.t.Errorf("%s: %s, or it is listed twice", l.Input, l.Fate)
		} else {
			seen[name] = true
		}
	}
	for _, n := range m.Totals {
		sum += n
	}
	if len(seen) != inputs || m.Found != inputs || sum != inputs {
		k.t.Errorf("%d listed, %d found, totals of %d, and there are %d inputs", len(seen), m.Found, sum, inputs)
	}
	if stdout, stderr, status := inProcess(k.t, "", "verify", k.out, "--originals"); status != exitOK {
		k.t.Errorf("verify: %d %s%s", status, stdout, stderr)
	}
}

// tidy wants no temporary file left: in the output folder, in the system's folder or at home.
func (k *killings) tidy() {
	for _, dir := range []string{filepath.Join(k.out, "tmp"), k.temp, k.home} {
		err := filepath.WalkDir(dir, func(p string, _ fs.DirEntry, err error) error {
			if err == nil && p != dir {
				k.t.Errorf("%s is left", p)
			}
			return nil
		})
		if err != nil {
			k.t.Error(err)
		}
	}
}
