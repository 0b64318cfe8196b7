package white

import "slices"

// header gives the first line of the header, not above line floor, and that of the body: the label of the first row may begin above
// its figures.
func (t table) header(floor int) (top, body int) {
	t.body = t.labelAbove(floor)
	t.top = t.headLines(floor)
	if !slices.ContainsFunc(t.lines[t.top:t.body], func(l line) bool { return l.end() > t.columns[0].from }) {
		return t.body, t.body // labels alone
	}
	// A heading over the first rows is none of the columns'.
	for edge := t.before(t.columns); t.body-1 > t.top; t.body-- {
		if l := &t.lines[t.body-1]; !l.numbered || l.end() > edge {
			break
		}
	}
	return t.top, t.body
}

// labelAbove is the first line of the body, where the lines close above the first row of figures are its label's.
func (t table) labelAbove(floor int) int {
	edge := t.before(t.columns)
	for t.body > floor {
		l, under := &t.lines[t.body-1], &t.lines[t.body]
		if len(t.labels) == 0 || l.leaders || l.figures > 0 || l.end() > edge || under.numbered ||
			under.box.Y0-l.box.Y1 > lineStep*t.em || t.ruled(l.box.Center().Y, under.box.Center().Y) {
			break
		}
		t.body--
	}
	return t.body
}

// headLines is the first line of the header over the body: of what stands between two rulings, or of the lines that have texts over
// the columns.
func (t *table) headLines(floor int) int {
	if top := t.framedHead(floor); top < t.body {
		return top
	}
	edge, right, top := t.before(t.columns), t.columns[len(t.columns)-1].to, t.body
	for i := t.body - 1; i >= floor; i-- {
		l := &t.lines[i]
		if top == t.body-1 && len(l.parts) == 1 && t.names(&t.lines[top], &t.lines[t.body]) {
			break // what stands over a whole header is a title
		}
		if t.lines[i+1].box.Y0-l.box.Y1 > t.step || l.leaders || l.counted() || t.body-i > maxHead ||
			slices.ContainsFunc(l.parts, func(p segment) bool { return p.to > edge && p.to-p.from > bannerWidth*t.em }) {
			break
		}
		over := len(l.parts) > 1 && l.end() > edge
		within := l.parts[0].from > edge && l.end() < right+rowStep*t.em && !l.numbered
		switch {
		case over || within:
			top = i
		case l.end() > edge:
			return top // prose
		}
	}
	return top
}

// framedHead is the first line of a header between two rulings, or of the body where there are no such rulings.
func (t *table) framedHead(floor int) int {
	top, under := t.body, t.lines[t.body].box.Y0
	foot, ok := t.rule(under-rowStep*t.em, under)
	if !ok {
		return top
	}
	// A ruling over a part of the columns lies under the name of their group.
	head, ok := t.lowest(t.lines[t.body].box.X0, t.columns, foot-headStep*t.em, foot-t.em, headShare)
	if !ok {
		return top
	}
	for top > floor && t.lines[top-1].box.Center().Y > head && !t.lines[top-1].counted() {
		top--
	}
	return top
}

// names says that a line is a header over a row: a text for each of its labels and figures, over it.
func (t *table) names(head, row *line) bool {
	if head.figures > 0 || head.leaders || len(head.parts) != len(row.parts) || row.box.Y0-head.box.Y1 > t.step ||
		len(row.label()) > 0 && (head.parts[0].to-head.parts[0].from > cornerWidth*t.em || head.parts[0].to > t.columns[0].from) {
		return false
	}
	for i, p := range head.parts {
		q := row.parts[i]
		if p.figure || i > 0 && row.parts[i-1].to > p.from || i+1 < len(row.parts) && row.parts[i+1].from < p.to {
			return false
		}
		if i+len(row.values()) >= len(row.parts) && (q.from > p.to || q.to < p.from) {
			return false
		}
	}
	return true
}

// named counts the columns of figures that have a text in the header.
func (t *table) named() (n int) {
	for _, c := range t.columns {
		if slices.ContainsFunc(t.lines[t.top:t.body], func(l line) bool {
			return slices.ContainsFunc(l.parts, func(p segment) bool { return !p.figure && p.meets(c) })
		}) {
			n++
		}
	}
	return n
}

// group says that a text of a header's line stands over the labels of columns.
func (t *table) group(at int, p segment) bool {
	return at < t.body && slices.ContainsFunc(t.lines[at:t.body], func(l line) bool {
		return slices.ContainsFunc(l.parts, func(q segment) bool { return q.meets(p.span) && q.y0-p.y1 > wrapStep*t.em })
	})
}
