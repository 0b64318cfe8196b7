package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/report"
)

// TestAnswersInASheet: a batch goes out as a workbook with a picture of each cell to review, comes back with answers, and
// the second time nothing changes. The workbook goes through LibreOffice where that is installed.
func TestAnswersInASheet(t *testing.T) {
	in, out, sheet := t.TempDir(), filepath.Join(t.TempDir(), "out"), filepath.Join(t.TempDir(), "review.xlsx")
	for i := range uint64(2) {
		r := synth.Make(i+1, synth.Options{Form: "2021", BreakOne: true})
		if err := os.WriteFile(filepath.Join(in, fmt.Sprintf("%d.pdf", i)), synth.LayOut(r, synth.MakeStyle(i+1)).PDF(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, errs, status := inProcess(t, "", "batch", in, "-o", out, "-q"); status != exitReview {
		t.Fatal(errs)
	}
	if _, errs, status := inProcess(t, "", "export", out, "--to", "xlsx", "--pictures", "-o", sheet); status != exitOK {
		t.Fatal(errs)
	}
	page, plain := filepath.Join(t.TempDir(), "page.html"), filepath.Join(t.TempDir(), "plain.html")
	for file, flags := range map[string][]string{page: {"--pictures"}, plain: nil} {
		if _, errs, status := inProcess(t, "", append([]string{"report", out, "-o", file}, flags...)...); status != exitOK {
			t.Fatal(errs)
		}
		if b, err := os.ReadFile(file); err != nil || strings.Contains(string(b), "data:image/png;base64,") != (file == page) {
			t.Errorf("%v: pictures in the page: %v, %v", flags, file != page, err)
		}
	}
	moved := in + ".moved"
	if err := os.Rename(in, moved); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"export", out, "--to", "xlsx"}, {"report", out}} {
		_, errs, status := inProcess(t, "", append(args, "--pictures", "-o", filepath.Join(t.TempDir(), "a"))...)
		if status != exitOK || !strings.Contains(errs, "no pictures of 2 reports; the first: ") || !strings.Contains(errs, "with the same -o") {
			t.Errorf("%v, the originals being elsewhere: exit %d, %s", args, status, errs)
		}
	}
	if err := os.Rename(moved, in); err != nil {
		t.Fatal(err)
	}
	seen := t.TempDir()
	for _, mark := range []string{"", filepath.Join(out, "json", "0.pdf.json")} {
		if _, errs, status := inProcess(t, "", "inspect", "--png", filepath.Join(seen, fmt.Sprint(mark != "")), "--report", mark, filepath.Join(in, "0.pdf")); status != exitOK {
			t.Fatal(errs)
		}
	}
	if !differ(t, filepath.Join(seen, "true"), filepath.Join(seen, "false")) {
		t.Error("inspect marks nothing of the review")
	}
	want := fill(t, sheet)
	if soffice, err := exec.LookPath("soffice"); err == nil && hasCalc(t, soffice) {
		dir := t.TempDir()
		cmd := exec.Command(soffice, "--headless", "-env:UserInstallation=file://"+t.TempDir(), "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", dir, sheet)
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		sheet = filepath.Join(dir, filepath.Base(sheet))
	}
	for run, says := range []string{fmt.Sprintf("%d answers taken, 0 were there", len(want)), fmt.Sprintf("0 answers taken, %d were there", len(want))} {
		_, errs, status := inProcess(t, "", "apply", out, sheet, "--who", "王")
		if status != exitFailed || !strings.Contains(errs, says) || !strings.Contains(errs, `"x y" is not a number`) {
			t.Errorf("run %d: exit %d, %s; want %s", run, status, errs, says)
		}
	}
	for at, value := range want {
		output, path, _ := strings.Cut(at, " ")
		r, err := batch.Local(out).Result(output)
		if err != nil {
			t.Fatal(err)
		}
		v, _ := r.Tables.Value(path)
		if v.Number == nil || v.Number.String() != value || r.Cell(path).Verdict != report.Confirmed || r.Patches[0].Who != "王" {
			t.Errorf("%s: %v, want %s", at, v.Number, value)
		}
	}
	cell := filepath.Join(t.TempDir(), "cell.png")
	for at := range want {
		output, path, _ := strings.Cut(at, " ")
		if _, errs, status := inProcess(t, "", "explain", filepath.Join(out, "json", output), path, "--png", cell); status != exitOK {
			t.Fatal(errs)
		}
	}
	if b, err := os.ReadFile(cell); err != nil || !strings.HasPrefix(string(b), "\x89PNG") {
		t.Errorf("no picture of a cell: %v", err)
	}
}

// differ says that one of the files in two folders is not the same.
func differ(t *testing.T, a, b string) bool {
	t.Helper()
	files, err := os.ReadDir(a)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		x, err := os.ReadFile(filepath.Join(a, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		y, err := os.ReadFile(filepath.Join(b, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(x, y) {
			return true
		}
	}
	return false
}

// fill answers every number of the review sheet, which must show a picture of each, and one line wrongly at the end. It
// gives the answers by result and path.
func fill(t *testing.T, file string) map[string]string {
	t.Helper()
	f, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("待核对")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	set := func(column string, line int, v any) {
		if err := f.SetCellValue("待核对", fmt.Sprintf("%s%d", column, line), v); err != nil {
			t.Fatal(err)
		}
	}
	for i, r := range rows[1:] {
		if !strings.HasPrefix(r[14], "/tables/") {
			continue
		}
		if p, err := f.GetPictures("待核对", fmt.Sprintf("H%d", i+2)); err != nil || len(p) != 1 {
			t.Errorf("line %d has %d pictures, %v", i+2, len(p), err)
		}
		set("G", i+2, 100+i)
		out[r[13]+" "+r[14]] = fmt.Sprint(100 + i)
	}
	last := len(rows) + 1
	set("G", last, "x y")
	set("N", last, rows[1][13])
	set("O", last, "/tables/requests/received/total")
	if err := f.Save(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if len(out) < 2 {
		t.Fatalf("only %v to review", out)
	}
	return out
}
