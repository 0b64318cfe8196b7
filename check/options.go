package check

import (
	"math"
	"sort"

	"github.com/nianbao/nianbao/report"
)

// What a cell may be, beside what its recogniser says. All are probabilities.
const (
	// outside is the least chance that a cell prints none of its candidates, whatever a recogniser
	// believes of itself; sealed is the same for a cell that a seal's ink touched.
	outside = 1e-4
	sealed  = 5e-3
	// rubbish is how much of a reading that is no figure of the field speaks for a figure that nobody
	// could make out: cells of numbers hold little else.
	rubbish = 0.5
	// What a second reader that reads a figure makes of a number, as testdata/readings.jsonl has it for
	// print so poor that it matters: where the first reader is right it agrees; where that is wrong it
	// falls upon the same wrong number oftener than upon the right one, and else upon any other. So its
	// agreement says little.
	secondAgrees  = 0.7
	secondSame    = 0.45
	secondCorrect = 0.17
	secondElse    = 0.03
	// printedWrong is the chance that an agency printed one particular number of a table wrong:
	// one report in twenty has such a number, of some two hundred.
	printedWrong = 2.5e-4
	// wrongBy is the chance of one particular value among those that come into question where a
	// number is misread for something that no candidate names. Of a misprint it is wrongByOne where that
	// is by 1, and wrongNear where it is by 2 or 10, which are the usual ones; what they leave goes to
	// all others, wrongFar to each.
	wrongBy    = 1.0 / 30
	wrongByOne = 0.25
	wrongNear  = 0.1
	wrongFar   = 0.01
	// likely is the probability of a reading that may well be what is printed.
	likely = 0.05
)

// near says that two numbers differ as a misprint usually differs from the truth.
func near(a, b int64) bool { return misprintBy(a-b) > wrongFar }

// misprintBy is the chance that a misprint is by so much.
func misprintBy(d int64) float64 {
	switch max(d, -d) {
	case 1:
		return wrongByOne
	case 2, 10:
		return wrongNear
	}
	return wrongFar
}

// option is one value that a cell may print. A blank has the value 0, as in a sum.
type option struct {
	value int64
	raw   string  // the likeliest reading of the value
	p     float64 // of the value
	none  float64 // of the value, where no number is printed
	best  float64 // of raw
	cost  float64 // log odds against the cell's likeliest option, at least 0
	// hidden is set when no recogniser gave the value.
	hidden bool
}

// kind is the chance that, if the value is the option's, raw prints it the right way: as a number, or
// as nothing. Sums do not tell a 0 from a blank.
func (o *option) kind(raw string) float64 {
	if printsNumber(raw) {
		return 1 - o.none/o.p
	}
	return o.none / o.p
}

// choice is what one cell may print: options by falling probability, the one that was read among
// them, and the cost of a value that none of them is.
type choice struct {
	options []option
	read    int     // -1 when what was read is no figure of the field
	free    float64 // the least cost of a free value: misprinted, or misread for what no candidate names
	outside float64 // the chance that none of the options is printed
}

// wrong is the cost of a free value, and of the same value as a misprint alone.
func (c *choice) wrong(v int64) (free, misprint float64) {
	w := wrongFar
	for _, o := range c.options {
		if o.p > likely {
			w = max(w, misprintBy(v-o.value))
		}
	}
	top := c.options[0].p
	return max(0, -math.Log((printedWrong*w+c.outside*wrongBy)/top)), max(0, -math.Log(printedWrong*w/top))
}

func (c *choice) has(v int64) bool {
	for _, o := range c.options {
		if o.value == v {
			return true
		}
	}
	return false
}

// choice of a cell. A cell of a text layer, and one that a person confirmed, is what it is.
func (c *cell) choice(ev *report.Cell) choice {
	if !readable(ev) {
		return choice{options: []option{{value: c.int(c.value), p: 1, best: 1}}, free: -math.Log(printedWrong * wrongByOne)}
	}
	b := builder{cell: c, at: map[int64]int{}}
	other, valid, sum := 1.0, 0.0, 0.0
	for _, x := range append([]report.Candidate{{Raw: ev.Raw, Probability: *ev.ReadConfidence}}, ev.Candidates...) {
		p := max(x.Probability, 1e-9)
		other -= p
		sum += p
		if b.put(x.Raw, p) {
			valid += p
		}
	}
	b.glyphs(ev)
	other = max(other, 0)
	wrongKind := max(0, sum-valid) * rubbish
	if ev.Seal {
		other = max(other, sealed)
	}
	other = max(other, outside) + wrongKind
	if ev.Second != nil {
		other = b.second(*ev.Second, ev.Raw, other)
	}
	b.unlisted(other)
	sum = other
	for _, o := range b.list {
		sum += o.p
	}
	ch := choice{options: b.list, read: -1}
	for j := range ch.options {
		o := &ch.options[j]
		o.p, o.none, o.best = o.p/sum, o.none/sum, o.best/sum
	}
	sort.SliceStable(ch.options, func(x, y int) bool { return ch.options[x].p > ch.options[y].p })
	if len(ch.options) == 0 {
		// Nothing that was read is a figure: whatever the sums want, and for want of that a blank.
		ch.options, ch.outside = []option{{p: 1, none: 1, hidden: true}}, 1/wrongBy
		return ch
	}
	top := ch.options[0].p
	raw, ok := c.figure(ev.Raw)
	for j := range ch.options {
		o := &ch.options[j]
		o.cost = math.Log(top / o.p)
		if ok && o.value == raw {
			ch.read = j
		}
	}
	ch.outside = other / sum
	ch.free = max(0, -math.Log((printedWrong*wrongByOne+ch.outside*wrongBy)/top))
	return ch
}

// misprint is the chance, where a cell's true value is none of its options, that the agency printed
// it wrong and not we misread it.
func (c *choice) misprint() float64 {
	wrong := printedWrong * wrongByOne
	return wrong / (wrong + c.outside*wrongBy)
}

// misprinted says that a reading likelier than an option differs from it as a misprint does.
func (c *choice) misprinted(o int) bool {
	return c.nearTo(o, max(likely, c.options[o].p))
}

// nearTo says that a reading likelier than least differs from an option as a misprint does.
func (c *choice) nearTo(o int, least float64) bool {
	for k := range c.options {
		if k != o && c.options[k].p > least && near(c.options[k].value, c.options[o].value) {
			return true
		}
	}
	return false
}

// confidence of what was read, by the recognisers alone.
func (c *choice) confidence(raw string) float64 {
	if c.read < 0 {
		return 0
	}
	o := &c.options[c.read]
	return o.p * o.kind(raw)
}

// readable says that a cell was read from pixels and may have been misread.
func readable(ev *report.Cell) bool {
	return ev != nil && ev.Origin == report.OriginOCR && ev.ReadConfidence != nil && ev.Verdict != report.Confirmed
}

// figure is the value of a reading, and whether it is a figure that the field may print.
func (c *cell) figure(raw string) (int64, bool) {
	f := report.ParseFigure(raw)
	switch {
	case len(raw) > 1 && raw[0] == '0' && raw[1] >= '0' && raw[1] <= '9':
		return 0, false // nobody prints 02
	case f.Number != nil:
		return c.int(*f.Number), c.valid(*f.Number) && c.small(*f.Number)
	case f.Mark == report.MarkText:
		return 0, report.IsNothing(raw)
	}
	return 0, true
}

// builder gathers a cell's readings by value.
type builder struct {
	cell *cell
	list []option
	at   map[int64]int
}

// put adds a reading and says whether it is a figure.
func (b *builder) put(raw string, p float64) bool {
	v, ok := b.cell.figure(raw)
	if !ok {
		return false
	}
	number := printsNumber(raw)
	if v == 0 {
		p *= b.cell.zeros.factor(number)
	}
	j, ok := b.at[v]
	if !ok {
		j = len(b.list)
		b.at[v] = j
		b.list = append(b.list, option{value: v})
	}
	o := &b.list[j]
	o.p += p
	if !number {
		o.none += p
	}
	if p > o.best {
		o.raw, o.best = raw, p
	}
	return true
}

// glyphs counts readings with a character that nobody could read for those that have a digit in its
// place: □4 speaks for 14 as much as for 24.
func (b *builder) glyphs(ev *report.Cell) {
	for j := range b.list {
		o := &b.list[j]
		if !printsNumber(o.raw) {
			continue
		}
		for _, x := range append([]report.Candidate{{Raw: ev.Raw, Probability: *ev.ReadConfidence}}, ev.Candidates...) {
			if matches(x.Raw, o.raw) {
				o.p += x.Probability / digits
			}
		}
	}
}

// digits is how many characters an unread one may be.
const digits = 10

// unreadGlyph stands in a reading for a character that the recogniser could not name.
const unreadGlyph = '□'

// matches says that a reading has one unread character, and raw a digit there and the same elsewhere.
func matches(reading, raw string) bool {
	a, b := []rune(reading), []rune(raw)
	if len(a) != len(b) {
		return false
	}
	unread := 0
	for i := range a {
		switch {
		case a[i] == unreadGlyph && b[i] >= '0' && b[i] <= '9':
			unread++
		case a[i] != b[i]:
			return false
		}
	}
	return unread == 1
}

// unlisted shares out what is left to readings that nobody named: the same to every figure, so that one
// that was hardly seen in a cell of rubbish is not ruled out by it; and to a 0 where the candidates
// name only a blank, and the other way about.
func (b *builder) unlisted(other float64) {
	p := other * wrongBy
	for j := range b.list {
		o := &b.list[j]
		switch {
		case o.value != 0:
			o.p += p
		case o.none == 0:
			o.p += p
			none := p * b.cell.zeros.factor(false)
			o.none += none
			o.p += none
		default:
			o.p += p * b.cell.zeros.factor(true)
		}
	}
}

// zeros counts how a table prints its zeros where that is surely read: as 0, or as nothing (a
// blank, a stroke). Tables mostly keep to one way.
type zeros struct{ number, none float64 }

// minZero is the read confidence from which a zero counts.
const minZero = 0.98

func (z *zeros) count(c *cell, ev *report.Cell) {
	switch {
	case ev != nil && ev.ReadConfidence != nil && *ev.ReadConfidence < minZero:
	case c.state == nothing:
		z.none++
	case c.state == number && c.value.IsZero():
		z.number++
	}
}

// leastKind is how many zeros of a kind there are where none was seen: a table hardly ever changes its
// way for one cell.
const leastKind = 0.02

// factor of the likelihood of a zero of one kind.
func (z *zeros) factor(number bool) float64 {
	if z == nil {
		return 1
	}
	n, all := z.none, z.none+z.number
	if number {
		n = z.number
	}
	return min(1, 2*(n+leastKind)/(all+2*leastKind))
}

// second weighs a second reader's reading in and gives the chance that is left for anything else. top
// is what the first reader read. A second reader that reads nothing says nothing: the poorer the
// print, the more often it does.
func (b *builder) second(raw, top string, other float64) float64 {
	v, ok := b.cell.figure(raw)
	if !ok || !printsNumber(raw) {
		return other
	}
	if _, ok := b.at[v]; !ok {
		b.put(raw, other*wrongBy)
		other *= 1 - wrongBy
	}
	right, wrong := secondCorrect, secondElse
	if t, ok := b.cell.figure(top); ok && t == v {
		right, wrong = secondAgrees, secondSame
	}
	for j := range b.list {
		o, f := &b.list[j], wrong
		if o.value == v {
			f = right
		}
		o.p, o.none, o.best = o.p*f, o.none*f, o.best*f
	}
	return other * wrong
}

func printsNumber(raw string) bool { return report.ParseFigure(raw).Number != nil }

// limit of the values that sums are decoded over: far above any count, far below overflow.
const limit = int64(1e12)

// places is how many decimals of money count: the fen of 万元 has six.
const places = 6

// int is a value as a whole number: of units, or of a millionth where the field has decimals. No
// error-severity equation mixes the two.
func (c *cell) int(n report.Number) int64 {
	if c.field.Decimal {
		return n.Shift(places).IntPart()
	}
	return n.IntPart()
}

// small says that a number can take part in decoding: whole in its unit, and within the limit.
func (c *cell) small(n report.Number) bool {
	if c.field.Decimal {
		return n.Shift(places).IsInteger() && n.Abs().LessThan(report.Int(limit).Decimal)
	}
	return n.IsInteger() && n.Abs().LessThan(report.Int(limit).Decimal)
}
