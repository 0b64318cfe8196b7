package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/report"
)

const samples = "../../testdata/reports/"

// converted converts a sample and gives the JSON's path.
func converted(t *testing.T, sample string) string {
	t.Helper()
	dir := t.TempDir()
	if _, errs, status := inProcess(t, "", "convert", "-q", "--no-review-exit", "-o", dir, samples+sample); status != 0 {
		t.Fatalf("exit %d: %s", status, errs)
	}
	return filepath.Join(dir, strings.TrimSuffix(sample, filepath.Ext(sample))+".json")
}

// TestConvertSamples: every sample gives its truth, and JSON that the schema accepts, twice the same.
func TestConvertSamples(t *testing.T) {
	for _, sample := range []string{"county_2021form.docx", "city_2021form.pdf", "bureau_2019form.html", "township_2014form.txt"} {
		t.Run(sample, func(t *testing.T) {
			out, errs, status := inProcess(t, "", "convert", samples+sample)
			if status != 0 {
				t.Fatalf("exit %d: %s", status, errs)
			}
			if again, _, _ := inProcess(t, "", "convert", samples+sample); again != out {
				t.Error("a second run gave other bytes")
			}
			faults, err := report.Validate([]byte(out))
			if err != nil || len(faults) > 0 {
				t.Errorf("schema: %v %v", faults, err)
			}
			r, err := report.Decode([]byte(out))
			if err != nil {
				t.Fatal(err)
			}
			truth := readTruth(t, samples+sample+".truth.json")
			for _, c := range truth.Cells {
				want := report.ParseFigure(c.Printed).Number
				v, ok := r.Tables.Value(c.Path)
				switch {
				case !ok:
					t.Errorf("%s is absent", c.Path)
				case (want == nil) != (v.Number == nil) || want != nil && !want.Equal(v.Number.Decimal):
					t.Errorf("%s is %v, printed %q", c.Path, v.Number, c.Printed)
				}
			}
			if r.Meta.Issuer != truth.Issuer || r.Meta.Year == nil || *r.Meta.Year != truth.Year || r.Form != truth.Form {
				t.Errorf("report %+v of form %s, want %s %d %s", r.Meta, r.Form, truth.Issuer, truth.Year, truth.Form)
			}
		})
	}
}

type truthFile struct {
	Form, Issuer string
	Year         int
	Cells        []struct{ Path, Printed string }
}

func readTruth(t *testing.T, path string) truthFile {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out truthFile
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	if len(out.Cells) == 0 {
		t.Fatalf("%s has no cells", path)
	}
	return out
}

func TestConvertSeveralAndStdin(t *testing.T) {
	out, _, status := inProcess(t, "", "convert", "-q", samples+"county_2021form.docx", samples+"township_2014form.txt")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if status != 0 || len(lines) != 2 || !json.Valid([]byte(lines[0])) || !json.Valid([]byte(lines[1])) {
		t.Errorf("exit %d, %d lines: NDJSON of two is expected", status, len(lines))
	}
	text, err := os.ReadFile(samples + "township_2014form.txt")
	if err != nil {
		t.Fatal(err)
	}
	out, _, status = inProcess(t, string(text), "convert", "-")
	if status != 0 || !strings.Contains(out, `"name": "stdin"`) {
		t.Errorf("exit %d from standard input", status)
	}
}

func TestConvertRefuses(t *testing.T) {
	dir := t.TempDir()
	docx, err := os.ReadFile(samples + "county_2021form.docx")
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, data []byte) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	tests := []struct {
		file, want string
	}{
		{write("empty.pdf", nil), "empty"},
		{write("binary.pdf", []byte{0, 1, 2, 3, 0xff, 0xfe, 0, 9, 8, 7, 6}), "unknown or unsupported"},
		{write("cut.docx", docx[:len(docx)/2]), "damaged"},
		{dir, "directory"},
		{filepath.Join(dir, "absent.pdf"), "no such file"},
	}
	for _, tt := range tests {
		out, errs, status := inProcess(t, "", "convert", tt.file)
		first, _, _ := strings.Cut(errs, "\n")
		if status != exitFailed || out != "" || !strings.Contains(first, tt.want) || !strings.HasPrefix(first, "nianbao: "+tt.file+": ") {
			t.Errorf("%s: exit %d, stdout %q, stderr %q", tt.file, status, out, errs)
		}
	}
}

// TestConvertNotAReport: a document that is none of ours fails, whatever its format, and its JSON says so.
func TestConvertNotAReport(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"note.txt": "404 not found\n", "page.html": "<html><body><h1>关于召开会议的通知</h1><p>请准时参加。</p></body></html>",
	} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			args []string
			want int
		}{{[]string{"convert", file}, exitFailed}, {[]string{"convert", "--any", "--no-review-exit", file}, exitOK}} {
			out, errs, status := inProcess(t, "", tt.args...)
			if status != tt.want || !strings.Contains(out, `"status": "not_a_report"`) || strings.Contains(errs, "not an annual") != (tt.want == exitFailed) {
				t.Errorf("%v: exit %d, stdout %s, stderr %q", tt.args, status, out, errs)
			}
		}
	}
	out := filepath.Join(dir, "out")
	_, errs, _ := inProcess(t, "", "convert", "-o", out, filepath.Join(dir, "note.txt"), filepath.Join(dir, "page.html"), filepath.Join(dir, "none.pdf"))
	files, err := filepath.Glob(filepath.Join(out, "*.json"))
	if err != nil || len(files) != 2 || !strings.Contains(errs, "2 of 3 documents written") {
		t.Errorf("%v, %v: %s", files, err, errs)
	}
}

func TestUsage(t *testing.T) {
	tests := [][]string{
		{"convert"}, {"convert", "--nonsense", "x"}, {"tables"}, {"tables", "x", "y"},
		{"convert", ""}, {"batch", "", "-o", "out"}, {"status", ""}, {"report", samples + "county_2021form.docx"}, {"tables", samples + "county_2021form.docx", "--format", "doc"}, {"tables", samples + "county_2021form.docx", "--pages", "4-2"},
		{"explain", "x"}, {"apply", "x"}, {"check"}, {"schema", "x"}, {"nonsense"}, {},
		{"convert", "--log-format", "xml", samples + "county_2021form.docx"},
		{"inspect", samples + "city_2021form.pdf", "--report", "a.json"}, {"explain", "a.json", "/report/year", "--original", samples + "city_2021form.pdf"},
	}
	for _, args := range tests {
		if out, errs, status := inProcess(t, "", args...); status != exitUsage {
			t.Errorf("%v: exit %d, %q %q", args, status, out, errs)
		}
	}
}

// TestValuesAreCompleted: shells are told every value that a flag of few takes, and no other.
func TestValuesAreCompleted(t *testing.T) {
	for command, flags := range choices {
		for flag, values := range flags {
			args := []string{cobra.ShellCompNoDescRequestCmd, command, "--" + flag, ""}
			if command == "" {
				args[1] = "status"
			}
			out, _, _ := inProcess(t, "", args...)
			if got := strings.Join(values, "\n") + "\n:4\n"; out != got {
				t.Errorf("%v: %q, want %q", args, out, got)
			}
			for _, v := range append(values, "other") {
				given := []string{args[1], filepath.Join(t.TempDir(), "none"), "-q", "--" + flag, v}
				if flag == "shape" {
					given = append(given, "--to", "csv")
				}
				_, errs, _ := inProcess(t, "", given...)
				if unknown := strings.Contains(errs, "unknown"); unknown != (v == "other") && command != "batch" && command != "submit" {
					t.Errorf("%v: %q is unknown: %v, %s", args, v, unknown, errs)
				}
			}
		}
	}
}

func TestCheck(t *testing.T) {
	good := converted(t, "county_2021form.docx")
	out, _, status := inProcess(t, "", "check", good)
	if status != 0 || !strings.Contains(out, "valid,") || strings.Contains(out, "fail ") && !strings.Contains(out, "0 fail") {
		t.Errorf("exit %d:\n%s", status, out)
	}
	data, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	r, err := report.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	v, _ := r.Tables.Value("/tables/requests/received/total")
	n := v.Number.Plus(report.Int(1))
	r.Tables.Set("/tables/requests/received/total", report.Value{Number: &n})
	var b bytes.Buffer
	if err := report.Encode(&b, r, true); err != nil {
		t.Fatal(err)
	}
	edited := filepath.Join(t.TempDir(), "edited.json")
	if err := os.WriteFile(edited, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _, status = inProcess(t, "", "check", edited)
	if status == 0 || !strings.Contains(out, "T3.row") || !strings.Contains(out, "≠") {
		t.Errorf("a wrong sum after a hand edit: exit %d\n%s", status, out)
	}
	out, _, status = inProcess(t, "", "check", "--json", edited)
	if status == 0 || !json.Valid([]byte(out)) {
		t.Errorf("--json: exit %d\n%s", status, out)
	}
	broken := filepath.Join(t.TempDir(), "broken.json")
	if err := os.WriteFile(broken, []byte(`{"schema":"annual-report/1"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _, status = inProcess(t, "", "check", broken); status != exitFailed || !strings.Contains(out, "NOT VALID") {
		t.Errorf("a document that breaks the schema: exit %d\n%s", status, out)
	}
}

func TestExplain(t *testing.T) {
	f := converted(t, "city_2021form.pdf")
	out, errs, status := inProcess(t, "", "explain", f, "/tables/requests/received/total")
	if status != 0 || !strings.Contains(out, "/tables/requests/received/total = ") || !strings.Contains(out, "T3.row") {
		t.Errorf("exit %d: %s%s", status, out, errs)
	}
	if _, errs, status = inProcess(t, "", "explain", f, "/tables/nonsense"); status != exitFailed || !strings.Contains(errs, "no such value") {
		t.Errorf("exit %d: %s", status, errs)
	}
}

func TestApply(t *testing.T) {
	f := converted(t, "county_2021form.docx")
	answers := filepath.Join(t.TempDir(), "answers.json")
	if err := os.WriteFile(answers, []byte(`[{"path": "/tables/proactive_disclosure/licensing/decisions", "value": 77, "note": "on paper"}]`), 0o600); err != nil {
		t.Fatal(err)
	}
	once, errs, status := inProcess(t, "", "apply", "--no-review-exit", f, answers)
	if status != 0 {
		t.Fatalf("exit %d: %s", status, errs)
	}
	r, err := report.Decode([]byte(once))
	if err != nil {
		t.Fatal(err)
	}
	c := r.Cell("/tables/proactive_disclosure/licensing/decisions")
	if v, _ := r.Tables.Value(c.Path); c.Verdict != report.Confirmed || v.Number == nil || v.Number.String() != "77" || len(r.Patches) != 1 {
		t.Errorf("cell %+v, value %v, patches %v", c, v.Number, r.Patches)
	}
	if faults, err := report.Validate([]byte(once)); err != nil || len(faults) > 0 {
		t.Errorf("schema: %v %v", faults, err)
	}
	// The answers of one conversion can be laid over another.
	checked := filepath.Join(t.TempDir(), "checked.json")
	if err := os.WriteFile(checked, []byte(once), 0o600); err != nil {
		t.Fatal(err)
	}
	if again, _, _ := inProcess(t, "", "apply", "--no-review-exit", f, checked); again != once {
		t.Error("replaying the answers gave something else")
	}
}

func TestTables(t *testing.T) {
	out, _, status := inProcess(t, "", "tables", "-f", "csv", samples+"city_2021form.pdf")
	if status != 0 || !strings.Contains(out, "行政规范性文件") {
		t.Errorf("exit %d: %s", status, out)
	}
	all, _, _ := inProcess(t, "", "tables", samples+"city_2021form.pdf")
	some, _, _ := inProcess(t, "", "tables", "--pages", "1", samples+"city_2021form.pdf")
	if len(some) >= len(all) || !json.Valid([]byte(all)) {
		t.Error("--pages chose nothing")
	}
}

// TestNamesInArchives: what is in a ZIP is called as it was typed, by every command that takes a document.
func TestNamesInArchives(t *testing.T) {
	zip := filepath.Join(t.TempDir(), "包.zip")
	packed(t, zip, map[string]string{"里/a.docx": "county_2021form.docx", "b.txt": "township_2014form.txt"})
	member := filepath.Join(zip, "里", "a.docx")
	for _, args := range [][]string{{"tables", "-f", "csv", member}, {"inspect", member}, {"convert", member}} {
		if out, errs, status := inProcess(t, "", args...); status == exitFailed || out == "" || strings.Count(errs, "包.zip") > 1 {
			t.Errorf("%v: exit %d, %s", args, status, errs)
		}
		args[len(args)-1] = filepath.Join(zip, "none.pdf")
		if _, errs, status := inProcess(t, "", args...); status != exitFailed || !strings.Contains(errs, "no such file in the archive") {
			t.Errorf("%v: exit %d, %s", args, status, errs)
		}
	}
	if _, errs, status := inProcess(t, "", "tables", zip); status != exitFailed || !strings.Contains(errs, "holds 2 documents: name one, such as "+zip+"/b.txt") {
		t.Errorf("exit %d: %s", status, errs)
	}
}

func TestInspect(t *testing.T) {
	dir := t.TempDir()
	out, errs, status := inProcess(t, "", "inspect", "--png", dir, samples+"city_2021form.pdf")
	if status != 0 || !json.Valid([]byte(out)) || !strings.Contains(out, `"rulings"`) {
		t.Errorf("exit %d: %s", status, errs)
	}
	if drawn, err := filepath.Glob(filepath.Join(dir, "*.png")); err != nil || len(drawn) == 0 {
		t.Errorf("nothing was drawn: %v", err)
	}
	if _, errs, status := inProcess(t, "", "inspect", samples+"city_2021form.pdf", "--pages", "99"); status != exitOK || !strings.Contains(errs, "none of these pages is in it") {
		t.Errorf("exit %d: %s", status, errs)
	}
}

func TestSchema(t *testing.T) {
	out, _, status := inProcess(t, "", "schema")
	if status != 0 || !json.Valid([]byte(out)) || !strings.Contains(out, "2020-12") {
		t.Errorf("exit %d", status)
	}
}

// TestApplyReadsWhatEditorsWrite: answers as JSON and CSV, with a byte order mark, in UTF-16, with numbers as text.
func TestApplyReadsWhatEditorsWrite(t *testing.T) {
	f := converted(t, "county_2021form.docx")
	const path = "/tables/requests/received/total"
	wide := func(s string) string {
		out := "\xff\xfe"
		for _, r := range s {
			out += string([]byte{byte(r), byte(r >> 8)})
		}
		return out
	}
	list := `[{"path": "` + path + `", "value": "85", "who": "王"}]`
	for name, text := range map[string]string{
		"plain": list, "bom": "\ufeff" + list, "utf16": wide(list),
		"csv":       "path,value,who\n" + path + ",85,王\n",
		"excel csv": "\ufeffpath;value;who\r\n" + path + ";85;王\r\n",
		"tabs":      wide("Path\tValue\tWho\n" + path + "\t85\t王\n"),
	} {
		answers := filepath.Join(t.TempDir(), "answers")
		if err := os.WriteFile(answers, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, errs, _ := inProcess(t, "", "apply", "--no-review-exit", f, answers)
		r, err := report.Decode([]byte(out))
		if err != nil {
			t.Fatalf("%s: %v %s", name, err, errs)
		}
		v, _ := r.Tables.Value(path)
		if v.Number == nil || v.Number.String() != "85" || len(r.Patches) != 1 || r.Patches[0].Who != "王" {
			t.Errorf("%s: %v %v", name, v, r.Patches)
		}
	}
	for text, want := range map[string]string{
		"": "no answers", "nonsense": "no column", "a,b\n1,2\n": `no column "path"`, "path,value\n" + path + "\n": "no value",
		`[{"path": "` + path + `"}]`: "answer 1 has no value", `[{"value": 1}]`: "answer 1 has no path", list + list: "a list of",
	} {
		answers := filepath.Join(t.TempDir(), "answers")
		if err := os.WriteFile(answers, []byte(text+" "), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, errs, status := inProcess(t, "", "apply", f, answers); status != exitFailed || !strings.Contains(errs, want) {
			t.Errorf("%q: %d %s", text, status, errs)
		}
	}
	// The output may be the input.
	answers := filepath.Join(t.TempDir(), "answers.json")
	if err := os.WriteFile(answers, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, status := inProcess(t, "", "apply", "--no-review-exit", "-o", f, f, answers); status != exitOK {
		t.Fatal(errs)
	}
	if b, err := os.ReadFile(f); err != nil || !strings.Contains(string(b), `"who": "王"`) {
		t.Errorf("%v", err)
	}
}
