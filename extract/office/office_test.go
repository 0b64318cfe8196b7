package office_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/extract/flow/flowtest"
	"github.com/nianbao/nianbao/extract/kind"
	"github.com/nianbao/nianbao/extract/office"
	"github.com/nianbao/nianbao/layout/diag"
)

const rtf = `{\rtf1\ansi\ansicpg936\uc1 {\b \u19968?\u12289?\u24635?\u20307?\u24773?\u20917?}\par
\trowd\cellx3000\cellx6000\pard\intbl \u35268?\u31456?\cell 12\cell\row\pard\par}`

func installed(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("LibreOffice takes seconds")
	}
	if _, err := exec.LookPath("soffice"); err != nil {
		t.Skip("LibreOffice is not installed")
	}
}

func TestRead(t *testing.T) {
	installed(t)
	d, warnings, err := office.Office{}.Read(t.Context(), []byte(rtf), kind.RTF)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := flowtest.Show(d.Pages[0].Blocks), "一、总体情况\n|0:规章|1:12|\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if len(warnings) != 1 || warnings[0].Code != diag.Fallback {
		t.Errorf("warnings %v", warnings)
	}
}

func TestReadSheet(t *testing.T) {
	installed(t)
	data, err := os.ReadFile(filepath.Join("..", "sheet", "testdata", "xlwt.xls"))
	if err != nil {
		t.Fatal(err)
	}
	d, _, err := office.Office{}.Read(t.Context(), data, kind.XLS)
	if err != nil {
		t.Fatal(err)
	}
	if got := flowtest.Show(d.Pages[0].Blocks); !strings.HasPrefix(got, "|0:项目|1:数量|2:金额|3:日期|4:结果|\n|0:收费|1:1,235|2:-12.50|") {
		t.Errorf("got\n%s", got)
	}
}

// program writes a script that stands for LibreOffice.
func program(t *testing.T, script string) string {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no shell")
	}
	path := filepath.Join(t.TempDir(), "soffice")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestErrors(t *testing.T) {
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		reason string
		ctx    context.Context
		office office.Office
		kind   kind.Kind
		want   error
		says   string
	}{
		{"the program is missing", t.Context(), office.Office{Program: "no-such-program"}, kind.RTF, diag.ErrMissingProgram, "install it"},
		{"a kind that needs no office", t.Context(), office.Office{}, kind.PDF, diag.ErrFormat, "application/pdf"},
		{"the program makes nothing", t.Context(), office.Office{Program: program(t, "echo cannot load >&2")}, kind.RTF, diag.ErrDamaged, "cannot load"},
		{"the program fails", t.Context(), office.Office{Program: program(t, "exit 77")}, kind.RTF, diag.ErrDamaged, "77"},
		{"the program makes garbage", t.Context(), office.Office{Program: program(t, "mkdir out; echo x > out/in.docx")}, kind.RTF, diag.ErrDamaged, "made of the file"},
		{"the program hangs, and its children too", t.Context(), office.Office{Program: program(t, "sleep 60 & sleep 60"), Timeout: 200 * time.Millisecond}, kind.RTF, diag.ErrDamaged, "did not finish"},
		{"the caller gives up", canceled, office.Office{Program: program(t, "sleep 60")}, kind.RTF, context.Canceled, ""},
	} {
		t.Run(c.reason, func(t *testing.T) {
			start := time.Now()
			d, _, err := c.office.Read(c.ctx, []byte(rtf), c.kind)
			if !errors.Is(err, c.want) || d != nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("document %v, error %v, want %v", d, err, c.want)
			}
			if took := time.Since(start); took > 4*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// TestNothingIsLeftBehind also proves that the profile is where the program looks for it.
func TestNothingIsLeftBehind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	_, _, err := office.Office{Program: program(t, "test -f profile/user/registrymodifications.xcu && exit 0; exit 5")}.Read(t.Context(), []byte(rtf), kind.RTF)
	if err == nil || strings.Contains(err.Error(), "status 5") {
		t.Errorf("error %v: the profile was not there", err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, error %v", left, err)
	}
}
