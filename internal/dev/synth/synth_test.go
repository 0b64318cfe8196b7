package synth_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"io"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/image/font/sfnt"

	"github.com/nianbao/nianbao/extract/picture"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/dev/golden"
	"github.com/nianbao/nianbao/internal/dev/race"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/layout"
)

var forms = []string{"2021", "2019", "2014"}

func TestNumbersObeyTheForm(t *testing.T) {
	broken := 0
	for _, f := range forms {
		for seed := range uint64(race.Times(60, 6)) {
			if r := synth.Make(seed, synth.Options{Form: f}); len(r.Broken) > 0 {
				t.Errorf("form %s, seed %d: %v do not hold", f, seed, r.Broken)
			}
			r := synth.Make(seed, synth.Options{Form: f, BreakOne: true})
			broken += min(1, len(r.Broken))
			for _, c := range r.Cells {
				if strings.HasPrefix(c.Printed, "-") && !strings.HasSuffix(c.Path, "items_change") {
					t.Errorf("form %s, seed %d: %s is %s", f, seed, c.Path, c.Printed)
				}
			}
		}
	}
	if want := 3 * race.Times(60, 6); broken != want {
		t.Errorf("%d of %d reports that should be broken are", broken, want)
	}
}

func TestEveryFieldIsPrintedOnce(t *testing.T) {
	for _, f := range forms {
		r := synth.Make(1, synth.Options{Form: f})
		n := 0
		for i := range form.Official().Get(f).Tables {
			n += len(form.Official().Get(f).Tables[i].Fields())
		}
		if len(r.Cells) != n {
			t.Errorf("form %s: %d cells, the form has %d fields", f, len(r.Cells), n)
		}
		for seed := range uint64(race.Times(12, 2)) {
			seen := map[string]int{}
			for _, p := range synth.LayOut(r, synth.MakeStyle(seed)).Places {
				seen[p.Path]++
			}
			for _, c := range r.Cells {
				if seen[c.Path] != 1 {
					t.Errorf("form %s, style %d: %s is set %d times", f, seed, c.Path, seen[c.Path])
				}
			}
		}
	}
}

func TestOptions(t *testing.T) {
	count := func(o synth.Options, part string) (n int) {
		for seed := range uint64(20) {
			for _, c := range synth.Make(seed, o).Cells {
				if part == "" && c.Printed == "" || part != "" && strings.Contains(c.Printed, part) {
					n++
				}
			}
		}
		return n
	}
	large := synth.Options{Size: synth.Large}
	commas, notes, blank, dash := large, large, large, large
	commas.Commas, notes.Notes, blank.Zero, dash.Zero = true, true, synth.Blank, "—"
	for _, tt := range []struct {
		with synth.Options
		part string
	}{{commas, ","}, {notes, "其中修订"}, {blank, ""}, {dash, "—"}} {
		if without, with := count(large, tt.part), count(tt.with, tt.part); without != 0 || with == 0 {
			t.Errorf("%+v: %d cells with %q, and %d without the option", tt.with, with, tt.part, without)
		}
	}
}

func TestSameSeedSameBytes(t *testing.T) {
	r, again := synth.Make(5, synth.Options{}), synth.Make(5, synth.Options{})
	if !reflect.DeepEqual(r, again) {
		t.Error("reports differ")
	}
	st := synth.MakeStyle(5)
	for name, write := range map[string]func(*synth.Report) []byte{
		"DOCX": func(r *synth.Report) []byte { return r.DOCX(st) },
		"HTML": func(r *synth.Report) []byte { return r.HTML(st) },
		"text": func(r *synth.Report) []byte { return r.Text(st) },
		"PDF":  func(r *synth.Report) []byte { return synth.LayOut(r, st).PDF() },
		"OFD":  func(r *synth.Report) []byte { return synth.LayOut(r, st).OFD() },
		"scan": func(r *synth.Report) []byte { return synth.TIFF(synth.LayOut(r, st).Scans(synth.Photocopy, 1)[:1]) },
	} {
		if !bytes.Equal(write(r), write(again)) {
			t.Errorf("%s: bytes differ", name)
		}
	}
	if reflect.DeepEqual(r, synth.Make(6, synth.Options{})) {
		t.Error("another seed gives the same report")
	}
}

// Every label and number must be in every format, in the order of the form.
func TestFormatsHoldTheReport(t *testing.T) {
	for _, f := range forms {
		r := synth.Make(11, synth.Options{Form: f, Size: synth.Large})
		st := synth.Plain()
		z, err := zip.NewReader(bytes.NewReader(r.DOCX(st)), int64(len(r.DOCX(st))))
		if err != nil {
			t.Fatal(err)
		}
		part, err := z.Open("word/document.xml")
		if err != nil {
			t.Fatal(err)
		}
		document, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"DOCX": string(document), "HTML": string(r.HTML(st)), "text": string(r.Text(st))} {
			at := 0
			for _, x := range append([]string{r.Title}, headings(r)...) {
				i := strings.Index(text[at:], x)
				if i < 0 {
					t.Errorf("%s of form %s: %q is missing or out of order", name, f, x)
					continue
				}
				at += i
			}
			for _, c := range r.Cells {
				if !strings.Contains(text, c.Printed) {
					t.Errorf("%s of form %s: %s of %s is missing", name, f, c.Printed, c.Path)
				}
			}
		}
	}
}

func headings(r *synth.Report) (list []string) {
	for _, s := range r.Sections {
		list = append(list, s.Heading)
	}
	return list
}

// A cross on a page must lie where Map says it came to lie.
func TestMapFollowsThePixels(t *testing.T) {
	for _, level := range synth.Levels() {
		for seed := range uint64(race.Times(6, 1)) {
			const w, h = 400, 600
			img := image.NewGray(image.Rect(0, 0, w, h))
			for i := range img.Pix {
				img.Pix[i] = 255
			}
			at := layout.Point{X: 120.5, Y: 410.5}
			for y := 404; y < 417; y++ {
				for x := 114; x < 127; x++ {
					img.Pix[y*w+x] = 0
				}
			}
			s := synth.Degrade(img, level, seed)
			p := s.Map(at)
			sx, sy, n := 0.0, 0.0, 0.0
			for y := int(p.Y) - 14; y < int(p.Y)+14; y++ {
				for x := int(p.X) - 14; x < int(p.X)+14; x++ {
					r, g, _, _ := s.Image.At(x, y).RGBA()
					if g>>8 < 90 && r>>8 < 140 { // ink, not the seal's
						sx, sy, n = sx+float64(x)+0.5, sy+float64(y)+0.5, n+1
					}
				}
			}
			if n < 100 || math.Hypot(sx/n-p.X, sy/n-p.Y) > 1.5 {
				t.Errorf("%s, seed %d: Map says %.1f, %.1f; %v pixels of ink around %.1f, %.1f", level, seed, p.X, p.Y, n, sx/n, sy/n)
			}
		}
	}
}

func TestScansCanBeRead(t *testing.T) {
	pages := synth.LayOut(synth.Make(3, synth.Options{}), synth.Plain())
	for _, level := range race.Few([]synth.Level{synth.Fax, synth.Photocopy}, 1) {
		scans := pages.Scans(level, 1)
		doc, warnings, err := picture.Read(synth.TIFF(scans))
		if err != nil || len(warnings) > 0 || len(doc.Pages) != len(scans) {
			t.Fatalf("%s: %d pages, %v, %v", level, len(doc.Pages), warnings, err)
		}
		for i, p := range doc.Pages {
			img, err := p.Source.Pixels(0)
			if err != nil {
				t.Fatal(err)
			}
			if !alike(img, scans[i].Image, level) {
				t.Errorf("%s: page %d is not what was written", level, i+1)
			}
		}
	}
}

// alike says that two grey pictures are the same, but for how JPEG decoders round; a fax is no JPEG.
func alike(a, b image.Image, level synth.Level) bool {
	rounding := uint8(3)
	if level == synth.Fax {
		rounding = 0
	}
	x, y := a.(*image.Gray), b.(*image.Gray)
	if x.Rect != y.Rect {
		return false
	}
	for row := range x.Rect.Dy() {
		for col := range x.Rect.Dx() {
			p, q := x.Pix[row*x.Stride+col], y.Pix[row*y.Stride+col]
			if max(p, q)-min(p, q) > rounding {
				return false
			}
		}
	}
	return true
}

// TestRuling holds that each way of ruling draws lines in the directions that it says, and no others.
func TestRuling(t *testing.T) {
	const long = 200 // pixels at 300 dpi: more than any stroke
	type sample struct {
		ruling          synth.Ruling
		across, upright bool
	}
	for _, tt := range race.Few([]sample{
		{synth.Boxed, true, true}, {synth.Unruled, false, false}, {synth.ThreeLine, true, false},
		{synth.RowRuled, true, false}, {synth.Borderless, true, true}, {synth.ColumnRuled, false, true},
	}, 1) {
		st := synth.Plain()
		st.Ruling = tt.ruling
		across, upright := false, false
		for _, scan := range synth.LayOut(synth.Make(3, synth.Options{}), st).Scans(synth.Clean, 1)[:2] {
			b := scan.Image.Bounds()
			run := make([]int, b.Dx()) // dark pixels up to here, in each column
			for y := range b.Dy() {
				level := 0
				for x := range b.Dx() {
					if v, _, _, _ := scan.Image.At(x, y).RGBA(); v > 0x9000 {
						level, run[x] = 0, 0
						continue
					}
					level, run[x] = level+1, run[x]+1
					across, upright = across || level > long, upright || run[x] > long
				}
			}
		}
		if across != tt.across || upright != tt.upright {
			t.Errorf("ruling %d: lines across %v, upright %v; want %v, %v", tt.ruling, across, upright, tt.across, tt.upright)
		}
	}
}

func TestFontsHoldTheAlphabet(t *testing.T) {
	golden.Equal(t, "fonts/alphabet.txt", []byte(synth.Alphabet()+"\n"))
	for _, name := range []string{"song", "hei", "kai"} {
		data, err := os.ReadFile(fmt.Sprintf("fonts/%s.ttf", name))
		if err != nil {
			t.Fatal(err)
		}
		f, err := sfnt.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		var buf sfnt.Buffer
		for _, r := range synth.Alphabet() {
			if i, err := f.GlyphIndex(&buf, r); err != nil || i == 0 {
				t.Errorf("%s.ttf lacks %q: run fonts/make.py (fonts/README.md)", name, r)
			}
		}
	}
}

func BenchmarkDegrade(b *testing.B) {
	pages := synth.LayOut(synth.Make(3, synth.Options{}), synth.Plain())
	for _, level := range synth.Levels() {
		img := pages.Draw(level.DPI())[0]
		b.Run(level.String(), func(b *testing.B) {
			for b.Loop() {
				synth.Degrade(img, level, 1)
			}
		})
	}
}
