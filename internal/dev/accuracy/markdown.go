package accuracy

import (
	"bytes"
	"fmt"
	"sort"
	"strings"

	"github.com/nianbao/nianbao/internal/dev/synth"
)

// Format is what was counted for a format that holds its text.
type Format struct {
	Name  string
	Tally Tally
}

// Measurement is everything that docs/accuracy.md tells.
type Measurement struct {
	Scans   []Outcome
	Digital []Format
	// Foreign are scans that this project did not draw, by how they were worn; empty where none were given.
	Foreign []Foreign
	// Readers are the readers of cells alone, by level.
	Readers map[string]Readers
	// Record holds Tesseract's figures, and this program's on the same cases.
	Record  Record
	Engines map[string]string
}

// levelNotes say what the levels are.
var levelNotes = map[synth.Level]string{
	synth.Clean:     "300 dpi, JPEG 92, nothing lost",
	synth.Office:    "300 dpi, askew to 0.6°, blur, noise, JPEG 65",
	synth.Sealed:    "200 dpi, askew to 1.5°, two in three with a red seal, uneven light, JPEG 45",
	synth.Fax:       "200 dpi Group 4: noise, specks, dead lines",
	synth.Phone:     "photograph: perspective, curl, shadow, JPEG 50",
	synth.Photocopy: "150 dpi, askew to 2.5°, thick or thin, dark edges, one in three turned, JPEG 40",
}

// Markdown writes the figures.
func (m Measurement) Markdown() []byte {
	var b bytes.Buffer
	all := Sum(m.Scans)
	fmt.Fprintf(&b, `# Accuracy

Written by `+"`make accuracy`"+`; do not edit. %d reports of the project's own generator (package
internal/dev/synth: %d pages; forms 2021, 2019 and 2014; three Chinese faces; six levels; one report in four
wrong in print), fixed seeds, compared with what was printed.

A number is right when the JSON holds what is printed, and null where no number is printed. A silent error
is a wrong value that `+"`review`"+` does not name. "To review" counts the numbers that review names, and how
many of those were right after all.

The generator's pages are like real ones only as far as we knew how to make them so, and these figures are
no promise for a scan that looks different from all of them: there the equations and the review list are what
protects. Of the faces below, the networks that read cells never saw LXGW WenKai and TeX Gyre Termes.

## Scans, by level

| level | what it is | reports | numbers right | tables right | reports right | silent errors | to review (right) | no output |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
`, all.Reports, all.Pages)
	levels := ByLevel(m.Scans)
	for _, l := range synth.Levels() {
		if t, ok := levels[l.String()]; ok {
			scanRow(&b, l.String(), levelNotes[l], t)
		}
	}
	scanRow(&b, "**all**", "", all)
	fmt.Fprintf(&b, "\n%d of %d reports that are wrong in print have a failing check; %d of the %d sound ones do, because a number was\nread wrong.\n",
		all.Found, all.Broken, all.False, all.Reports-all.Broken)
	m.faces(&b)
	m.readers(&b)
	m.digital(&b)
	m.alone(&b)
	fmt.Fprint(&b, `
## Reliability

Numbers read from pixels by their confidence in the output. Where the program is well calibrated, as many
are right as the mean confidence says; a bar is twenty marks long when all are right.
`)
	reliability(&b, m.Scans)
	m.foreign(&b)
	m.engines(&b)
	return b.Bytes()
}

// faces writes the scans' figures by the face that their numbers are set in.
func (m Measurement) faces(b *bytes.Buffer) {
	b.WriteString("\n| figures set in | reports | numbers right | silent errors | to review (right) |\n| --- | --- | --- | --- | --- |\n")
	faces := map[synth.Face]Tally{}
	for _, o := range m.Scans {
		t := faces[o.Case.Style.Figures]
		t.Add(o.Tally)
		faces[o.Case.Style.Figures] = t
	}
	for f := synth.Song; f <= synth.Termes; f++ {
		if t := faces[f]; t.Reports > 0 {
			fmt.Fprintf(b, "| %s | %d | %.2f %% of %d | %d | %d (%d) |\n", f, t.Reports, t.Share(), t.Cells, t.Silent, t.Flagged, t.FlaggedRight)
		}
	}
}

// readers writes what each reader reads of single cells.
func (m Measurement) readers(b *bytes.Buffer) {
	if len(m.Readers) == 0 {
		return
	}
	b.WriteString(`
## The readers alone

The cells of the reports above whose figures are set in a face that no network was trained on, read once, without sums and
without a second look: by the network for numbers, and by Tesseract (eng, psm 7, one cell a call, digits 22 pixels high) on the
same lines, which are cleaned of rulings and seals for both.

| level | numbers | our network | Tesseract |
| --- | --- | --- | --- |
`)
	for _, l := range synth.Levels() {
		if t := m.Readers[l.String()]; t.Cells > 0 {
			fmt.Fprintf(b, "| %s | %d | %.2f %% | %.2f %% |\n", l, t.Cells, 100*float64(t.Ours)/float64(t.Cells), 100*float64(t.General)/float64(t.Cells))
		}
	}
}

// digital writes the figures of the formats that hold their text.
func (m Measurement) digital(b *bytes.Buffer) {
	if len(m.Digital) == 0 {
		return
	}
	b.WriteString("\n## Formats that hold their text\n\n| format | reports | numbers | numbers right | reports right | silent errors | to review (right) | wrong in print, found |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n")
	for _, f := range m.Digital {
		t := f.Tally
		fmt.Fprintf(b, "| %s | %d | %d | %.2f %% | %d | %d | %d (%d) | %d of %d |\n", f.Name, t.Reports, t.Cells, t.Share(), t.Perfect, t.Silent, t.Flagged, t.FlaggedRight, t.Found, t.Broken)
	}
}

// alone writes what Tesseract reads without this program's help.
func (m Measurement) alone(b *bytes.Buffer) {
	alone := [2]map[string]Tally{m.Record[AloneName(AloneModes[0])], m.Record[AloneName(AloneModes[1])]}
	if alone[0] == nil || alone[1] == nil {
		return
	}
	fmt.Fprintf(b, `
## Tesseract alone

One report a level, each page read whole by Tesseract (chi_sim), its words laid into the cells where the
generator knows them to be, everything but digits dropped: more help than a user of Tesseract has. Rulings are what it stumbles over: most
rows of a ruled table come out as one word of noise.

| level | numbers | psm %d | psm %d | this program |
| --- | --- | --- | --- | --- |
`, AloneModes[0], AloneModes[1])
	for _, l := range synth.Levels() {
		name := l.String()
		t := m.Record[Short][name]
		fmt.Fprintf(b, "| %s | %d | %.2f %% | %.2f %% | %.2f %% |\n", l, t.Cells, alone[0][name].Share(), alone[1][name].Share(), t.Share())
	}
}

// engines names the versions of what was measured.
func (m Measurement) engines(b *bytes.Buffer) {
	if len(m.Engines) == 0 {
		return
	}
	names := make([]string, 0, len(m.Engines))
	for n := range m.Engines {
		names = append(names, n)
	}
	sort.Strings(names)
	b.WriteString("\nEngines:")
	for i, n := range names {
		v := m.Engines[n]
		if len(v) > 24 {
			v = v[:24] + "…"
		}
		fmt.Fprintf(b, "%s %s %s", map[bool]string{true: "", false: ","}[i == 0], n, v)
	}
	b.WriteString(".\n")
}

func scanRow(b *bytes.Buffer, name, note string, t Tally) {
	fmt.Fprintf(b, "| %s | %s | %d | %.2f %% of %d | %d of %d | %d | %d | %d (%d) | %d |\n",
		name, note, t.Reports, t.Share(), t.Cells, t.TablesRight, t.Tables, t.Perfect, t.Silent, t.Flagged, t.FlaggedRight, t.Failed)
}

// foreign writes the figures of scans that this project did not draw.
func (m Measurement) foreign(b *bytes.Buffer) {
	if len(m.Foreign) == 0 {
		return
	}
	b.WriteString(`
## Pages that we did not draw

Reports set by a browser in many layouts, faces, sizes of print and rulings, printed and worn by a program that is not ours
(` + "`make accuracy FOREIGN='FOLDER…'`" + `: each folder holds scans with their truth). No network saw such pages, and nobody had looked at these
before they were measured.

| kind | reports | numbers right | reports right | silent errors | to review (right) |
| --- | --- | --- | --- | --- | --- |
`)
	var all []Outcome
	row := func(name string, t Tally) {
		fmt.Fprintf(b, "| %s | %d | %.2f %% of %d | %d | %d | %d (%d) |\n", name, t.Reports, t.Share(), t.Cells, t.Perfect, t.Silent, t.Flagged, t.FlaggedRight)
	}
	for _, f := range m.Foreign {
		row(f.Kind, Sum(f.Outcomes))
		all = append(all, f.Outcomes...)
	}
	row("**all**", Sum(all))
	b.WriteString("\nTheir numbers by the confidence in the output:\n")
	reliability(b, all)
}

// reliability draws how often numbers of a confidence were right, which should be as often as it says.
func reliability(b *bytes.Buffer, outcomes []Outcome) {
	sum := NewBins()
	for _, o := range outcomes {
		for i, x := range o.Bins {
			sum[i].Cells += x.Cells
			sum[i].Right += x.Right
			sum[i].Confidence += x.Confidence
		}
	}
	b.WriteString("\n| confidence from | numbers | mean confidence | right | |\n| --- | --- | --- | --- | --- |\n")
	for _, x := range sum {
		if x.Cells == 0 {
			continue
		}
		right := float64(x.Right) / float64(x.Cells)
		fmt.Fprintf(b, "| %g | %d | %.4f | %.4f | %s |\n", x.From, x.Cells, x.Confidence/float64(x.Cells), right, strings.Repeat("█", int(20*right+0.5)))
	}
}
