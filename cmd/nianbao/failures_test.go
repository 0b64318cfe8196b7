package main

import (
	"archive/zip"
	"bytes"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/internal/dev/race"
	"github.com/nianbao/nianbao/internal/dev/synth"
)

// original is what a library or the system says, which may stand in brackets behind what the program says.
var original = regexp.MustCompile(`（[^（）\p{Han}]*）`)

// begun is what a message begins with that the program has no words of its own for.
const begun = "系统或程序库报告错误"

// fails runs a command that must fail, and wants it to say why in Chinese.
func fails(t *testing.T, args ...string) {
	t.Helper()
	out, errs, status := inProcess(t, "", args...)
	if args[0] == "convert" || args[0] == "inspect" || args[0] == "tables" || args[0] == "export" {
		out = "" // for machines
	}
	what := strings.Join(args, " ")
	if status == exitOK {
		t.Errorf("%s: exit %d: %s%s", what, status, out, errs)
	}
	t.Logf("%s\n%s%s", what, out, errs)
	for line := range strings.Lines(out + errs) {
		if strings.TrimSpace(line) != "" && args[0] != "completion" && !strings.ContainsFunc(line, func(r rune) bool { return unicode.Is(unicode.Han, r) }) || strings.Contains(line, begun) {
			t.Errorf("%s: what to do is not said: %s", what, line)
		}
	}
	noEnglish(t, what, original.ReplaceAllString(out+errs, ""))
}

// broken writes files that are no sound ones, each of a kind, and gives their names.
func broken(t *testing.T, dir string) (names []string) {
	t.Helper()
	write := func(name string, data []byte) {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	read := func(name string) []byte {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	docx, pdf, tiff := read(samples+"county_2021form.docx"), read(samples+"city_2021form.pdf"), read(samples+"broken_2021form.fax.tif")
	write("empty.pdf", nil)
	write("unknown.bin", []byte{0, 1, 2, 3, 0xff, 0xfe, 0, 9, 8, 7, 6})
	write("cut.pdf", pdf[:len(pdf)/3])
	write("head.pdf", []byte("%PDF-1.7 cut"))
	write("cut.docx", docx[:len(docx)/2])
	flipped := bytes.Clone(docx)
	for i := len(flipped) / 4; i < len(flipped)/2; i++ {
		flipped[i] ^= 0x55
	}
	write("flipped.docx", flipped)
	write("header.tif", tiff[:12])
	write("cut.png", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00"))
	write("cut.jpg", []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"))
	write("cut.gif", []byte("GIF89a\x01"))
	write("cut.doc", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...))
	write("note.txt", []byte("关于召开会议的通知\n"))
	write("cut.mht", []byte("MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"x\"\r\n\r\n--x\r\n"))
	packed := func(name, member, text string, method uint16) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.CreateRaw(&zip.FileHeader{Name: member, Method: method, CompressedSize64: uint64(len(text)), UncompressedSize64: uint64(len(text))})
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err == nil {
			err = z.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		write(name, b.Bytes())
	}
	packed("bad.docx", "word/document.xml", "<w:document><unclosed", zip.Store)
	packed("bad.ofd", "OFD.xml", "<ofd:OFD", zip.Store)
	packed("bad.xlsx", "xl/workbook.xml", "<workbook", zip.Store)
	packed("bad.odt", "content.xml", "<office:document-content><office:body", zip.Store)
	packed("lzma.zip", "a.pdf", "x", 14)
	packed("nested.zip", "a.zip", "PK\x03\x04", zip.Store)
	packed("sum.zip", "a.txt", "关于召开会议的通知", zip.Store)
	var secret bytes.Buffer
	f := excelize.NewFile()
	if err := f.Write(&secret, excelize.Options{Password: "x"}); err != nil {
		t.Fatal(err)
	}
	write("secret.xlsx", secret.Bytes())
	return names
}

// TestFailuresInChinese: whatever goes wrong with whatever command is said in Chinese, with a sentence of the program's own in
// front of what a library or the system says.
func TestFailuresInChinese(t *testing.T) {
	if race.On {
		t.Skip("what it holds are messages; the commands have tests of their own")
	}
	t.Setenv("LC_ALL", "zh_CN.UTF-8")
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	write := func(name, text string) string {
		if err := os.WriteFile(at(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return at(name)
	}
	in := at("in")
	if err := os.Mkdir(in, 0o755); err != nil {
		t.Fatal(err)
	}
	files := broken(t, in)
	good := samples + "county_2021form.docx"
	for _, f := range files {
		fails(t, "convert", f)
	}
	fails(t, "inspect", filepath.Join(in, "cut.docx"))
	fails(t, "tables", filepath.Join(in, "cut.pdf"))
	text := write("a.txt", "年报")
	for _, tt := range [][]string{
		{"convert", at("none.pdf")}, {"convert", in}, {"convert", good, "-o", text}, {"convert", good, "-o", filepath.Join(text, "x")},
		{"convert", good, "--timeout", "1ms", "--page-timeout", "0"}, {"convert", good, "--max-output", "10"}, {"convert", good, "--max-input", "10"},
		{"convert", good, "--form", at("none.json")}, {"convert", good, "--form", text}, {"convert", good, "--answers", text},
		{"convert", filepath.Join(in, "lzma.zip", "none.pdf")}, {"convert", "/dev/null"}, {"convert", "--timeout", "x", good}, {"convert", "--memory", "x", good},
		{"convert", "--log-format", "xml", good}, {"convert", "--nonsense", good}, {"convert", "-Z", good}, {"convert", "--answers"},
		{"inspect", good, "--png", filepath.Join(text, "x")}, {"inspect", at("none.pdf")}, {"inspect", good, "--pages", "4-2"}, {"inspect"},
		{"tables", good, "--format", "doc"}, {"tables", good, "--pages", "x"},
		{"batch", in}, {"batch", at("none"), "-o", at("o")}, {"batch", in, "-o", in}, {"batch", in, "-o", samples}, {"batch", in, "-o", text},
		{"batch", in, "-o", filepath.Join(text, "x")}, {"batch", in, "-o", at("o"), "--jobs", "0"}, {"batch", in, "-o", at("o"), "--shard", "3/2"},
		{"batch", in, "-o", at("o"), "--page-folders", "x"}, {"batch", in, "-o", "s3://a/b"},
		{"status", in}, {"status", at("none")}, {"status", text}, {"report", in}, {"report", at("none")}, {"export", in}, {"export", at("none"), "--to", "csv"},
		{"export", in, "--to", "pdf", "-o", at("p")}, {"manifest", in}, {"manifest", at("none")}, {"manifest", in, "--to", "xlsx"}, {"verify", in}, {"verify", at("none")},
		{"review", in, "--no-open"}, {"review", at("none"), "--no-open"}, {"review", in, "--port", "99999"},
		{"check", at("none.json")}, {"check", text}, {"check", write("b.json", "{")}, {"check", write("c.json", `{"schema":"annual-report/1"}`)}, {"check", write("d.json", `{"schema": 7, "tables": []}`)},
		{"explain", at("none.json"), "/tables"}, {"explain", text, "/tables/x"}, {"apply", at("none.json"), text}, {"apply", text, text},
		{"apply", at("none"), at("none.xlsx")}, {"form", "check", at("none.json")}, {"form", "check", text}, {"form", "check", write("e.json", "{}")}, {"form", "check", write("g.json", `{"id": 7}`)},
		{"form", "draft", at("none.xlsx")}, {"form", "draft", text}, {"form", "nonsense"},
		{"version", "--nonsense"}, {"schema", "x"}, {"completion", "x"}, {"completion"}, {"nonsense"}, {"convret"}, {"version", "--lang", "fr"},
		{"version", "--config", at("none.toml")}, {"version", "--config", write("a.toml", "x = [")}, {"version", "--config", write("b.toml", "nonsense = 1")},
		{"convert", good, "--config", write("c.toml", "[convert]\ntimeout = 5")}, {"convert", good, "--config", write("d.toml", "[nonsense]\na = 1")},
		{"submit", in, "-o", at("o")}, {"submit", in, "-o", at("o"), "--queue", "redis://x"}, {"submit", in, "-o", at("o"), "--queue", "postgres://127.0.0.1:1/x"},
		{"work"}, {"work", "--queue", "postgres://127.0.0.1:1/x?connect_timeout=2"}, {"status", "postgres://127.0.0.1:1/x"}, {"export", "postgres://nobody@127.0.0.1:1/x"},
		{"serve", "--listen", "x"}, {"serve", "--listen", "0.0.0.0:0"}, {"serve", "--token-file", at("none")}, {"serve", "--out", at("none")},
	} {
		fails(t, tt...)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	fails(t, "serve", "--listen", l.Addr().String())

	// A batch of all of them, and what is said of its folder when that is damaged.
	out := at("out")
	if err := os.WriteFile(filepath.Join(in, "good.docx"), readFile(t, good), 0o600); err != nil {
		t.Fatal(err)
	}
	misprint := synth.Make(2, synth.Options{Form: "2021", BreakOne: true}).DOCX(synth.Plain())
	if err := os.WriteFile(filepath.Join(in, "misprint.docx"), misprint, 0o600); err != nil {
		t.Fatal(err)
	}
	fails(t, "batch", in, "-o", out)
	fails(t, "status", out)
	fails(t, "review", out, "--no-open", "--port", port)
	for _, tt := range [][]string{
		{"manifest", out, "-o", filepath.Join(text, "x")}, {"manifest", out, "-o", in}, {"manifest", out, "--to", "pdf"}, {"manifest", out, "--to", "xlsx", "--bom", "-o", at("x")},
		{"export", out, "--to", "xlsx"}, {"export", out, "--to", "xlsx", "-o", filepath.Join(text, "x")}, {"export", out, "--to", "x"}, {"export", out, "--to", "sqlite", "-o", in},
		{"export", out, "--to", "pdf"}, {"export", out, "--to", "csv", "--shape", "x"},
		{"report", out, "-o", filepath.Join(text, "x")}, {"verify", out, text}, {"verify", out, at("none.csv")}, {"verify", out, write("l.csv", "a,b\n\"c")},
		{"apply", out, text}, {"apply", out, filepath.Join(in, "bad.xlsx")}, {"apply", filepath.Join(out, "json", "good.docx.json"), write("f.json", `[{"path": "/none", "value": 1}]`)},
		{"apply", filepath.Join(out, "json", "good.docx.json"), write("h.json", `{`)}, {"apply", filepath.Join(out, "json", "good.docx.json"), write("h.csv", "a,b\n\"c")},
		{"explain", filepath.Join(out, "json", "good.docx.json"), "/none"}, {"explain", filepath.Join(out, "json", "good.docx.json"), "none"},
	} {
		fails(t, tt...)
	}
	if err := os.WriteFile(filepath.Join(out, "json", "x.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(out, "json", "good.docx.json"), 100); err != nil {
		t.Fatal(err)
	}
	for _, tt := range [][]string{{"verify", out}, {"export", out, "--to", "csv"}, {"report", out}, {"explain", filepath.Join(out, "json", "good.docx.json"), "/tables"}} {
		fails(t, tt...)
	}
	inFiles(t, out)
	if err := os.WriteFile(filepath.Join(out, "ledger.db"), []byte("no database, for sure"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range [][]string{{"status", out}, {"manifest", out}, {"verify", out}, {"batch", in, "-o", out}} {
		fails(t, tt...)
	}
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// scripts are what of a page in HTML nobody reads, and seen what stands between its tags.
var (
	scripts = regexp.MustCompile(`(?s)<(?:script|style)\b.*?</(?:script|style)>|<!--.*?-->`)
	tag     = regexp.MustCompile(`(?s)<[^>]*>`)
)

// inFiles looks for English in the page and in the workbooks that are made of a batch.
func inFiles(t *testing.T, out string) {
	t.Helper()
	dir := t.TempDir()
	for _, args := range [][]string{
		{"report", out, "--pictures", "-o", filepath.Join(dir, "a.html")}, {"export", out, "--to", "xlsx", "-o", filepath.Join(dir, "a.xlsx")},
		{"manifest", out, "--to", "xlsx", "-o", filepath.Join(dir, "b.xlsx")}, {"manifest", out, "--labels", "-o", filepath.Join(dir, "c.html")},
	} {
		inProcess(t, "", args...)
	}
	for _, name := range []string{"a.html", "c.html"} {
		page := scripts.ReplaceAllString(string(readFile(t, filepath.Join(dir, name))), "")
		noEnglish(t, name, original.ReplaceAllString(tag.ReplaceAllString(page, "\n"), ""))
	}
	for _, name := range []string{"a.xlsx", "b.xlsx"} {
		f, err := excelize.OpenFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, sheet := range f.GetSheetList() {
			rows, err := f.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				for _, cell := range row {
					noEnglish(t, name+" "+sheet, original.ReplaceAllString(cell, ""))
				}
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
