package office_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
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

// TestFolderWithAChineseName: whatever language the program runs in, LibreOffice finds its folder.
func TestFolderWithAChineseName(t *testing.T) {
	installed(t)
	temp := filepath.Join(t.TempDir(), "结果 é")
	if err := os.Mkdir(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temp)
	for _, language := range []string{"C", "zh_XX.UTF-8", "zh_CN.GBK"} { // the others are not installed
		t.Setenv("LC_ALL", language)
		if d, _, err := (office.Office{Timeout: time.Minute}).Read(t.Context(), []byte(rtf), kind.RTF); err != nil || len(d.Pages) != 1 {
			t.Errorf("%s: %v", language, err)
		}
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

// TestReadODS: a sheet of OpenDocument is what LibreOffice shows of it: hidden rows, struck text and formats are told as in a workbook.
func TestReadODS(t *testing.T) {
	installed(t)
	const content = `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" office:version="1.2"><office:automatic-styles>
<number:number-style style:name="N1"><number:number number:decimal-places="2" number:min-decimal-places="2" number:min-integer-digits="1" number:grouping="true"/></number:number-style>
<style:style style:name="two" style:family="table-cell" style:data-style-name="N1"/>
<style:style style:name="gone" style:family="table-cell"><style:text-properties style:text-line-through-style="solid" style:text-line-through-type="single"/></style:style>
</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="a">
<table:table-row><table:table-cell office:value-type="string"><text:p>规章</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="12"><text:p>12</text:p></table:table-cell></table:table-row>
<table:table-row table:visibility="collapse"><table:table-cell office:value-type="string"><text:p>隐藏</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="99"><text:p>99</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>收费</text:p></table:table-cell><table:table-cell table:style-name="two" office:value-type="float" office:value="1234.5"><text:p>1,234.50</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>处罚</text:p></table:table-cell><table:table-cell table:style-name="gone" office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>`
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"content.xml", content},
		{"META-INF/manifest.xml", `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`},
	} {
		f, err := w.Create(part[0])
		if err == nil {
			_, err = f.Write([]byte(part[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	d, warnings, err := office.Office{}.Read(t.Context(), b.Bytes(), kind.Of(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := flowtest.Show(d.Pages[0].Blocks), "|0:规章|1:12|\n|0:收费|1:1,234.50|\n|0:处罚|1:▮|\n"; got != want || len(warnings) != 1 {
		t.Errorf("got\n%swant\n%s%v", got, want, warnings)
	}
	if c := d.Pages[0].Blocks[0].Table.At(2, 1); !c.Lost {
		t.Errorf("a struck number is %+v", c)
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
		{"the program hangs, and its children too", t.Context(), office.Office{Program: program(t, "sleep 3600 & sleep 3600"), Timeout: 200 * time.Millisecond}, kind.RTF, diag.ErrDamaged, "did not finish"},
		{"the caller gives up", canceled, office.Office{Program: program(t, "sleep 3600")}, kind.RTF, context.Canceled, ""},
	} {
		t.Run(c.reason, func(t *testing.T) {
			d, _, err := c.office.Read(c.ctx, []byte(rtf), c.kind)
			if !errors.Is(err, c.want) || d != nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("document %v, error %v, want %v", d, err, c.want)
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

// TestKilledWithItsParent: LibreOffice ends with the process that started it, however that ends, and nothing of it is left.
func TestKilledWithItsParent(t *testing.T) {
	if os.Getenv("OFFICE_TEST_PARENT") != "" {
		_, _, err := office.Office{Program: os.Getenv("OFFICE_TEST_PARENT")}.Read(t.Context(), []byte(rtf), kind.RTF)
		t.Fatal(err)
	}
	dir := t.TempDir()
	mark := filepath.Join(t.TempDir(), "pid")
	// As soffice does, the script starts the program proper as a child.
	soffice := program(t, `echo "$HOME" > "$HOME/../seen"; (echo $BASHPID; exec sleep 300) & echo $! > `+mark+`; wait`)
	parent := exec.Command(os.Args[0], "-test.run", "^TestKilledWithItsParent$")
	parent.Env = append(os.Environ(), "OFFICE_TEST_PARENT="+soffice, "TMPDIR="+dir)
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	pid := 0
	eventually(t, "the program runs", func() bool {
		b, err := os.ReadFile(mark)
		if err == nil {
			pid, _ = strconv.Atoi(strings.TrimSpace(string(b)))
		}
		return pid != 0
	})
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait() // it was killed
	eventually(t, "the program is gone", func() bool { return syscall.Kill(pid, 0) != nil })
	eventually(t, "its folder is gone", func() bool {
		left, err := os.ReadDir(dir)
		return err == nil && len(left) == 0
	})
}

func eventually(t *testing.T, what string, true func() bool) {
	t.Helper()
	for range 200 {
		if true() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("not so: %s", what)
}

// TestTimeoutLeavesNothing: neither sockets in the folders for temporary files, nor files in the home folder.
func TestTimeoutLeavesNothing(t *testing.T) {
	installed(t)
	home := t.TempDir()
	t.Setenv("HOME", home)
	sockets := func() (names []string) {
		for _, d := range []string{"/tmp", "/var/tmp"} {
			found, _ := filepath.Glob(filepath.Join(d, "OSL_PIPE_*"))
			names = append(names, found...)
		}
		return names
	}
	before := sockets()
	for _, after := range []time.Duration{800 * time.Millisecond, 1600 * time.Millisecond} {
		_, _, _ = office.Office{Timeout: after}.Read(t.Context(), []byte(rtf), kind.RTF) // it may be done by then
	}
	// Another program's LibreOffice may have begun meanwhile; its sockets go when it ends.
	left := slices.DeleteFunc(sockets(), func(name string) bool { return slices.Contains(before, name) })
	for tries := 0; len(left) > 0; tries++ {
		if tries == 120 {
			t.Errorf("%q are left", left)
			break
		}
		time.Sleep(time.Second / 2)
		left = slices.DeleteFunc(left, func(name string) bool {
			_, err := os.Stat(name)
			return errors.Is(err, os.ErrNotExist)
		})
	}
	if left, err := os.ReadDir(home); err != nil || len(left) > 0 {
		t.Errorf("left in the home folder: %v, %v", left, err)
	}
}

// TestFullDisk is not the document's fault.
func TestFullDisk(t *testing.T) {
	full := "/dev/shm/nianbao-full"
	if err := exec.Command("mount", "-t", "tmpfs", "-o", "size=2m", "none", mounted(t, full)).Run(); err != nil {
		t.Skip("a small disk cannot be mounted here")
	}
	t.Cleanup(func() { _ = exec.Command("umount", full).Run() })
	t.Setenv("TMPDIR", full)
	_, _, err := office.Office{Program: program(t, "head -c 9000000 /dev/zero > big; exit 1")}.Read(t.Context(), []byte(rtf), kind.RTF)
	if !errors.Is(err, syscall.ENOSPC) || errors.Is(err, diag.ErrDamaged) {
		t.Errorf("got %v", err)
	}
}

func mounted(t *testing.T, dir string) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = os.Remove(dir) })
	return dir
}
