package ocr

import (
	"context"
	"image"
	"slices"
	"testing"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr/raster"
	"github.com/nianbao/nianbao/tables"
)

// officialWords is the vocabulary of the newest form's table of requests.
func officialWords() (*Vocabulary, *form.Table) {
	t := form.Official().All()[0].Table("requests")
	var all [][]string
	for _, r := range t.Rows {
		all = append(all, append([]string{r.Label}, r.Aliases...))
		for _, g := range r.Groups {
			all = append(all, []string{g})
		}
	}
	return NewVocabulary(all), t
}

// labelled draws the pages of a report and gives the one that has most cells, with its largest table.
func labelled(t *testing.T, level synth.Level) (*raster.Sheet, layout.Table) {
	t.Helper()
	p := synth.LayOut(synth.Make(1, synth.Options{Form: "2021"}), synth.Plain())
	var best layout.Table
	var of *raster.Sheet
	for i, page := range p.Draw(level.DPI()) {
		sheet, err := raster.Flatten(synth.Degrade(page, level, uint64(i)).Image)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range tables.Find(sheet.Rulings, sheet.TextHeight/4) {
			if len(found.Cells) > len(best.Cells) {
				best, of = found, sheet
			}
		}
	}
	return of, best
}

// TestVocabulary: labels that can hardly be read are told from the closed set of the form's; what is no label is none of them.
func TestVocabulary(t *testing.T) {
	words, _ := officialWords()
	sheet, tab := labelled(t, synth.Photocopy)
	inks, _ := readFigures(sheet, &tab, nil)
	labels, told, far := 0, 0, 0
	for i := range tab.Cells {
		ink := inks[i]
		if len(ink.lines) == 0 || !label(tab.Cells[i].Text) || tab.Cells[i].ColSpan > 1 || tab.Cells[i].RowSpan > 1 {
			continue
		}
		text, ok := words.tell(apart(ink.lines, sheet.TextHeight, tallLine, linePitch), sheet.TextHeight)
		labels++
		if ok {
			told++
			if !words.has(text) {
				t.Errorf("%q is not of the vocabulary", text)
			}
			// Though the print's size is not known well.
			if other, ok := words.tell(apart(ink.lines, sheet.TextHeight, tallLine, linePitch), 0.75*sheet.TextHeight); ok {
				if far++; letters(other) != letters(text) {
					t.Errorf("%q is told as %q where print seems smaller", text, other)
				}
			}
		}
		var upside []line // no text
		for _, l := range ink.lines {
			upside = append(upside, line{image: upsideDown(l.image), ink: l.ink})
		}
		if text, ok := words.tell(apart(upside, sheet.TextHeight, tallLine, linePitch), sheet.TextHeight); ok {
			t.Errorf("print upside down is told as %q", text)
		}
	}
	if labels < 10 || 10*told < 7*labels || 2*far < told {
		t.Errorf("%d of %d labels were told, %d where print seems smaller", told, labels, far)
	}
}

// TestTightLabels: lines that are squeezed so that they touch are read, though print seems larger than it is.
func TestTightLabels(t *testing.T) {
	sheet, tab := labelled(t, synth.Office)
	inks, digits := readFigures(sheet, &tab, nil)
	em := sheet.TextHeight
	read := func(c layout.Cell, ink cellInk, digits float64, words *Vocabulary) string {
		if err := readLabel(context.Background(), sheet, &c, ink, digits, Means{Labels: words}); err != nil {
			t.Fatal(err)
		}
		return letters(c.Text)
	}
	var clear line // the longest of all: what goes before it hardly counts
	for i := range tab.Cells {
		if l := inks[i].lines; len(l) == 1 && label(tab.Cells[i].Text) && (clear.image == nil || l[0].image.Rect.Dx() > clear.image.Rect.Dx()) {
			clear = l[0]
		}
	}
	right, all := 0, 0
	for i := range tab.Cells {
		c, lines := tab.Cells[i], inks[i].lines
		if len(lines) != 2 || !label(c.Text) || c.ColSpan > 1 || c.RowSpan > 1 {
			continue
		}
		all++
		sheet.TextHeight = em
		long := append(slices.Clone(lines), clear)
		want := read(c, cellInk{lines: long}, digits, nil)
		sheet.TextHeight = 1.25 * em
		words := NewVocabulary([][]string{{want}, {"其他"}})
		if got := read(c, cellInk{lines: []line{squeezed(lines, int(em)), clear}}, 1.25*digits, words); got == want {
			right++
		} else {
			t.Logf("%q is read as %q", want, got)
		}
	}
	if all < 3 || 4*right < 3*all {
		t.Errorf("%d of %d labels of two lines read", right, all)
	}
}

// TestLinesThatTouch: two lines of a label that touch are seen for that, and the same print is not where the label is not known.
func TestLinesThatTouch(t *testing.T) {
	sheet, tab := labelled(t, synth.Office)
	inks, digits := readFigures(sheet, &tab, nil)
	words := NewVocabulary([][]string{{"商业企业"}, {"科研机构"}, {"社会公益组织"}, {"法律服务机构"}, {"其他"}})
	right, all := 0, 0
	for i := range tab.Cells {
		c, lines := &tab.Cells[i], inks[i].lines
		if len(lines) != 2 || !label(c.Text) || c.ColSpan > 1 || c.RowSpan > 1 {
			continue
		}
		all++
		ink := cellInk{lines: []line{squeezed(lines, int(sheet.TextHeight))}}
		for _, known := range []bool{true, false} {
			r := cellReader{sheet: sheet, digits: digits, by: Means{Labels: words}}
			if !known {
				r.by.Labels = NewVocabulary([][]string{{"其他"}})
			}
			switch touch := r.linesTouch(ink); {
			case touch && known:
				right++
			case touch:
				t.Errorf("cell %d, %d: lines of no known label touch", c.Row, c.Col)
			}
		}
	}
	if all < 3 || 4*right < 3*all {
		t.Errorf("%d of %d labels of two lines seen", right, all)
	}
}

// squeezed puts lines one below the other, each moved by a pitch, with white around.
func squeezed(lines []line, pitch int) line {
	pad, high, wide := int(linePad*float64(pitch)), 0, 0
	for _, l := range lines {
		high, wide = max(high, l.image.Rect.Dy()), max(wide, l.image.Rect.Dx())
	}
	out := image.NewGray(image.Rect(0, 0, wide, high+pitch*(len(lines)-1)))
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	for k, l := range lines {
		for y := range l.image.Rect.Dy() {
			for x := range l.image.Rect.Dx() {
				p := &out.Pix[(y+k*pitch)*out.Stride+x]
				*p = min(*p, l.image.GrayAt(l.image.Rect.Min.X+x, l.image.Rect.Min.Y+y).Y)
			}
		}
	}
	return line{image: out, ink: float64(out.Rect.Dy() - 2*pad)}
}

// TestLabelsOfOtherSize: labels are read though the table's figures are set half as large again.
func TestLabelsOfOtherSize(t *testing.T) {
	sheet, tab := labelled(t, synth.Fax)
	words, _ := officialWords()
	for _, factor := range []float64{0.7, 1, 1.5} {
		inks, digits := readFigures(sheet, &tab, nil)
		right, all := 0, 0
		for i := range tab.Cells {
			c := tab.Cells[i]
			if len(inks[i].lines) == 0 || !label(c.Text) || c.ColSpan > 1 || c.RowSpan > 1 {
				continue
			}
			all++
			if err := readLabel(context.Background(), sheet, &c, inks[i], digits*factor, Means{}); err != nil {
				t.Fatal(err)
			}
			if words.has(c.Text) {
				right++
			}
		}
		if all < 10 || 4*right < 3*all {
			t.Errorf("figures of %.1f the size: %d of %d labels read", factor, right, all)
		}
	}
}
