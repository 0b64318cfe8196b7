package stages

import (
	"context"
	"image"
	"slices"
	"testing"

	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr"
	"github.com/nianbao/nianbao/ocr/raster"
	"github.com/nianbao/nianbao/ocr/reading"
	"github.com/nianbao/nianbao/ocr/tesseract"
	"github.com/nianbao/nianbao/report"
)

// fullest draws the page of a report that holds the most numbers, as a scanner of the level leaves it.
func fullest(level synth.Level) *synth.Scan {
	p := synth.LayOut(synth.Make(1, synth.Options{Form: "2021"}), synth.MakeStyle(1))
	count := make([]int, p.Len())
	for _, place := range p.Places {
		count[place.Page]++
	}
	page := slices.Index(count, slices.Max(count))
	return synth.Degrade(p.Draw(level.DPI())[page], level, 1)
}

// BenchmarkScan times one scanned page, whole and by stage, and gives pages per second: "tables" is
// the file to its report without prose, as with --tables-only, the process's start not counted. The
// stages are its parts: decode, geometry (the page laid flat and its cells found), numbers and labels
// (the cells that hold figures, marks or nothing, and those that hold words); prose comes on top.
func BenchmarkScan(b *testing.B) {
	ctx := context.Background()
	var rec ocr.Recognizer
	engine, err := tesseract.Open("")
	if err == nil {
		defer engine.Close()
		rec = engine
	}
	opener := &extract.Opener{}
	defer opener.PDF.Close()
	c := Converter{Open: opener.Open, Recognizer: rec, TablesOnly: true}
	for _, level := range []synth.Level{synth.Clean, synth.Fax, synth.Photocopy} {
		data := synth.TIFF([]*synth.Scan{fullest(level)})
		decode := func() image.Image {
			doc, _, err := opener.Open(ctx, "page.tif", data)
			if err != nil {
				b.Fatal(err)
			}
			img, err := doc.Pages[0].Source.Pixels(0)
			if err != nil {
				b.Fatal(err)
			}
			return img
		}
		img := decode()
		geometry := func() (*raster.Sheet, []layout.Table) { // once for each decoding: the sheet takes the picture over
			sheet, err := raster.Flatten(img)
			if err != nil {
				b.Fatal(err)
			}
			tables, err := upright(ctx, sheet, new(Converter).vocabulary(), rec)
			if err != nil {
				b.Fatal(err)
			}
			return sheet, tables
		}
		cells := func(sheet *raster.Sheet, tables []layout.Table) {
			if err := ocr.Cells(ctx, sheet, tables, ocr.Means{Recognizer: rec}); err != nil {
				b.Fatal(err)
			}
		}
		sheet, found := geometry()
		cells(sheet, found)
		var numbers, labels []layout.Table
		for _, t := range found {
			n, l := t, t
			n.Cells, l.Cells = nil, nil
			for _, cell := range t.Cells {
				if report.ParseFigure(cell.Text).Mark != report.MarkText {
					n.Cells = append(n.Cells, cell)
				} else {
					l.Cells = append(l.Cells, cell)
				}
			}
			numbers, labels = append(numbers, n), append(labels, l)
		}
		if len(numbers) == 0 || len(numbers[0].Cells) == 0 || len(labels[0].Cells) == 0 {
			b.Fatalf("no table was found on the page, level %v", level)
		}
		reading.Numbers()
		reading.Labels()
		for _, stage := range []struct {
			name string
			do   func()
		}{
			{"tables", func() {
				if _, err := c.Convert(ctx, "page.tif", data); err != nil {
					b.Fatal(err)
				}
			}},
			{"decode", func() { decode() }},
			{"geometry", func() { geometry() }},
			{"numbers", func() { cells(sheet, numbers) }},
			{"labels", func() { cells(sheet, labels) }},
			{"prose", func() {
				if _, err := ocr.Prose(ctx, sheet, found, false, rec); err != nil {
					b.Fatal(err)
				}
			}},
		} {
			b.Run("level="+level.String()+"/stage="+stage.name, func(b *testing.B) {
				if stage.name == "prose" && rec == nil {
					b.Skip("no Tesseract")
				}
				stage.do() // what starts once is started
				b.ReportAllocs()
				for b.Loop() {
					if stage.name == "geometry" {
						b.StopTimer()
						img = decode()
						b.StartTimer()
					}
					stage.do()
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
			})
		}
	}
}
