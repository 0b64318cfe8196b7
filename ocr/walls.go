package ocr

import (
	"cmp"
	"image"
	"math"
	"slices"
	"sync"

	"github.com/nianbao/nianbao/layout"
)

// Shares of the height of small print.
const (
	// wallReach is how far from where a cell's border should be its ruling is looked for: lines that are a
	// quarter apart count as one, and a cell's box has their mean.
	wallReach = 0.3
	// wallMargin is what is cut out around a cell to see its walls whole, and print beside them. It is as much
	// white as a reader wants beside print, else it takes an upright stroke for a ruling.
	wallMargin = 2 * linePad
	// wallSlack is how far from where a ruling was seen it may run.
	wallSlack = 0.06
	// wallCorner next to a cell's corners says nothing of a wall: there is the one that crosses it.
	wallCorner = 0.06
	// openEdge is how far print may hang out of a cell where it has no wall.
	openEdge = 0.15
	// besideWall is how near to a wall print is looked at a second time, besideCeiling to one above or below it.
	besideWall, besideCeiling = 0.3, 0.1
	// besideCrop is how near to the upper or lower edge of a cell's picture print stands that may be besideCeiling from a wall. Either
	// the wall ends where the picture begins, give or take wallSlack, or it shows in the picture itself.
	besideCrop = besideCeiling + wallSlack
	// frayed is how much thicker than usual a wall may be somewhere for what noise there is.
	frayed = 0.05
	// crossDeep is how far ink goes on behind a wall that it runs through, or as far as is seen, crossAside how far beside it there is paper.
	crossDeep, crossAside = 0.2, 0.4
	// strokeLeast and strokeMost is the height of an upright stroke beside a wall that may be a digit; a ruling's
	// remnant is mostly higher or lower.
	strokeLeast, strokeMost = 0.4, 1.0
)

const (
	// leastWall is the part of a border that must be dark for a wall to be there, solidWall the same where no ruling was
	// seen. A column belongs to the wall if it has at least the part wallLike of the dark pixels of the darkest column.
	leastWall, solidWall, wallLike = 0.3, 0.9, 0.75
	// paleWall is the least contrast of a wall that is paler than print, in that of print.
	paleWall = 0.15
	// sameWall is how far apart, in pixels, the parts of one ruling may be.
	sameWall = 2
	// usualThick is the part of a wall's length where nothing touches it: a wall is as thick as that part, sorted by
	// thickness, is at most.
	usualThick = 0.3
)

// look is what was found in a cell's pixels.
type look struct {
	lines []line
	// beside says that print stands near a wall or touches it; cut says that a thin stroke of print runs into one, hung that print touches that
	// above.
	beside, cut, hung bool
	// crossed says that strokes run through a wall, as handwriting does; within are the lines without them.
	crossed bool
	within  []line
}

// around gives the lines of print of a cell. g shows the cell with a margin on each side; seen are the rulings along its
// sides, and limit parts ink from paper. The walls are followed and taken out as they run, so that print near them stays;
// where print touches a wall, it keeps what it covers of it.
func around(g *image.Gray, seen [4]seenWall, margin int, em float64, limit, paper uint8) look {
	at := benches.Get().(*bench)
	defer benches.Put(at)
	at.old = append(at.old[:0], g.Pix...)
	var walls [4]wall
	var strips [4]strip
	for side := range walls {
		strips[side] = strip{g: g, side: side, paper: paper, ink: limit, limit: limit, margin: margin, bench: at}
		strips[side].measure()
		walls[side] = strips[side].wall(em, seen[side])
	}
	for side := range walls {
		strips[side].erase(&walls[side], em, paper)
	}
	tr := tracers.Get().(*tracer)
	defer tracers.Put(tr)
	var print []piece
	var inner []image.Rectangle // walls between the cell's own
	var scrawl piece
	var out look
	for _, p := range tr.pieces(g, limit) {
		near, touches := besideOf(p, &strips, &walls, em)
		switch {
		case !slices.Contains(near[:], true) && throughWall(p, g.Rect.Dy()-2*margin, em):
			inner = append(inner, p.box)
			erase(g, p, paper)
		case leftOver(p, near, g.Rect.Dx()-2*margin, g.Rect.Dy()-2*margin, em):
			erase(g, p, paper)
		case float64(p.area) > speckSide*em*speckSide*em:
			print = append(print, p)
			out.hung = out.hung || touches[top]
			for side := range near {
				out.beside = out.beside || near[side]
				if touches[side] && !out.crossed && strips[side].crosses(&walls[side], p, at.old, em) {
					out.crossed, scrawl = true, p
				}
				if touches[side] {
					out.cut = out.cut || thinnerThan(p, side, thinStroke*em)
					strips[side].restore(&walls[side], p, at.old)
				}
			}
		}
	}
	if out.crossed {
		out.within = without(g, print, scrawl, em, paper)
	}
	if len(print) > 0 {
		out.lines = cut(g, print, inner, em)
	}
	return out
}

// inkBeside says that there is ink beside the walls of a cell which may be print. g shows the cell, in pixels of its borders left off,
// where the seen walls may show: their own ink says nothing as long as white follows it, nor do specks.
func inkBeside(g *image.Gray, seen [4]seenWall, in, em float64, limit uint8) bool {
	var remnant [4]int // how far in each wall may show
	for side, x := range seen {
		if x.found {
			remnant[side] = max(0, int(math.Ceil(x.at+x.thick/2-in))) + max(2, int(frayed*em+.5))
		}
	}
	w, h := g.Rect.Dx(), g.Rect.Dy()
	inner := image.Rect(remnant[left], remnant[top], w-remnant[right], h-remnant[bottom])
	if inner.Dx() <= 0 || inner.Dy() <= 0 {
		return true
	}
	var strips [4]strip
	for side := range strips {
		strips[side] = strip{g: g, side: side}
		strips[side].measure()
	}
	all := func(side, i int) bool {
		from, to := inner.Min.Y, inner.Max.Y
		if side == top || side == bottom {
			from, to = inner.Min.X, inner.Max.X
		}
		return strips[side].darker(i, from, to, limit) > 0
	}
	if !besideAny(all, remnant, w, h, em) {
		return false
	}
	// Most of it may be specks, of which faxes are full.
	at := benches.Get().(*bench)
	defer benches.Put(at)
	tr := tracers.Get().(*tracer)
	defer tracers.Put(tr)
	cols, rows := sized(at.inner, w), sized(at.outer, h)
	at.inner, at.outer = cols, rows
	clear(cols)
	clear(rows)
	for _, p := range tr.pieces(g, limit) {
		if float64(p.area) <= speckSide*em*speckSide*em {
			continue
		}
		for _, r := range p.runs {
			y, x0, x1 := int(r.y), int(r.x0), int(r.x1)
			rows[y] += max(0, min(x1, inner.Max.X)-max(x0, inner.Min.X))
			if y >= inner.Min.Y && y < inner.Max.Y {
				for x := x0; x < x1; x++ {
					cols[x]++
				}
			}
		}
	}
	print := func(side, i int) bool {
		switch side {
		case left:
			return cols[i] > 0
		case right:
			return cols[w-1-i] > 0
		case top:
			return rows[i] > 0
		}
		return rows[h-1-i] > 0
	}
	return besideAny(print, remnant, w, h, em)
}

// besideAny says that there is ink beside a side of a picture, w x h pixels, where ink says of each line so far from a side whether it has
// some. What begins within the wall's remnant there and ends in it is the wall.
func besideAny(ink func(side, i int) bool, remnant [4]int, w, h int, em float64) bool {
	for side, wall := range remnant {
		first, beyond, most := int(besideWall*em), int(besideWall*em), w
		if side == top || side == bottom {
			first, beyond, most = int(math.Ceil(besideCrop*em)), int(besideCeiling*em), h
		}
		i := 0
		for i < min(wall, most) && ink(side, i) {
			i++
		}
		if i > 0 {
			if i == wall {
				return true // no white follows
			}
			first = max(first, i+beyond+1)
		}
		for ; i < min(first, most); i++ {
			if ink(side, i) {
				return true
			}
		}
	}
	return false
}

// without gives the lines of print that are left without a piece.
func without(g *image.Gray, print []piece, out piece, em float64, paper uint8) []line {
	var rest []piece
	for _, p := range print {
		if p.box != out.box {
			rest = append(rest, p)
		}
	}
	if len(rest) == 0 {
		return nil
	}
	clean := image.NewGray(g.Rect)
	copy(clean.Pix, g.Pix)
	erase(clean, out, paper)
	return cut(clean, rest, nil, em)
}

// besideOf says near which walls a piece is, and which it touches.
func besideOf(p piece, strips *[4]strip, walls *[4]wall, em float64) (near, touches [4]bool) {
	for side := range strips {
		reach := int(besideWall * em)
		if side == top || side == bottom {
			reach = int(besideCeiling * em)
		}
		from := strips[side].nearest(&walls[side], p)
		near[side] = from <= reach
		touches[side] = from <= 0 && walls[side].found
	}
	return near, touches
}

// leftOver says that a piece near walls is what is left of one. An upright stroke as high as a digit may be a 1.
func leftOver(p piece, near [4]bool, w, h int, em float64) bool {
	dx, dy := float64(p.box.Dx()), float64(p.box.Dy())
	thin := thinStroke * em
	if dy <= thin && dx >= 1.5*dy {
		return near[top] || near[bottom] || dx >= 0.8*float64(w) && dx > 2*em
	}
	if dx <= thin && dy >= 1.5*dx {
		if near[left] || near[right] {
			return dy < strokeLeast*em || dy > strokeMost*em
		}
		return dy >= 0.9*float64(h) && dy > 1.5*em
	}
	return false
}

// thinnerThan says that a piece is no thicker than that, seen along a side.
func thinnerThan(p piece, side int, most float64) bool {
	if side == left || side == right {
		return float64(p.box.Dx()) <= most
	}
	return float64(p.box.Dy()) <= most
}

// sides of a cell.
const (
	left = iota
	right
	top
	bottom
)

// wall is a cell's wall in a picture of the cell with what is around it, seen from one side: for every place
// along the border, how far from the picture's edge it ends.
type wall struct {
	found bool
	ends  []int
	thick int
}

// strip is a picture seen from one of its sides: at(i, j) is i pixels from the edge, j along it.
type strip struct {
	g      *image.Gray
	side   int
	long   int // along the edge
	deep   int
	paper  uint8
	ink    uint8 // what is darker is print
	limit  uint8 // what is darker is wall: rulings may be paler than print
	margin int
	*bench
}

// bench is the memory in which walls are traced; it is used for one cell after the other.
type bench struct {
	old                        []uint8  // the picture as it was
	ends                       [4][]int // of each side's wall
	inner, outer, thick, plain []int
}

var benches = sync.Pool{New: func() any { return new(bench) }}

// sized is a list of n, in the memory of another where it has room; what it holds is left over.
func sized(list []int, n int) []int { return slices.Grow(list[:0], n)[:n] }

func (s *strip) measure() {
	s.long, s.deep = s.g.Rect.Dy(), s.g.Rect.Dx()
	if s.side == top || s.side == bottom {
		s.long, s.deep = s.deep, s.long
	}
}

// place is how far from the edge a pixel is, and where along it.
func (s *strip) place(x, y int) (i, j int) {
	switch s.side {
	case left:
		return x, y
	case right:
		return s.deep - 1 - x, y
	case top:
		return y, x
	}
	return s.deep - 1 - y, x
}

func (s *strip) at(i, j int) *uint8 { return &s.g.Pix[s.offset(i, j)] }

func (s *strip) offset(i, j int) int {
	switch s.side {
	case left:
		return j*s.g.Stride + i
	case right:
		return j*s.g.Stride + s.deep - 1 - i
	case top:
		return i*s.g.Stride + j
	}
	return (s.deep-1-i)*s.g.Stride + j
}

// darker counts the pixels so far from the edge, between two places along it, that are darker than a limit.
func (s *strip) darker(i, from, to int, limit uint8) (n int) {
	step := 1
	if s.side == left || s.side == right {
		step = s.g.Stride
	}
	for at := s.offset(i, from); from < to; from, at = from+1, at+step {
		if s.g.Pix[at] < limit {
			n++
		}
	}
	return n
}

// dark says that a pixel may be a wall's, inked that it is print.
func (s *strip) dark(i, j int) bool  { return *s.at(i, j) < s.limit }
func (s *strip) inked(i, j int) bool { return *s.at(i, j) < s.ink }

// wall finds the ruling that is the picture's border on the strip's side, where one was seen there; if none was, only what goes
// all along the border is one. It follows it along the border, since rulings lean and wave by a pixel or two, and gives it the same
// thickness everywhere: what is thicker has print that touches it.
func (s *strip) wall(em float64, seen seenWall) wall {
	corner := max(2, int(wallCorner*em))
	from, to := s.margin+corner, s.long-s.margin-corner
	s.ends[s.side] = sized(s.ends[s.side], s.long)
	open := wall{ends: s.ends[s.side]}
	for j := range open.ends {
		open.ends[j] = s.margin - int(openEdge*em)
	}
	if to-from < 3 {
		return open
	}
	reach, least, at := wallReach*em, solidWall, float64(s.margin)
	if seen.found {
		reach, least, at = seen.thick/2+max(2, wallSlack*em), leastWall, at+seen.at
	}
	first, last := max(0, int(at-reach)), min(int(math.Ceil(at+reach))+1, s.deep)
	s.limit = s.wallLimit(first, last, from, to)
	share := make([]float64, last)
	peak := 0.0
	for i := first; i < last; i++ {
		share[i] = float64(s.darker(i, from, to, s.limit)) / float64(to-from)
		peak = max(peak, share[i])
	}
	if peak < least {
		return open
	}
	// The innermost of those that are about as good as the best and go from end to end: of doubled rulings the second is the
	// cell's. No stroke of a digit does. Where none does, the one nearest to the border.
	in, off := -1, float64(s.deep)
	for i := last - 1; i >= first; i-- {
		if share[i] < wallLike*peak {
			continue
		}
		if s.reaches(i, from, to, corner) {
			in = i
			break
		}
		if d := math.Abs(float64(i) - at); d < off {
			in, off = i, d
		}
	}
	out := in
	for out > first && share[out-1] >= peak/2 {
		out--
	}
	return s.follow((in+out)/2, in-out+1, from, to)
}

// wallLimit is the gray that parts a wall between first and last from paper: half of what its darkest line has, which may be paler
// than print.
func (s *strip) wallLimit(first, last, from, to int) uint8 {
	most := int(leastWall * float64(to-from)) // more pixels than this must be as dark as the line
	for i := first; i < last; i++ {
		if s.darker(i, from, to, s.ink) > most {
			return s.ink // it is as dark as print, as most are
		}
	}
	darkest := s.paper
	column := make([]uint8, 0, to-from)
	for i := first; i < last; i++ {
		column = column[:0]
		for j := from; j < to; j++ {
			column = append(column, *s.at(i, j))
		}
		slices.Sort(column)
		darkest = min(darkest, column[most])
	}
	if float64(s.paper-darkest) < paleWall*float64(s.paper-s.ink) {
		return s.ink
	}
	return darkest + (s.paper-darkest)/2
}

// reaches says that a line so far from the edge is dark near both of its ends.
func (s *strip) reaches(i, from, to, corner int) bool {
	dark := func(a, b int) bool {
		for j := a; j < b; j++ {
			if !s.dark(i, j) {
				return false
			}
		}
		return true
	}
	corner = min(corner, to-from)
	return dark(from, from+corner) && dark(to-corner, to)
}

// follow traces a wall whose middle is about so far from the edge, and looks at it between two places along it.
func (s *strip) follow(middle, width, from, to int) wall {
	w := wall{found: true, ends: s.ends[s.side]}
	const none = math.MinInt
	s.inner, s.outer = sized(s.inner, s.long), sized(s.outer, s.long)
	inner, outer := s.inner, s.outer // where each row's run of ink ends
	thick := s.thick[:0]
	for j := range s.long {
		inner[j], outer[j] = none, none
		if j < from || j >= to {
			continue
		}
		i := middle
		for _, d := range [...]int{0, -1, 1} {
			if i+d >= 0 && i+d < s.deep && s.dark(i+d, j) {
				i += d
				break
			}
		}
		if !s.dark(i, j) {
			continue
		}
		a, b := i, i+1
		for a > 0 && s.dark(a-1, j) && i-a <= width+2 {
			a--
		}
		for b < s.deep && s.dark(b, j) {
			b++
		}
		outer[j], inner[j] = a, b
		thick = append(thick, b-a)
	}
	if len(thick) == 0 { // it is nowhere near its middle
		w.found = false
		for j := range w.ends {
			w.ends[j] = s.margin
		}
		return w
	}
	s.thick = thick
	slices.Sort(thick)
	w.thick = max(1, thick[int(usualThick*float64(len(thick)))])
	// Where it is as thick as usual, it shows where it ends; elsewhere it ends as at the nearest such places.
	ends := s.plain[:0]
	for j := range s.long {
		if inner[j] != none && inner[j]-outer[j] <= w.thick {
			ends = append(ends, inner[j])
		}
	}
	s.plain = ends
	slices.Sort(ends)
	usual := ends[len(ends)/2]
	before := usual
	for j := range s.long {
		if inner[j] != none && inner[j]-outer[j] <= w.thick && abs(inner[j]-usual) <= w.thick+1 {
			before = inner[j]
		}
		w.ends[j] = before
	}
	after := usual
	for j := s.long - 1; j >= 0; j-- {
		if inner[j] != none && inner[j]-outer[j] <= w.thick && abs(inner[j]-usual) <= w.thick+1 {
			after = inner[j]
		}
		w.ends[j] = (w.ends[j] + after + 1) / 2
	}
	return w
}

// erase whitens a wall and what lies behind it, with its frayed and blurred edge, but leaves ink that touches it.
func (s *strip) erase(w *wall, em float64, paper uint8) {
	fray := max(1, int(frayed*em+.5))
	for j := range s.long {
		end := min(w.ends[j], s.deep)
		if w.found {
			ink := end
			for ink < s.deep && ink <= end+fray && s.inked(ink, j) {
				ink++
			}
			if ink <= end+fray {
				end = ink
				if end < s.deep && (end+1 == s.deep || !s.inked(end+1, j)) {
					end++ // the edge is blurred
				}
			}
		}
		at, step := s.offset(0, j), s.offset(1, j)-s.offset(0, j)
		for range end {
			s.g.Pix[at] = paper
			at += step
		}
	}
}

// nearest is how far a piece stays from where a wall ends; below 0 it runs into it.
func (s *strip) nearest(w *wall, p piece) int {
	from := math.MaxInt
	for _, r := range p.runs {
		switch s.side {
		case left:
			from = min(from, int(r.x0)-w.ends[r.y])
		case right:
			from = min(from, s.deep-int(r.x1)-w.ends[r.y])
		default:
			i, _ := s.place(0, int(r.y))
			for _, end := range w.ends[r.x0:r.x1] {
				from = min(from, i-end)
			}
		}
	}
	return from
}

// crosses says that a piece that touches a wall goes on behind it, where next to it there is paper: ink runs through the wall, as no print
// does.
func (s *strip) crosses(w *wall, p piece, old []uint8, em float64) bool {
	deep, aside := max(2, int(crossDeep*em)), max(3, int(crossAside*em))
	ink := func(i, j int) bool { return i >= 0 && j >= 0 && j < s.long && old[s.offset(i, j)] < s.ink }
	for _, r := range p.runs {
		for x := r.x0; x < r.x1; x++ {
			i, j := s.place(int(x), int(r.y))
			if i != w.ends[j] {
				continue
			}
			far := i - w.thick - 1 // what is next to the wall may be its own edge
			on := far >= max(2, deep/2)
			for d := 1; d <= min(deep, far) && on; d++ {
				on = false
				for k := j - 1 - d; k <= j+1+d && !on; k++ {
					on = ink(far-d, k)
				}
				on = on && !ink(far-d, j-aside-d) && !ink(far-d, j+aside+d)
			}
			if on {
				return true
			}
		}
	}
	return false
}

// restore gives back, of a wall that a piece touches, what the piece covers of it.
func (s *strip) restore(w *wall, p piece, old []uint8) {
	for _, r := range p.runs {
		for x := r.x0; x < r.x1; x++ {
			i, j := s.place(int(x), int(r.y))
			if i != w.ends[j] {
				continue
			}
			for k := max(0, i-w.thick); k < i; k++ {
				at := s.offset(k, j)
				s.g.Pix[at] = old[at]
			}
		}
	}
}

func abs(n int) int { return max(n, -n) }

// seenWall is a ruling along a side of a cell: how far in from the cell's border it lies, and how thick it is.
type seenWall struct {
	found     bool
	at, thick float64
}

// wallsOf gives the rulings along the sides of a cell, of several on one side the innermost: those along leastWall of it, and no
// farther away than wallReach.
func wallsOf(box layout.Rect, rulings []layout.Ruling, em float64) (out [4]seenWall) {
	reach := wallReach * em
	type part struct{ at, along, thick float64 }
	var parts [4][]part
	for _, r := range rulings {
		if r.Horizontal() {
			if common := min(box.X1, r.To.X) - max(box.X0, r.From.X); common > 0 {
				y := (r.From.Y + r.To.Y) / 2
				parts[top] = append(parts[top], part{y - box.Y0, common / box.Width(), r.Thickness})
				parts[bottom] = append(parts[bottom], part{box.Y1 - y, common / box.Width(), r.Thickness})
			}
			continue
		}
		if common := min(box.Y1, r.To.Y) - max(box.Y0, r.From.Y); common > 0 {
			x := (r.From.X + r.To.X) / 2
			parts[left] = append(parts[left], part{x - box.X0, common / box.Height(), r.Thickness})
			parts[right] = append(parts[right], part{box.X1 - x, common / box.Height(), r.Thickness})
		}
	}
	for side, ps := range parts {
		ps = slices.DeleteFunc(ps, func(p part) bool { return math.Abs(p.at) > reach })
		slices.SortFunc(ps, func(a, b part) int { return cmp.Compare(b.at, a.at) })
		for len(ps) > 0 && !out[side].found {
			n, along, sum, thick := 0, 0.0, 0.0, 0.0
			for n < len(ps) && ps[0].at-ps[n].at <= sameWall {
				along, sum, thick = along+ps[n].along, sum+ps[n].at*ps[n].along, thick+ps[n].thick*ps[n].along
				n++
			}
			if along >= leastWall {
				out[side] = seenWall{true, sum / along, thick / along}
			}
			ps = ps[n:]
		}
	}
	return out
}
