// Package office reads documents with LibreOffice where no reader of our own can: RTF, Microsoft
// Works, Word 2003 XML, Word 6, and .doc or .xls files that the own readers give up on.
//
// LibreOffice runs as a child, without a window, with a profile of its own in a temporary folder that
// forbids macros and the loading of links, and is killed with all its children when it takes too
// long, and when this process ends for whatever reason. What it makes is DOCX or XLSX, which the own readers then read.
package office

import (
	"bytes"
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode/utf16"

	"github.com/nianbao/nianbao/extract/docx"
	"github.com/nianbao/nianbao/extract/kind"
	"github.com/nianbao/nianbao/extract/sheet"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
)

const (
	// patience is how long one file may take: a report takes two seconds on a quiet machine.
	patience = 2 * time.Minute
	// grace is how long output may still come after the program was killed.
	grace = 5 * time.Second
	// maxOutput bounds the file that comes back, in bytes.
	maxOutput = 256 << 20
)

// Office is LibreOffice. The zero value looks for it on the PATH.
type Office struct {
	// Program is the name or path of soffice; "" looks for soffice and libreoffice.
	Program string
	// Timeout for one file; 0 is two minutes.
	Timeout time.Duration
}

// Reads says whether Read can be asked for a kind.
func Reads(k kind.Kind) bool { return formats[k].from != "" }

// formats gives the extension under which LibreOffice gets a file, and what it is to make of it.
var formats = map[kind.Kind]struct{ from, to string }{
	kind.DOC: {"doc", "docx"}, kind.Works: {"wps", "docx"}, kind.WordXML: {"xml", "docx"}, kind.RTF: {"rtf", "docx"},
	kind.ODT: {"odt", "docx"}, kind.DOCX: {"docx", "docx"}, kind.ODS: {"ods", "xlsx"}, kind.XLS: {"xls", "xlsx"}, kind.XLSX: {"xlsx", "xlsx"},
}

// profile is the configuration of a run: no macros, no links, no questions.
const profile = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
`

// Read converts a file of a kind that Reads allows and gives its blocks, with a warning that a
// second-best program read it. Errors wrap diag.ErrMissingProgram where LibreOffice is not there,
// diag.ErrDamaged where it makes nothing of the file, diag.ErrFormat, or the context's error.
func (o Office) Read(ctx context.Context, data []byte, k kind.Kind) (*layout.Document, []diag.Warning, error) {
	if !Reads(k) {
		return nil, nil, fmt.Errorf("%w: LibreOffice is not asked for %s", diag.ErrFormat, k.MediaType())
	}
	out, err := o.convert(ctx, data, k)
	if err != nil {
		return nil, nil, err
	}
	read := docx.Read
	if formats[k].to == "xlsx" {
		read = sheet.Read
	}
	d, warnings, err := read(out)
	if err != nil {
		return nil, nil, fmt.Errorf("what LibreOffice made of the file: %w", err)
	}
	return d, append(warnings, diag.Warning{Code: diag.Fallback, Message: "the file was read with LibreOffice"}), nil
}

// find gives the path of the program.
func (o Office) find() (string, error) {
	names := []string{"soffice", "libreoffice"}
	if o.Program != "" {
		names = []string{o.Program}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%w: LibreOffice is needed for this file; install it (Debian: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui) or save the file as DOCX or XLSX", diag.ErrMissingProgram)
}

// proper gives LibreOffice itself, where soffice is the script that starts it: a process that may start few programs
// cannot run a script.
func proper(program string) (string, bool) {
	if runtime.GOOS != "linux" {
		return "", false
	}
	real, err := filepath.EvalSymlinks(program)
	if err != nil {
		return "", false
	}
	bin := filepath.Join(filepath.Dir(real), "soffice.bin")
	_, err = os.Stat(bin)
	return bin, err == nil
}

// Needs says which folders LibreOffice must read, beside those of the system, and which programs must be run for it;
// nothing where it is not installed.
func (o Office) Needs() (read, run []string) {
	program, err := o.find()
	if err != nil {
		return nil, nil
	}
	if bin, ok := proper(program); ok {
		// Distributions keep parts of it elsewhere.
		return []string{filepath.Dir(filepath.Dir(bin)), "/etc/libreoffice", "/var/lib/libreoffice", "/var/spool/libreoffice"}, []string{bin}
	}
	// Whatever starts it there is a script, and needs the system's programs.
	return []string{filepath.Dir(program)}, []string{program, "/bin", "/usr/bin"}
}

// Pipes is the folder in which LibreOffice makes a socket while it runs; it knows no other.
const Pipes = "/tmp"

// Sweep removes the sockets of LibreOffices that are gone: one that was killed leaves its own, and so does one that may
// not remove files there.
func Sweep() {
	found, err := filepath.Glob(filepath.Join(Pipes, "OSL_PIPE_*"))
	if err != nil {
		return // the pattern is sound
	}
	for _, p := range found {
		c, err := net.DialTimeout("unix", p, time.Second)
		if err == nil {
			_ = c.Close() // somebody listens
			continue
		}
		if errors.Is(err, syscall.ECONNREFUSED) {
			_ = os.Remove(p) // it may be another user's
		}
	}
}

// restarts are the exit statuses by which LibreOffice asks to be started once more, as it does with a new profile.
var restarts = []int{79, 81}

// mostStarts is how often it is started for one file.
const mostStarts = 3

// again runs LibreOffice, and once more where it asks for that, with its profile in another place: its socket is called
// after that place, and the one that it left may have to stay.
func again(profile string, run func(profile string) error) (err error) {
	for range mostStarts {
		var exit *exec.ExitError
		if err = run(profile); !errors.As(err, &exit) || !slices.Contains(restarts, exit.ExitCode()) {
			return err
		}
		next := profile + "+"
		if err := os.Rename(profile, next); err != nil {
			return err
		}
		profile = next
	}
	return err
}

func (o Office) convert(ctx context.Context, data []byte, k kind.Kind) (out []byte, err error) {
	program, err := o.find()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "nianbao-office-")
	if err != nil {
		return nil, fmt.Errorf("folder for LibreOffice: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	f := formats[k]
	in := filepath.Join(dir, "in."+f.from)
	user := filepath.Join(dir, "profile", "user")
	if err := os.MkdirAll(user, 0o700); err != nil {
		return nil, fmt.Errorf("folder for LibreOffice: %w", err)
	}
	for name, content := range map[string][]byte{in: data, filepath.Join(user, "registrymodifications.xcu"): []byte(profile)} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			return nil, fmt.Errorf("folder for LibreOffice: %w", err)
		}
	}
	timeout := o.Timeout
	if timeout == 0 {
		timeout = patience
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	direct := false
	if bin, ok := proper(program); ok {
		program, direct = bin, true
	}
	var said bytes.Buffer
	home := filepath.Join(dir, "home")
	runErr := again(filepath.Join(dir, "profile"), func(profile string) error {
		at := url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(filepath.ToSlash(profile), "/")} // of C:\ on Windows, too
		cmd := exec.CommandContext(limited, program, "-env:UserInstallation="+at.String(), "--headless", "--norestore", "--nolockcheck",
			"--nodefault", "--nofirststartwizard", "--convert-to", f.to, "--outdir", filepath.Join(dir, "out"), in)
		cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = dir, &head{buf: &said}, &head{buf: &said}, grace
		// Where the language's encoding is ASCII, as with LANG=C or a language that is not installed, LibreOffice never ends
		// when its folder has a Chinese name, as the output folder of a batch may have.
		cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "HOME="+home, "TMPDIR="+dir, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home, "XDG_RUNTIME_DIR="+home)
		if direct {
			err := runWithMe(cmd)
			for _, folder := range []string{Pipes, "/var/tmp"} {
				_ = os.Remove(filepath.Join(folder, socket(at.String()))) // mostly there is none
			}
			return err
		}
		return run(cmd, dir, socket(at.String()))
	})
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("LibreOffice: %w", ctx.Err())
	case limited.Err() != nil:
		return nil, fmt.Errorf("%w: LibreOffice did not finish within %v", diag.ErrDamaged, timeout)
	}
	made := filepath.Join(dir, "out", "in."+f.to)
	// LibreOffice exits with 0 also when it made nothing, so the file decides.
	info, err := os.Stat(made)
	if err != nil {
		if err := room(dir); err != nil {
			return nil, fmt.Errorf("LibreOffice: %w", err)
		}
		if runErr == nil {
			runErr = errors.New("it made no file")
		}
		return nil, fmt.Errorf("%w: LibreOffice cannot read the file (%w: %.200s)", diag.ErrDamaged, runErr, bytes.TrimSpace(said.Bytes()))
	}
	if info.Size() > maxOutput {
		return nil, fmt.Errorf("%w: LibreOffice made %d bytes", diag.ErrTooLarge, info.Size())
	}
	out, err = os.ReadFile(made)
	if err != nil {
		return nil, fmt.Errorf("what LibreOffice made: %w", err)
	}
	return out, nil
}

// room says whether the disk was full, for which a document is not to blame: LibreOffice does not say why it ended.
func room(dir string) error {
	const need = 8 << 20 // a profile takes 1 MB, a report's DOCX less than another
	name := filepath.Join(dir, "room")
	err := os.WriteFile(name, make([]byte, need), 0o600)
	return errors.Join(err, os.Remove(name))
}

// socket is the name of the socket that LibreOffice makes, for a profile's address, outside of all folders that it
// can be told: in /tmp, or where that is not to be written to in /var/tmp (sal/osl/unx/pipe.cxx). It stays when the
// program is killed.
func socket(profile string) string {
	var wide []byte
	for _, u := range utf16.Encode([]rune(profile)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	name := fmt.Sprintf("OSL_PIPE_%d_SingleOfficeIPC_", os.Getuid())
	for _, b := range md5.Sum(wide) {
		name += strconv.FormatUint(uint64(b), 16) // without leading zeros, as LibreOffice writes it
	}
	return name
}

// head keeps the beginning of what is written to it.
type head struct{ buf *bytes.Buffer }

func (h *head) Write(p []byte) (int, error) {
	const enough = 4096
	h.buf.Write(p[:min(len(p), max(0, enough-h.buf.Len()))])
	return len(p), nil
}
