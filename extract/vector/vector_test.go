package vector_test

import (
	"image"
	"image/color"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract/vector"
	"github.com/nianbao/nianbao/layout"
)

// set gives the glyphs of a line of text at size 10, full width.
func set(text string, hidden bool) []vector.Glyph {
	var out []vector.Glyph
	for i, r := range []rune(text) {
		box := layout.Rect{X0: float64(10 * i), Y0: 0, X1: float64(10*i) + 10, Y1: 10}
		out = append(out, vector.Glyph{Text: string(r), Box: box, Ink: box, Size: 10, Hidden: hidden})
	}
	return out
}

func TestJudge(t *testing.T) {
	prose := "坚持以公开为常态不公开为例外围绕群众关切的重点领域及时准确公开各类政府信息"
	tests := []struct {
		name           string
		glyphs         []vector.Glyph
		cover, picture bool
		want           vector.Use
		says           bool
		reason         string
	}{
		{"text", set(prose, false), false, false, vector.Text, false, ""},
		{"text on a background", set(prose, false), true, true, vector.Text, false, "a printed background is not a scan"},
		{"nothing", nil, false, false, vector.Blank, false, ""},
		{"hidden on a blank page", set(prose, true), false, false, vector.Blank, false, "there is nothing to see"},
		{"scan", nil, true, true, vector.Pixels, false, "a scan without a text layer has none that could be rejected"},
		{"scan with a layer", set(prose, true), true, true, vector.Pixels, true, ""},
		{"scan with a number", set("第3页", false), true, true, vector.Pixels, true, ""},
		{"contents", set(strings.Repeat("Chapter..................................12", 4), false), false, false, vector.Text, false, "dots lead to numbers of pages"},
		{"decimals", set("Design effect----------------------"+strings.Repeat("0.95.....1.96,1.60,", 9), false), false, false, vector.Text, false, "a table of decimals has many marks"},
		{"glyph numbers", set(strings.Repeat(`!"#$%&'()*+,!-.#$"/`, 4), false), false, false, vector.Pixels, true, "these are numbers of glyphs"},
		{"few words and a seal", set("第3页", false), false, true, vector.Text, false, "a small picture leaves the text what it is"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			use, reason := vector.Judge(tt.glyphs, tt.cover, tt.picture)
			if use != tt.want || (reason != "") != tt.says {
				t.Errorf("use %d, reason %q, want %d: %s", use, reason, tt.want, tt.reason)
			}
		})
	}
}

func TestJudgeShapes(t *testing.T) {
	// One character, three printed forms: in one font a lie, in three fonts not.
	glyphs := set("政府信息公开工作年度报告1111111111", false)
	for i := range glyphs {
		if glyphs[i].Text == "1" {
			glyphs[i].Ink.X1 -= float64(i % 4)
		}
	}
	if use, _ := vector.Judge(glyphs, false, false); use != vector.Pixels {
		t.Error("glyphs of many shapes that are all said to be a 1 were believed")
	}
	ligatures := set("signiicant classiied ive", false) // fi and ffi are said to be an i
	for i := range ligatures {
		if ligatures[i].Text == "i" {
			ligatures[i].Ink.X1 -= float64(i % 4)
		}
	}
	if use, reason := vector.Judge(ligatures, false, false); use != vector.Text {
		t.Errorf("ligatures were not believed: %s", reason)
	}
	for _, tt := range []struct {
		name, text, many string
		up               bool // they differ in height, too
		want             vector.Use
	}{
		{"dots that lead to a number, one to three in a glyph", "Robbery..........102.1", ".", false, vector.Text},
		{"all kinds of marks, said to be dots", "Robbery..........102.1", ".", true, vector.Pixels},
		{"Arabic letters at the head, in the middle and at the end of words", "مدنين الشمالية مدنين الجنوبية", "ن", true, vector.Text},
	} {
		glyphs := set(tt.text, false)
		for i := range glyphs {
			if glyphs[i].Text == tt.many {
				glyphs[i].Ink.X1 -= float64(i % 4)
				if tt.up {
					glyphs[i].Ink.Y0 += float64(i % 4)
				}
			}
		}
		if use, reason := vector.Judge(glyphs, false, false); use != tt.want {
			t.Errorf("%s: use %d %s", tt.name, use, reason)
		}
	}
	for i := range glyphs {
		glyphs[i].Font = string(rune('A' + i%4))
	}
	if use, reason := vector.Judge(glyphs, false, false); use != vector.Text {
		t.Errorf("glyphs of several fonts were not believed: %s", reason)
	}
}

func TestOrient(t *testing.T) {
	src := image.NewGray(image.Rect(0, 0, 3, 2))
	src.SetGray(0, 0, color.Gray{Y: 1})
	src.SetGray(2, 0, color.Gray{Y: 2})
	tests := []struct {
		across, down layout.Point
		first, last  image.Point // where pixels 0, 0 and 2, 0 go
	}{
		{layout.Point{X: 1}, layout.Point{Y: 1}, image.Pt(0, 0), image.Pt(2, 0)},
		{layout.Point{X: -1}, layout.Point{Y: 1}, image.Pt(2, 0), image.Pt(0, 0)},
		{layout.Point{X: 1}, layout.Point{Y: -1}, image.Pt(0, 1), image.Pt(2, 1)},
		{layout.Point{X: -1}, layout.Point{Y: -1}, image.Pt(2, 1), image.Pt(0, 1)},
		{layout.Point{Y: 1}, layout.Point{X: -1}, image.Pt(1, 0), image.Pt(1, 2)}, // clockwise
		{layout.Point{Y: -1}, layout.Point{X: 1}, image.Pt(0, 2), image.Pt(0, 0)}, // counter-clockwise
		{layout.Point{Y: 1}, layout.Point{X: 1}, image.Pt(0, 0), image.Pt(0, 2)},
		{layout.Point{Y: -1}, layout.Point{X: -1}, image.Pt(1, 2), image.Pt(1, 0)},
	}
	rgba := image.NewRGBA(src.Bounds())
	other := image.NewPaletted(src.Bounds(), color.Palette{color.Gray{}, color.Gray{Y: 1}, color.Gray{Y: 2}})
	for y := range 2 {
		for x := range 3 {
			rgba.Set(x, y, src.At(x, y))
			other.Set(x, y, src.At(x, y))
		}
	}
	for _, tt := range tests {
		for _, s := range []image.Image{src, rgba, other} {
			got := vector.Orient(s, tt.across, tt.down)
			gray := func(p image.Point) uint8 { return color.GrayModel.Convert(got.At(p.X, p.Y)).(color.Gray).Y }
			if gray(tt.first) != 1 || gray(tt.last) != 2 {
				t.Errorf("across %v, down %v: %T came out wrong", tt.across, tt.down, s)
			}
		}
	}
}

func TestPathReopens(t *testing.T) {
	// After a close the pen is back at the beginning: a line from there is drawn.
	p := vector.Path{Stroked: true, Thickness: 1}
	p.Move(layout.Point{X: 10, Y: 10})
	p.Line(layout.Point{X: 50, Y: 10})
	p.Close()
	p.Line(layout.Point{X: 10, Y: 60})
	a := vector.Art{Width: 100, Height: 100}
	a.Add(&p)
	last := a.Rulings[len(a.Rulings)-1]
	if last.Horizontal() || last.From != (layout.Point{X: 10, Y: 10}) || last.To != (layout.Point{X: 10, Y: 60}) {
		t.Errorf("rulings %v", a.Rulings)
	}
}

func TestVisible(t *testing.T) {
	at := func(text string, x, y, size float64, hidden bool) vector.Glyph {
		return vector.Glyph{Text: text, Size: size, Hidden: hidden, Box: layout.Rect{X0: x, Y0: y, X1: x + size/2, Y1: y + size}}
	}
	page := layout.Rect{X1: 600, Y1: 800}
	tests := []struct {
		name   string
		glyphs []vector.Glyph
		want   int
	}{
		{"printed twice for boldness", []vector.Glyph{at("1", 100, 100, 10, false), at("1", 100.5, 100, 10, false)}, 1},
		{"two digits alike", []vector.Glyph{at("1", 100, 100, 10, false), at("1", 105, 100, 10, false)}, 2},
		{"two digits alike in narrow print", []vector.Glyph{{Text: "1", Size: 40, Box: layout.Rect{X0: 100, Y0: 100, X1: 104, Y1: 140}}, {Text: "1", Size: 40, Box: layout.Rect{X0: 104, Y0: 100, X1: 108, Y1: 140}}}, 2},
		{"as far from the corner in its own size", []vector.Glyph{at("0", 100, 100, 8, false), at("0", 200, 200, 16, false)}, 2},
		{"over its hidden copy", []vector.Glyph{at("7", 100, 100, 10, true), at("7", 100, 100, 10, false)}, 2},
		{"outside of the page", []vector.Glyph{at("7", 700, 100, 10, false)}, 0},
	}
	for _, tt := range tests {
		if got := vector.Visible(tt.glyphs, page); len(got) != tt.want {
			t.Errorf("%s: %d glyphs, want %d", tt.name, len(got), tt.want)
		}
	}
}
