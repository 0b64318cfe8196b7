package word97_test

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract/word97"
)

// TestWhatWordShows: a cell of a document that LibreOffice writes, the number that is shown in it, and whether a person is asked. Without
// LibreOffice it is left out.
func TestWhatWordShows(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("soffice is not installed")
	}
	cells := []struct {
		row, cell, text string // in RTF
		want            string
		asked           bool
	}{
		{"", "", "444", "444", false},
		{"", "", `{\strike 444}`, "", true},
		{"", "", `{\striked1 444}`, "", true},
		{"", "", `{\v 12}444`, "444", false},
		{"", "", `444{\super 1}`, "444¹", false},
		{"", "", `444{\up12 1}`, "444¹", false},
		{"", "", `{\cf2 444}`, "", true},
		{"", "", `{\cf3 444}`, "", true},
		{"", `\clcbpat1`, `{\cf2 444}`, "444", false},
		{"", `\clcbpat1`, `{\cf1 444}`, "", true},
		{"", `\clcbpat4`, `{\cf1 444}`, "444", false},
		{"", "", `{\highlight1\cf1 444}`, "", true},
		{"", "", `{\highlight1 444}`, "444", true},
		{"", "", `{\highlight7\cf1 444}`, "444", false},
		{"", "", `{\fs2 444}`, "", true},
		{"", "", `{\fs28 444}{\fs14 1}`, "4441", true},
		{"", "", `{\charscalex2 444}`, "", true},
		{"", "", `{\expndtw-200 444}`, "444", true},
		{"", "", `{\twoinone1 1234}`, "1234", true},
		{`\trrh-20`, "", `444`, "", true},
		{`\trrh-400`, "", `444`, "444", false},
		{"", "", `\sl-20\slmult0 444`, "", true},
		{"", "", `\li-3000 444`, "444", true},
		{"", "", `1\line 2`, "1\n2", false},
	}
	var b strings.Builder
	b.WriteString(`{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\colortbl;\red0\green0\blue0;\red255\green255\blue255;\red253\green253\blue253;\red255\green255\blue0;\red0\green0\blue255;\red255\green0\blue0;\red255\green255\blue0;}` + "\n")
	for _, c := range cells {
		fmt.Fprintf(&b, `\trowd%s\cellx3000%s\cellx6000\pard\intbl\li0\sl0 a\cell\pard\intbl %s\cell\row`+"\n", c.row, c.cell, c.text)
	}
	b.WriteString(`\pard\par}`)
	dir := t.TempDir()
	from := filepath.Join(dir, "a.rtf")
	if err := os.WriteFile(from, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	profile := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir, "profile"))}
	if said, err := exec.CommandContext(t.Context(), soffice, "-env:UserInstallation="+profile.String(), "--headless", "--norestore", "--convert-to", "doc:MS Word 97", "--outdir", dir, from).CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, said)
	}
	data, err := os.ReadFile(filepath.Join(dir, "a.doc"))
	if err != nil {
		t.Fatal(err)
	}
	d, _, err := word97.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	row := 0
	for _, block := range d.Pages[0].Blocks {
		if block.Table == nil {
			continue
		}
		for r := range block.Table.Rows {
			if row >= len(cells) {
				t.Fatal("more rows than were written")
			}
			c, got := cells[row], block.Table.At(r, 1)
			if asked := got.Struck || got.Reading != nil && got.Reading.Ink; got.Text != c.want || asked != c.asked {
				t.Errorf("%s%s%s: %q, asked %v; want %q, %v", c.row, c.cell, c.text, got.Text, asked, c.want, c.asked)
			}
			row++
		}
	}
	if row != len(cells) {
		t.Errorf("%d rows of %d", row, len(cells))
	}
}
