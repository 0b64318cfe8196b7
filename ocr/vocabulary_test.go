package ocr

import (
	"context"
	"image"
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
	inks, _ := readFigures(sheet, &tab)
	labels, told := 0, 0
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
		}
		var upside []line // no text
		for _, l := range ink.lines {
			upside = append(upside, line{image: turnedOver(l.image), ink: l.ink})
		}
		if text, ok := words.tell(apart(upside, sheet.TextHeight, tallLine, linePitch), sheet.TextHeight); ok {
			t.Errorf("print upside down is told as %q", text)
		}
	}
	if labels < 10 || 10*told < 7*labels {
		t.Errorf("%d of %d labels were told", told, labels)
	}
}

func turnedOver(g *image.Gray) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, g.Rect.Dx(), g.Rect.Dy()))
	for y := range g.Rect.Dy() {
		for x := range g.Rect.Dx() {
			out.Pix[y*out.Stride+x] = g.GrayAt(g.Rect.Max.X-1-x, g.Rect.Max.Y-1-y).Y
		}
	}
	return out
}

// TestLabelsOfOtherSize: labels are read though the table's figures are set half as large again.
func TestLabelsOfOtherSize(t *testing.T) {
	sheet, tab := labelled(t, synth.Fax)
	words, _ := officialWords()
	for _, factor := range []float64{0.7, 1, 1.5} {
		inks, digits := readFigures(sheet, &tab)
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
