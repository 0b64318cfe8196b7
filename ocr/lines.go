package ocr

import (
	"image"
	"math"
	"slices"
	"sort"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr/raster"
)

// Shares of the height of small print.
const (
	cellInset   = 0.08 // what is cut off a cell on each side: half a ruling
	borderIn    = 0.28 // how far in from the crop's border a remnant of a ruling is looked for
	speckSide   = 0.11 // side of the largest speck that is noise and no print
	lineGap     = 0.12 // paper between two lines of print
	lineHeight  = 1.1  // height that two lines of print cannot have together
	linePad     = 0.22 // paper that is kept around a line
	leastInk    = 0.02 // ink of the least mark that is read, of a full-width character's square
	columnWhite = 1.5  // white that stands between two columns, and in no number
	thinStroke  = 0.2  // thickness of a stroke that can be a ruling's
	wallThick   = 0.35 // thickness of the thickest wall
	wallTall    = 1.15 // height of the lowest wall that is surely no digit
)

// wallMost of a cell's height is what a wall in it has at least, and wallFull of its own box are ink.
const wallMost, wallFull = 0.75, 0.75

const (
	// minContrast is the least difference of gray between paper and print; on a page that is faint all
	// over, faintPart of what print there has.
	minContrast, faintPart = 45, 0.4
	// doubtPart is the part of that least difference from which there may be faded print; what has less is the grain of
	// the paper.
	doubtPart = 0.35
	// blackPart is the part of most print's contrast that print has of which a pen's ink was taken off. What the ink itself leaves has less.
	blackPart = 0.6
	// lowCell is the height of the lowest cell that can hold a line of print. What is lower is a part of
	// one that a stray line cut off, and the print may be in the other part.
	lowCell = 1.05
	// rulingShare is how much of a row at the crop's border must be dark for a remnant of a ruling.
	rulingShare = 0.55
)

// line is one line of print in a cell.
type line struct {
	image *image.Gray
	// ink is the height of the print, in pixels of the sheet.
	ink float64
	// room is how much wider the cell is than the print, in heights of a full-width character.
	room float64
	// halves are what stands on both sides of the white that parts two figures; nil where there is none.
	halves []*image.Gray
}

// cellInk is the print of a cell.
type cellInk struct {
	lines []line
	// beside says that some of it stands near walls; near are the lines without that.
	beside bool
	near   []line
	// unsure says that a stroke of lines runs into a wall: it may be a part of it.
	unsure bool
	// hung says that some of it touches the wall above.
	hung bool
	// scrawled says that lines lack handwriting: what runs through a wall above or below them.
	scrawled bool
	// coloured are the lines as they were before coloured ink was taken off; nil where there was none.
	coloured []line
	// blank says that there surely is none.
	blank bool
	// at is where the pictures that lines are cut from begin on the sheet.
	at layout.Point
}

// sealed says that the ink of a seal or a pen was taken off where a cell's print is, or a seal's anywhere in a cell without print.
func (c *cellInk) sealed(sheet *raster.Sheet, box layout.Rect) bool {
	if len(c.lines) == 0 {
		return sheet.Touched(box)
	}
	if c.coloured == nil && !sheet.Touched(box) {
		return false
	}
	return slices.ContainsFunc(c.lines, func(l line) bool {
		b := l.image.Rect
		r := layout.Rect{X0: c.at.X + float64(b.Min.X), Y0: c.at.Y + float64(b.Min.Y), X1: c.at.X + float64(b.Max.X), Y1: c.at.Y + float64(b.Max.Y)}
		return sheet.Touched(r) || c.coloured != nil && sheet.Coloured(r)
	})
}

// cellLines cuts a cell of a sheet into lines of print, cleaned of its rulings and of specks. Where there is black print, what is
// coloured is none: strokes of a pen run through figures. Alone in a cell it is print in colour.
func cellLines(sheet *raster.Sheet, box layout.Rect) cellInk {
	v := view{func(r layout.Rect) *image.Gray { return sheet.Crop(r, 1) }, sheet.Rulings, sheet.TextHeight, leastContrast(sheet)}
	ink := v.cell(box)
	if sheet.Coloured(box) {
		black := v
		black.crop = func(r layout.Rect) *image.Gray { return sheet.CropBlack(r, 1) }
		black.least = max(v.least, blackPart*sheet.Contrast)
		if without := black.cell(box); len(without.lines) > 0 {
			without.coloured = ink.lines
			ink = without
		}
	}
	ink.blank = ink.blank && box.Height() >= lowCell*sheet.TextHeight
	return ink
}

// leastContrast is the least difference of gray between paper and print on a sheet.
func leastContrast(sheet *raster.Sheet) float64 { return min(minContrast, faintPart*sheet.Contrast) }

// view is a page that cells are cut from: crop draws a part of it, rulings are those that were seen, em is the height of a
// full-width character, least the least difference of gray between paper and print.
type view struct {
	crop      func(layout.Rect) *image.Gray
	rulings   []layout.Ruling
	em, least float64
}

// cell cuts a cell into lines of print. Where ink is near its borders, it is looked at with its walls, too.
func (v view) cell(box layout.Rect) cellInk {
	em := v.em
	in := cellInset * em
	r := layout.Rect{X0: box.X0 + in, Y0: box.Y0 + in, X1: box.X1 - in, Y1: box.Y1 - in}
	if r.Width() < 0.3*em || r.Height() < 0.3*em {
		return cellInk{}
	}
	g := v.crop(r)
	paper, ink := levels(g, em)
	limit := inkLimit(paper, ink)
	margin := int(wallMargin*em + .5)
	var walled *image.Gray
	seen := wallsOf(box, v.rulings, em)
	if float64(paper-ink) >= v.least && inkBeside(g, seen, in, em, limit) {
		walled = v.framed(g, r, int(math.Round(in))+margin) // now: what follows cleans g
	}
	out := cellInk{at: layout.Point{X: r.X0, Y: r.Y0}}
	out.lines, out.blank = linesAt(g, em, v.least, paper, ink)
	if walled == nil && len(out.lines) == 0 && float64(paper-ink) >= v.least {
		// All of the ink was taken for walls. What is thicker than they are is print.
		walled = v.framed(v.crop(r), r, int(math.Round(in))+margin)
	}
	if walled == nil {
		return out
	}
	whole := around(walled, seen, margin, em, limit, uint8(paper))
	frame := float64(int(math.Round(in)) + margin)
	at := layout.Point{X: r.X0 - frame, Y: r.Y0 - frame}
	switch {
	case whole.crossed && len(whole.lines) > 1 && len(whole.within) == 1: // a number; words beside a pale wall may seem to run through it
		return cellInk{lines: whole.within, scrawled: true, at: at}
	case whole.beside || len(out.lines) == 0 && len(whole.lines) > 0:
		return cellInk{lines: whole.lines, beside: true, near: out.lines, unsure: whole.cut, hung: whole.hung, at: at}
	}
	return out
}

// framed is a picture of a part of the page with so many more pixels on each side; the part itself was drawn before.
func (v view) framed(g *image.Gray, r layout.Rect, m int) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, w+2*m, h+2*m))
	copyTo := func(at image.Point, from *image.Gray) {
		for y := range from.Rect.Dy() {
			copy(out.Pix[(at.Y+y)*out.Stride+at.X:], from.Pix[y*from.Stride:][:from.Rect.Dx()])
		}
	}
	part := func(b image.Rectangle) {
		x, y := r.X0-float64(m), r.Y0-float64(m)
		copyTo(b.Min, v.crop(layout.Rect{X0: x + float64(b.Min.X), Y0: y + float64(b.Min.Y), X1: x + float64(b.Max.X), Y1: y + float64(b.Max.Y)}))
	}
	copyTo(image.Pt(m, m), g)
	part(image.Rect(0, 0, w+2*m, m))
	part(image.Rect(0, m+h, w+2*m, h+2*m))
	part(image.Rect(0, m, m, m+h))
	part(image.Rect(m+w, m, w+2*m, m+h))
	return out
}

// inkLimit is the gray that parts ink from paper.
func inkLimit(paper, ink int) uint8 { return uint8(ink + (paper-ink)*3/5) }

// lines cuts the picture of a cell into lines of print; it cleans the picture in place. Print differs
// from paper by least at least. Blank says that nothing is there, not even print that has faded.
func lines(g *image.Gray, em, least float64) (found []line, blank bool) {
	paper, ink := levels(g, em)
	return linesAt(g, em, least, paper, ink)
}

// linesAt is lines for a picture whose levels of paper and ink are known.
func linesAt(g *image.Gray, em, least float64, paper, ink int) (found []line, blank bool) {
	contrast := float64(paper - ink)
	if contrast < doubtPart*least {
		return nil, true
	}
	limit := inkLimit(paper, ink)
	clearBorders(g, limit, uint8(paper), int(math.Ceil(borderIn*em)))
	tr := tracers.Get().(*tracer)
	defer tracers.Put(tr)
	var print []piece
	var walls []image.Rectangle // that go all through the cell
	for _, p := range tr.pieces(g, limit) {
		switch {
		case throughWall(p, g.Rect.Dy(), em):
			walls = append(walls, p.box)
			erase(g, p, uint8(paper))
		case remnant(p, g.Rect.Dx(), g.Rect.Dy(), em):
			erase(g, p, uint8(paper))
		case float64(p.area) > speckSide*em*speckSide*em:
			print = append(print, p)
		}
	}
	if len(print) == 0 || contrast < least {
		return nil, len(print) == 0
	}
	return cut(g, print, walls, em), false
}

// remnant says that a piece is what is left of a ruling: a thin stroke along the border of the crop,
// or one that goes all through it.
func remnant(p piece, w, h int, em float64) bool {
	dx, dy := float64(p.box.Dx()), float64(p.box.Dy())
	near := borderIn * em
	thin := thinStroke * em
	if dy <= thin && dx >= 1.5*dy {
		if float64(p.box.Max.Y) <= near || float64(p.box.Min.Y) >= float64(h)-near || dx >= 0.8*float64(w) && dx > 2*em {
			return true
		}
	}
	if dx <= thin && dy >= 1.5*dx {
		return float64(p.box.Max.X) <= near || float64(p.box.Min.X) >= float64(w)-near || dy >= 0.9*float64(h) && dy > 1.5*em
	}
	return false
}

// throughWall says that a piece in a picture of that height is a wall that was not seen, and not print: upright and full, and twice as high as a digit.
func throughWall(p piece, h int, em float64) bool {
	dx, dy := float64(p.box.Dx()), float64(p.box.Dy())
	return dx <= wallThick*em && dy >= wallTall*em && dy >= wallMost*float64(h) && float64(p.area) >= wallFull*dx*dy
}

// erase whitens a piece and the gray around its edge.
func erase(g *image.Gray, p piece, paper uint8) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	for _, r := range p.runs {
		for y := max(0, int(r.y)-1); y <= min(h-1, int(r.y)+1); y++ {
			fill(g.Pix[y*g.Stride:][max(0, int(r.x0)-1):min(w, int(r.x1)+1)], paper)
		}
	}
}

// levels of paper and ink in a crop: the gray that most of it has, and the darkest that is no noise.
// The ink is found by count, not by share: a lone digit is next to nothing of a wide cell.
func levels(g *image.Gray, em float64) (paper, ink int) {
	// Four counts in turn: most pixels are paper, and one count would wait for itself.
	var hists [4][256]int
	for y := range g.Rect.Dy() {
		for x, p := range g.Pix[g.PixOffset(g.Rect.Min.X, g.Rect.Min.Y+y):][:g.Rect.Dx()] {
			hists[x&3][p]++
		}
	}
	hist := &hists[0]
	for v := range hist {
		hist[v] += hists[1][v] + hists[2][v] + hists[3][v]
	}
	n := g.Rect.Dx() * g.Rect.Dy()
	at := func(k int) int {
		for v, c := range hist {
			if k -= c; k < 0 {
				return v
			}
		}
		return 255
	}
	return at(n * 3 / 4), at(int(leastInk * em * em))
}

// clearBorders whitens what is left of rulings within depth of the border: rows and columns that
// are mostly dark, and what lies between them and the border.
func clearBorders(g *image.Gray, limit, paper uint8, depth int) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	row := func(y int) float64 {
		n := 0
		for _, p := range g.Pix[y*g.Stride:][:w] {
			if p < limit {
				n++
			}
		}
		return float64(n) / float64(w)
	}
	col := func(x int) float64 {
		n := 0
		for y := range h {
			if g.Pix[y*g.Stride+x] < limit {
				n++
			}
		}
		return float64(n) / float64(h)
	}
	last := func(at func(i int) int, share func(int) float64, size int) int {
		end := 0
		for i := 0; i < min(depth, size/3); i++ {
			if share(at(i)) > rulingShare {
				end = i + 2
			}
		}
		return min(end, size)
	}
	for y := range last(func(i int) int { return i }, row, h) {
		fill(g.Pix[y*g.Stride:][:w], paper)
	}
	for y := range last(func(i int) int { return h - 1 - i }, row, h) {
		fill(g.Pix[(h-1-y)*g.Stride:][:w], paper)
	}
	left := last(func(i int) int { return i }, col, w)
	right := last(func(i int) int { return w - 1 - i }, col, w)
	for y := range h {
		fill(g.Pix[y*g.Stride:][:left], paper)
		fill(g.Pix[y*g.Stride+w-right:][:right], paper)
	}
}

func fill(p []uint8, v uint8) {
	for i := range p {
		p[i] = v
	}
}

// cut groups the pieces of print into lines, top to bottom. Walls were among them: what stands on both sides of one are two figures.
func cut(g *image.Gray, print []piece, walls []image.Rectangle, em float64) []line {
	sort.Slice(print, func(i, j int) bool { return print[i].box.Min.Y < print[j].box.Min.Y })
	var groups []image.Rectangle
	for _, p := range print {
		n := len(groups)
		// What is no higher than one character is no two lines: a stroke of it came loose.
		if n > 0 && (float64(p.box.Min.Y) < float64(groups[n-1].Max.Y)+lineGap*em || float64(p.box.Max.Y-groups[n-1].Min.Y) <= lineHeight*em) {
			groups[n-1] = groups[n-1].Union(p.box)
			continue
		}
		groups = append(groups, p.box)
	}
	pad := int(math.Ceil(linePad * em))
	var out []line
	for _, b := range groups {
		view := image.Rect(b.Min.X-2*pad, b.Min.Y-pad, b.Max.X+2*pad, b.Max.Y+pad).Intersect(image.Rect(0, 0, g.Rect.Dx(), g.Rect.Dy()))
		l := line{image: g.SubImage(view.Add(g.Rect.Min)).(*image.Gray), ink: float64(b.Dy()), room: float64(g.Rect.Dx()-b.Dx()) / em}
		from, to, ok := walled(print, walls, b)
		if !ok {
			from, to, ok = parted(g, print, b, em)
		}
		if ok {
			left, right := view, view
			left.Max.X, right.Min.X = min(view.Max.X, from+2*pad), max(view.Min.X, to-2*pad)
			for _, v := range []image.Rectangle{left, right} {
				l.halves = append(l.halves, g.SubImage(v.Add(g.Rect.Min)).(*image.Gray))
			}
		}
		out = append(out, l)
	}
	return out
}

// walled gives the ends of the white on both sides of the first wall that stands between pieces of print in a box.
func walled(print []piece, walls []image.Rectangle, box image.Rectangle) (from, to int, ok bool) {
	for _, w := range walls {
		from, to = -1, -1
		for _, p := range print {
			switch {
			case !p.box.In(box):
			case p.box.Max.X <= w.Min.X:
				from = max(from, p.box.Max.X)
			case p.box.Min.X >= w.Max.X && (to < 0 || p.box.Min.X < to):
				to = p.box.Min.X
			}
		}
		if from >= 0 && to >= 0 && w.Min.Y <= box.Min.Y && w.Max.Y >= box.Max.Y {
			return from, to, true
		}
	}
	return 0, 0, false
}

// widest gives the ends of the widest white between the pieces of print in a box, from left to right.
func widest(print []piece, box image.Rectangle) (from, to int) {
	var in []image.Rectangle
	for _, p := range print {
		if p.box.In(box) {
			in = append(in, p.box)
		}
	}
	sort.Slice(in, func(i, j int) bool { return in[i].Min.X < in[j].Min.X })
	end := box.Min.X
	for _, b := range in {
		if b.Min.X-end > to-from {
			from, to = end, b.Min.X
		}
		end = max(end, b.Max.X)
	}
	return from, to
}

// Shares of the height of a digit.
const (
	printHeight = 0.6  // that print has, and specks and dashes have not
	printStroke = 0.06 // ink of the thinnest digit, a worn 1, of the height's square
)

// printed says that one of the lines holds ink as high as a digit and in the middle of the picture:
// print, however badly it is read. digits is the height of a digit.
func printed(lines []*image.Gray, digits float64) bool {
	tr := tracers.Get().(*tracer)
	defer tracers.Put(tr)
	for _, g := range lines {
		paper, ink := levels(g, digits/digitPart)
		if paper-ink < minContrast || digits <= 0 {
			continue
		}
		inner := image.Rect(1, 1, g.Rect.Dx()-1, g.Rect.Dy()-1)
		for _, p := range tr.pieces(g, inkLimit(paper, ink)) {
			if p.box.In(inner) && float64(p.box.Dy()) >= printHeight*digits && float64(p.area) >= printStroke*digits*digits {
				return true
			}
		}
	}
	return false
}

// tallLine is the height, in full-width characters, from which what seems one line must be more. Lines mostly take
// linePitch of it each; set without any lead, closePitch; squeezed into a low cell, tightPitch, from tightLine on.
const tallLine, linePitch, closePitch, tightLine, tightPitch = 1.7, 1.2, 1, 1.3, 0.85

// apart divides lines of words that touch: what is taller than one line, from tall on, is cut into lines of about one pitch
// where it has least ink. em is the height of a full-width character, which tall and pitch are in.
func apart(lines []line, em, tall, pitch float64) []line {
	var out []line
	for _, l := range lines {
		n := int(math.Round(l.ink / (pitch * em)))
		if l.ink < tall*em || n < 2 {
			out = append(out, l)
			continue
		}
		b := l.image.Rect
		top := b.Min.Y
		for k := 1; k <= n; k++ {
			bottom := b.Max.Y
			if k < n {
				bottom = thinnest(l.image, b.Min.Y+b.Dy()*k/n, int(em/3))
			}
			if bottom-top > int(em/4) {
				part := l.image.SubImage(image.Rect(b.Min.X, top, b.Max.X, bottom)).(*image.Gray)
				out = append(out, line{image: part, ink: float64(bottom - top), room: l.room})
			}
			top = bottom
		}
	}
	return out
}

// thinnest is the row with the least ink within reach of y.
func thinnest(g *image.Gray, y, reach int) int {
	best, at := math.MaxInt, y
	for r := max(g.Rect.Min.Y, y-reach); r < min(g.Rect.Max.Y, y+reach+1); r++ {
		ink := 0
		for x := g.Rect.Min.X; x < g.Rect.Max.X; x++ {
			ink += 255 - int(g.GrayAt(x, r).Y)
		}
		if ink < best {
			best, at = ink, r
		}
	}
	return at
}
