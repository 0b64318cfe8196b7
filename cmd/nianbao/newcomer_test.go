//go:build linux

package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/internal/run/batch"
)

// newcomersFolder is what somebody has who begins: mixed reports in folders, pages of one report, a ZIP, the same twice, what is
// broken, what is none, and names that programs stumble over. It gives the number of inputs.
func newcomersFolder(t *testing.T, dir string) int {
	t.Helper()
	n := drawForKills(t, dir, 150)
	blank := image.NewGray(image.Rect(0, 0, 300, 400))
	for i := range blank.Pix {
		blank.Pix[i] = 255
	}
	blank.SetGray(9, 9, color.Gray{})
	var page bytes.Buffer
	if err := png.Encode(&page, blank); err != nil {
		t.Fatal(err)
	}
	text := synth.Make(9000, synth.Options{}).Text(synth.Plain())
	var long bytes.Buffer
	for range 60 {
		long.WriteString("长名")
	}
	for name, data := range map[string][]byte{
		"页面/001.png": page.Bytes(), "页面/002.png": append(page.Bytes(), 0), // one report of two pages
		"空.pdf": nil, "破损.pdf": []byte("%PDF-1.7 cut"), "未知.bin": {0, 1, 2, 3, 0xff, 0xfe, 0, 9}, "嵌套.zip": nil,
		"两\n行.txt": append(text, 'a'), "x.txt": append(text, 'b'), "x.txt.json/y.txt": append(text, 'c'), "X.TXT": append(text, 'd'),
		long.String()[:240] + ".txt": append(text, 'e'), " 空格 .txt": append(text, 'f'), "-o.txt": append(text, 'g'), "=1+1.txt": append(text, 'h'),
		"空白表.html": regexp.MustCompile(`>\s*[\d.]+\s*</td>`).ReplaceAll(readFile(t, samples+"bureau_2019form.html"), []byte("></td>")),
	} {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	packed(t, filepath.Join(dir, "嵌套.zip"), map[string]string{"里/a.docx": "county_2021form.docx", "b.zip": "township_2014form.txt"})
	return n + 1 + 3 + 2 + 9 // the pages, the broken ones, the members of the ZIP, the odd names
}

// TestNewcomersFolder: of a folder as it comes every file is on the list, once, the totals of list, workbook, status and last line add up
// to what was found, and names are paths that tell one file from another.
func TestNewcomersFolder(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	inputs := newcomersFolder(t, in)
	_, said, status := inProcess(t, "", "batch", in, "-o", out, "-j", "2")
	if status != exitFailed || !strings.Contains(said, strconv.Itoa(inputs)+" inputs: ") {
		t.Fatalf("exit %d, %d inputs are there: %s", status, inputs, said)
	}
	if strings.Contains(said, "两\n行") || !strings.Contains(said, "页面") {
		t.Errorf("a name breaks the line, or nothing is said of the pages: %s", said)
	}
	m, err := batch.ReadManifest(out)
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(dir, "list.csv")
	if _, errs, status := inProcess(t, "", "manifest", out, "-o", list); status != exitOK || !strings.Contains(errs, "written: "+list) {
		t.Fatalf("exit %d: %s", status, errs)
	}
	rows, err := csv.NewReader(bytes.NewReader(readFile(t, list))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, h := range rows[0] {
		column[h] = i
	}
	seen, fates, sources := map[string]bool{}, map[string]int{}, map[string]bool{}
	for _, r := range rows[1:] {
		if seen[r[column["input"]]] {
			t.Errorf("%s is listed twice", r[column["input"]])
		}
		seen[r[column["input"]]] = true
		fates[r[column["outcome"]]]++
		if r[column["outcome"]] == "no_numbers" && r[column["numbers"]] != "0" {
			t.Errorf("%s has no numbers, and has %s", r[column["input"]], r[column["numbers"]])
		}
		sources[r[column["place"]]] = true
		if of := r[column["duplicate_of"]]; of != "" && of == r[column["input"]] {
			t.Errorf("%s is a duplicate of itself", of)
		}
		if result := r[column["result"]]; result != "" {
			if _, err := os.Stat(filepath.Join(out, filepath.FromSlash(result))); err != nil {
				t.Error(err)
			}
		}
	}
	if len(seen) != inputs {
		t.Errorf("%d are listed of %d", len(seen), inputs)
	}
	err = filepath.WalkDir(in, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !sources[p] && !sources[filepath.Dir(p)] {
			t.Errorf("%q is on no line", p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for f, n := range m.Totals {
		if sum += n; fates[string(f)] != n {
			t.Errorf("%s: %d on the list, %d in the totals", f, fates[string(f)], n)
		}
	}
	if sum != inputs || m.Found != inputs {
		t.Errorf("the totals add up to %d, %d were found, there are %d", sum, m.Found, inputs)
	}
	inSheet(t, out, inputs)
	agree(t, out, said, m)
	if text, errs, status := inProcess(t, "", "verify", out, list, "--originals", "--json"); status != exitOK || !json.Valid([]byte(text)) {
		t.Errorf("exit %d: %s%s", status, text, errs)
	}
	pathsEverywhere(t, out)
}

// inSheet holds the totals of the workbook to the inputs.
func inSheet(t *testing.T, out string, inputs int) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "list.xlsx")
	if _, errs, status := inProcess(t, "", "manifest", out, "--to", "xlsx", "-o", name); status != exitOK {
		t.Fatal(errs)
	}
	f, err := excelize.OpenFile(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	sheets := f.GetSheetList()
	total := false
	for _, sheet := range sheets {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			total = total || len(r) > 1 && r[1] == strconv.Itoa(inputs)
		}
		for _, r := range rows {
			for i := range r {
				if formula, _ := f.GetCellFormula(sheet, mustName(t, i+1, 1)); formula != "" {
					t.Errorf("%s has a formula: %s", sheet, formula)
				}
			}
		}
	}
	if !total {
		t.Errorf("no total of %d in %v", inputs, sheets)
	}
}

func mustName(t *testing.T, col, row int) string {
	t.Helper()
	name, err := excelize.CoordinatesToCellName(col, row)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// agree holds what status says to the last line of the batch and to the list.
func agree(t *testing.T, out, said string, m *batch.Manifest) {
	t.Helper()
	text, errs, _ := inProcess(t, "", "status", out, "--json")
	var s batch.Status
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatalf("%v: %s", err, errs)
	}
	for what, pair := range map[string][2]int{
		"complete": {s.Done, m.Totals[batch.FateComplete]}, "partial": {s.Partial, m.Totals[batch.FatePartial]},
		"without numbers": {s.NoNumbers, m.Totals[batch.FateNoNumbers]}, "inputs": {s.Shards[0].Total, m.Found}, "left": {s.Shards[0].Left, 0},
		"quarantine": {s.Failed, m.Totals[batch.FateQuarantined] + m.Totals[batch.FateNotAReport]},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: status says %d, the list %d", what, pair[0], pair[1])
		}
	}
	last := strconv.Itoa(s.Shards[0].Total) + " inputs: " + strconv.Itoa(s.Done+s.Partial+s.NoNumbers) + " converted, " +
		strconv.Itoa(m.Totals[batch.FateDuplicate]) + " duplicates, " + strconv.Itoa(s.Failed) + " in quarantine"
	if !strings.Contains(said, last) {
		t.Errorf("the last line is not %q: %s", last, said)
	}
}

// pathsEverywhere wants two files of one name to be told apart wherever they are listed.
func pathsEverywhere(t *testing.T, out string) {
	t.Helper()
	page := filepath.Join(t.TempDir(), "a.html")
	sheet := filepath.Join(t.TempDir(), "a.xlsx")
	inProcess(t, "", "report", out, "-o", page)
	inProcess(t, "", "export", out, "--to", "xlsx", "-o", sheet)
	m, err := batch.ReadManifest(out)
	if err != nil {
		t.Fatal(err)
	}
	text := string(readFile(t, page))
	f, err := excelize.OpenFile(sheet)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	cells := map[string]bool{}
	for _, s := range f.GetSheetList() {
		rows, err := f.GetRows(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			for _, c := range r {
				cells[strings.TrimSuffix(c, ".json")] = true
			}
		}
	}
	for _, l := range m.Lines {
		if !strings.Contains(l.Input, "/") || strings.Contains(l.Input, "\n") {
			continue
		}
		if !strings.Contains(text, l.Input) {
			t.Errorf("%s is not on the page", l.Input)
		}
		if strings.HasPrefix(l.Result, "json/") && l.Fate != batch.FateDuplicate && !cells[strings.TrimSuffix(strings.TrimPrefix(l.Result, "json/"), ".json")] {
			t.Errorf("%s is not in the workbook", l.Result)
		}
	}
}

// TestInterruptedStatus: of a batch that was stopped, status says as many as are left as the batch did.
func TestInterruptedStatus(t *testing.T) {
	in, out := cabinet(t), t.TempDir()
	if _, _, status := inProcess(t, "", "batch", in, "-o", out, "-q"); status != exitFailed {
		t.Fatalf("exit %d", status)
	}
	copied(t, filepath.Join(in, "更多.txt"), "township_2014form.txt")
	m, err := batch.ReadManifest(out)
	if err != nil || m.Found != 5 {
		t.Errorf("%+v, %v", m, err)
	}
	_, said, _ := inProcess(t, "", "batch", in, "-o", out)
	text, _, _ := inProcess(t, "", "status", out)
	if !strings.Contains(said, "6 inputs: 1 converted, 3 done before, 2 in quarantine") || !strings.Contains(text, "0 of 6 inputs left") || !strings.Contains(text, "4 complete") {
		t.Errorf("the batch says %s, status\n%s", said, text)
	}
}

// TestEverythingOpensInAWorker: each command that opens a document does so within the limits of a worker.
func TestEverythingOpensInAWorker(t *testing.T) {
	file := samples + "city_2021form.pdf"
	result := converted(t, "city_2021form.pdf")
	for _, args := range [][]string{
		{"convert", file}, {"tables", file}, {"inspect", file}, {"inspect", file, "--png", t.TempDir()}, {"form", "draft", file},
		{"explain", result, "/tables/requests/received/total", "--png", filepath.Join(t.TempDir(), "a.png"), "--original", file},
	} {
		_, errs, status := inProcess(t, "", append(args, "--timeout", "1ms", "--page-timeout", "0")...)
		if status != exitFailed || !strings.Contains(errs, "not done within 1ms") {
			t.Errorf("%v: exit %d: %s", args, status, errs)
		}
	}
	for _, args := range [][]string{{"convert", file}, {"tables", file}, {"inspect", file}, {"convert", "-"}} {
		_, errs, status := inProcess(t, strings.Repeat("年报", 99), append(args, "--max-input", "100")...)
		if status != exitFailed || !strings.Contains(errs, "larger than") {
			t.Errorf("%v: exit %d: %s", args, status, errs)
		}
	}
}

// faults are what stopped, slowed or misled a batch of files as they come, each with the tests that it may not come back.
var faults = map[string][]string{
	"names that clash with results, or are too long":      {"internal/run/batch.TestOneNameCostsOneResult", "cmd/nianbao.TestNewcomersFolder"},
	"LibreOffice outlives its parent, a closed terminal":  {"extract/office.TestKilledWithItsParent", "extract/office.TestTimeoutLeavesNothing", "cmd/nianbao.TestKilled"},
	"a result that was damaged later":                     {"internal/run/batch.TestDamagedResults", "cmd/nianbao.TestHandOver"},
	"a ZIP opened for each member":                        {"internal/run/batch.TestArchiveOfManyMembers"},
	"a full disk, a worker killed from outside":           {"extract/office.TestFullDisk", "worker.TestNoRoomForTheDocument", "worker.TestKilledFromOutside"},
	"-o on a folder that is not ours":                     {"internal/run/batch.TestForeignFolder"},
	"line breaks and escapes in names":                    {"cmd/nianbao.TestPrintable", "cmd/nianbao.TestNewcomersFolder"},
	"time that grows with the square":                     {"extract.TestGrowth", "extract/ofd.TestWorkIsBounded"},
	"a cell far out, reasons that mislead, LZMA, depth":   {"extract/sheet.TestFarCells", "extract/picture.TestRefused", "internal/run/batch.TestArchiveMembersThatAreNotRead", "extract/html.TestErrors", "extract.TestUnlock"},
	"a ledger that was edited":                            {"internal/run/batch.TestEditedLedger"},
	"documents opened in the parent, --max-input ignored": {"cmd/nianbao.TestEverythingOpensInAWorker"},
	"temporary folders of the dead":                       {"worker.TestSweep", "worker.TestFoldersOfTheDead"},
}

// TestFaultsHaveTests: none of these tests was taken away.
func TestFaultsHaveTests(t *testing.T) {
	for what, tests := range faults {
		for _, name := range tests {
			folder, test, _ := strings.Cut(name, ".")
			files, err := filepath.Glob(filepath.Join("../..", folder, "*_test.go"))
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, f := range files {
				found = found || bytes.Contains(readFile(t, f), []byte("\nfunc "+test+"("))
			}
			if !found {
				t.Errorf("%s: there is no %s", what, name)
			}
		}
	}
}
