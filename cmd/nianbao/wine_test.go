//go:build linux

package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/internal/dev/race"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/internal/run/answers"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/report"
)

// wine runs programs for Windows.
type wine struct {
	program string
	env     []string
}

// installWine makes a Windows of its own in a folder, where Debian's wine64 is installed.
func installWine(t *testing.T) *wine {
	t.Helper()
	w := &wine{}
	for _, name := range []string{"wine64", "/usr/lib/wine/wine64", "wine"} {
		if path, err := exec.LookPath(name); err == nil {
			w.program = path
			break
		}
	}
	if w.program == "" {
		t.Skip("wine is not installed (Debian: wine64)")
	}
	prefix := filepath.Join(t.TempDir(), "wine")
	w.env = append(os.Environ(), "WINEPREFIX="+prefix, "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml=", "DISPLAY=",
		"LC_ALL=C.UTF-8") // by which wine reads the arguments; it is on every machine
	if out, status := w.run(t, "wineboot", "--init"); status != 0 {
		t.Fatalf("wineboot: %d %s", status, out)
	}
	t.Cleanup(func() {
		// It lives on for a while after the last program, and would write into the folder that is being removed.
		server := filepath.Join(filepath.Dir(w.program), "wineserver")
		if path, err := exec.LookPath("wineserver"); err == nil {
			server = path
		}
		cmd := exec.Command(server, "-k")
		cmd.Env = w.env
		_ = cmd.Run() // it may be gone
		cmd = exec.Command(server, "-w")
		cmd.Env = w.env
		_ = cmd.Run()
	})
	// Debian 12 has wine 8, which lacks a library that programs made with Go 1.22 and later ask for random numbers.
	library := filepath.Join(prefix, "drive_c", "windows", "system32", "bcryptprimitives.dll")
	if _, err := os.Stat(library); err != nil {
		if err := os.WriteFile(library, forwarding("bcryptprimitives.dll", "ProcessPrng", "advapi32.SystemFunction036"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// forwarding makes a library for Windows with one function, which is another library's: a PE32+ file of one section, with
// nothing but a directory of exports (Microsoft's PE format, ".edata").
func forwarding(library, function, target string) []byte {
	const at, raw = 0x1000, 0x200 // where the section lies in memory, and in the file
	put := func(values ...any) []byte {
		var b bytes.Buffer
		for _, v := range values {
			if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
				panic(err) // only fixed sizes are written
			}
		}
		return b.Bytes()
	}
	const directory = 40
	const functions, names, ordinals, texts = directory, directory + 4, directory + 8, directory + 12
	text := library + "\x00" + function + "\x00" + target + "\x00"
	of := func(s string) uint32 { return at + texts + uint32(strings.Index(text, s)) }
	body := put(uint32(0), uint32(0), uint32(0), of(library), uint32(1), uint32(1), uint32(1), uint32(at+functions), uint32(at+names), uint32(at+ordinals),
		of(target), of(function), uint32(0), []byte(text))
	optional := put(uint16(0x20b), uint16(1), uint32(0), uint32(raw), uint32(0), uint32(0), uint32(at), // PE32+
		uint64(0x180000000), uint32(at), uint32(raw), uint16(6), uint16(0), uint32(0), uint16(6), uint16(0), uint32(0),
		uint32(2*at), uint32(raw), uint32(0), uint16(3), uint16(0x100), uint64(1<<20), uint64(at), uint64(1<<20), uint64(at), uint32(0), uint32(16),
		uint32(at), uint32(len(body)), make([]byte, 15*8))
	head := put([]byte("MZ"), make([]byte, 58), uint32(0x40), []byte("PE\x00\x00"),
		uint16(0x8664), uint16(1), uint32(0), uint32(0), uint32(0), uint16(len(optional)), uint16(0x2022), optional,
		[]byte(".edata\x00\x00"), uint32(at), uint32(at), uint32(raw), uint32(raw), uint32(0), uint32(0), uint16(0), uint16(0), uint32(0x40000040))
	out := make([]byte, 2*raw)
	copy(out, head)
	copy(out[raw:], body)
	return out
}

func (w *wine) command(args ...string) *exec.Cmd {
	cmd := exec.Command(w.program, args...)
	cmd.Env = w.env
	return cmd
}

// run gives what a program says, and its exit status.
func (w *wine) run(t *testing.T, args ...string) (said string, status int) {
	t.Helper()
	out, err := w.command(args...).CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	} else if exit != nil {
		status = exit.ExitCode()
	}
	return string(out), status
}

// TestWindows builds the program for Windows as make dist does, and has it convert, run a batch, list it, review it and
// export it under wine.
func TestWindows(t *testing.T) {
	if testing.Short() {
		t.Skip("building the program and making a Windows take a minute")
	}
	if race.On {
		t.Skip("the program that is built for Windows is not built for the race detector")
	}
	w := installWine(t)
	dir := t.TempDir()
	program := filepath.Join(dir, "nianbao.exe")
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=windows", "GOARCH=amd64")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	nianbao := func(want int, says string, args ...string) {
		t.Helper()
		if said, status := w.run(t, append([]string{program, "--lang", "zh"}, args...)...); status != want || !strings.Contains(said, says) {
			t.Errorf("%v: status %d, want %d and %q:\n%s", args, status, want, says, said)
		}
	}
	nianbao(exitOK, "windows/amd64", "version")

	// What it converts is what this program does.
	for _, sample := range []string{"county_2021form.docx", "city_2021form.pdf", "bureau_2019form.html", "township_2014form.txt"} {
		nianbao(exitOK, "", "convert", samples+sample, "-o", dir, "-q")
		name := strings.TrimSuffix(sample, filepath.Ext(sample)) + ".json"
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			continue
		}
		want, _, _ := inProcess(t, "", "convert", samples+sample)
		if values(t, got) != values(t, []byte(want)) {
			t.Errorf("%s has other values on Windows", sample)
		}
	}

	in, out := filepath.Join(dir, "扫描件"), filepath.Join(dir, "结果")
	if err := os.MkdirAll(filepath.Join(in, "县"), 0o755); err != nil {
		t.Fatal(err)
	}
	broken := synth.Make(2, synth.Options{Form: "2021", BreakOne: true})
	for name, data := range map[string][]byte{
		"县/" + broken.Title + ".docx": broken.DOCX(synth.Plain()), "县/一.txt": synth.Make(3, synth.Options{}).Text(synth.Plain()), "破损.pdf": []byte("%PDF-1.7 cut"),
	} {
		if err := os.WriteFile(filepath.Join(in, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	copied(t, filepath.Join(in, "二.docx"), "county_2021form.docx")
	copied(t, filepath.Join(in, "二 副本.docx"), "county_2021form.docx")
	packed(t, filepath.Join(in, "乡镇.zip"), map[string]string{"甲/年报.txt": "township_2014form.txt"})
	nianbao(exitFailed, "6 个输入：转换 4 个，1 个内容重复，1 个被隔离", "batch", in, "-o", out, "-j", "2")
	nianbao(exitFailed, "6 个输入：转换 0 个，4 个此前已完成", "batch", in, "-o", out)
	nianbao(exitFailed, "文件损坏", "status", out)
	nianbao(exitOK, "1 内容重复", "manifest", out, "--to", "xlsx", "-o", filepath.Join(dir, "清单.xlsx"))
	nianbao(exitOK, "", "verify", out, "--originals")
	nianbao(exitOK, "", "report", out)
	nianbao(exitOK, "", "export", out, "--to", "xlsx", "-o", filepath.Join(dir, "年报.xlsx"))
	answered(t, w.command(program, "review", out, "--no-open"), out)
}

// answered answers the first question of a batch at the desk that a command serves.
func answered(t *testing.T, desk *exec.Cmd, out string) {
	t.Helper()
	output, path := "", ""
	for name, data := range contents(t, filepath.Join(out, "json")) {
		r, err := report.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range r.Review {
			if q.Path != "" {
				output, path = filepath.ToSlash(name), q.Path
			}
		}
	}
	if output == "" {
		t.Fatal("nothing is to be reviewed")
	}
	s := serveReview(t, desk)
	defer s.kill()
	const value = 7
	if n, err := s.answer(output, path, value, 0); n != 1 || err != nil {
		t.Errorf("%d answers kept: %v", n, err)
	}
	r, err := batch.Local(out).Result(output)
	if err != nil {
		t.Fatal(err)
	}
	h, err := answers.InOutput(out).Load(r.Source.SHA256)
	if err != nil || len(h.Entries) != 1 {
		t.Errorf("%+v, %v", h, err)
	}
	if v, _ := r.Tables.Value(path); v.Number == nil || v.Number.String() != fmt.Sprint(value) {
		t.Errorf("%s is %v", path, v.Number)
	}
}

// values are the numbers of a report in JSON.
func values(t *testing.T, data []byte) string {
	t.Helper()
	r, err := report.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, p := range r.Tables.Paths() {
		v, _ := r.Tables.Value(p)
		fmt.Fprintln(&b, p, v.Number)
	}
	return b.String()
}
