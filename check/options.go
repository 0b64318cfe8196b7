package check

import (
	"math"
	"sort"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/report"
)

// What a cell may be, beside what its recogniser says. All are probabilities.
const (
	// sealed is the least chance that a cell which a seal's ink touched prints none of its candidates,
	// whatever a recogniser believes of itself.
	sealed = 5e-3
	// shownFirst and shownAgain are the least probability that the first and the second look are taken to give any
	// value, since a look that does not name a value does not rule it out. Where the readings that a look names
	// leave more than that, each other value gets the share wrongBy of what is left.
	shownFirst = 1e-6
	shownAgain = 1e-4
	// leastBlank is the least probability of a blank; below it is ink that was not read.
	leastBlank = 0.5
	// printedWrong is the chance that an agency printed one particular number of a table wrong:
	// one report in twenty has such a number, of some two hundred.
	printedWrong = 2.5e-4
	// wrongBy is the chance of one particular value where a number was misread and no candidate names what is
	// printed: some thirty values come into question. The others say how misprints are spread. A misprint is off
	// by 1 with the chance wrongByOne for up and again for down, by 2 or 10 with wrongNear each, which are the
	// usual slips, and by any other amount with wrongFar. A count is never below 0: where it can only be off
	// upwards, the chance is twice as much.
	wrongBy    = 1.0 / 30
	wrongByOne = 0.25
	wrongNear  = 0.1
	wrongFar   = 0.01
	// likely is the probability of a reading that may well be what is printed.
	likely = 0.05
)

// near says that two numbers differ as a misprint usually differs from the truth.
func near(a, b int64) bool { return misprintBy(max(a, b), min(a, b)) > wrongFar }

// misprintBy is the chance that a misprint of a number is just another one.
func misprintBy(truth, printed int64) float64 {
	d := max(truth-printed, printed-truth)
	p := wrongFar
	switch d {
	case 1:
		p = wrongByOne
	case 2, 10:
		p = wrongNear
	}
	if truth < d {
		p *= 2
	}
	return p
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

// choice is what one cell may print: its options, the likeliest first, which of them was read, and what it costs
// to take the cell for a value that is none of them. Such a value is called free: the sums alone say what it is.
type choice struct {
	options []option
	read    int     // -1 when what was read is no figure of the field
	free    float64 // the least cost of a free value: misprinted, or misread for what no candidate names
	outside float64 // the chance that none of the options is printed
}

// wrong is the cost of taking the cell for v though no option says so: the number is misprinted or was misread.
// misprint is the cost where it can only have been misprinted.
func (c *choice) wrong(v int64) (free, misprint float64) {
	w := 0.0
	for _, o := range c.options {
		if o.value != v {
			w += o.p * misprintAs(v, o.value)
		}
	}
	return c.cost(printedWrong*w + c.outside*wrongBy), c.cost(printedWrong * w)
}

// cost turns a probability into log odds against the cell's likeliest option.
func (c *choice) cost(p float64) float64 { return max(0, -math.Log(p/c.options[0].p)) }

// misprintAs is the chance that a number which should be truth is printed as another one, made comparable with the
// chances of readings. Those count how often tables print a number, so that a common one seems likelier; here that
// is undone by the ratio of the frequencies. Without it a dim 10 would be taken for a misread 0, because zeros are
// common.
func misprintAs(truth, printed int64) float64 {
	p := misprintBy(truth, printed)
	if near(truth, printed) {
		p *= frequency(truth) / frequency(printed)
	}
	return max(p, wrongFar)
}

// frequency is about how often a cell prints a number, in the tables that the weights of readings were
// fitted to: three in five print 0, one in nine 1, one in 200 10.
func frequency(n int64) float64 {
	if n == 0 {
		return 0.6
	}
	return 0.12 * math.Pow(math.Abs(float64(n)), -1.4)
}

// leastWrong is the least cost of a free value: of one near an option, or of any other.
func (c *choice) leastWrong() float64 {
	least := c.cost(printedWrong*2*wrongFar + c.outside*wrongBy)
	for _, o := range c.options {
		for _, d := range [...]int64{1, 2, 10} {
			for _, v := range [...]int64{o.value - d, o.value + d} {
				if v >= 0 {
					free, _ := c.wrong(v)
					least = min(least, free)
				}
			}
		}
	}
	return least
}

func (c *choice) has(v int64) bool {
	for _, o := range c.options {
		if o.value == v {
			return true
		}
	}
	return false
}

// choice says what a cell may print. A cell of a text layer, and one that a person confirmed, has one option.
func (c *cell) choice(ev *report.Cell) choice {
	if !readable(ev) {
		ch := choice{options: []option{{value: c.int(c.value), p: 1, best: 1}}}
		ch.free = ch.leastWrong()
		return ch
	}
	b := builder{cell: c, at: map[int64]int{}}
	all := []report.Candidate{{Raw: ev.Raw, Probability: *ev.ReadConfidence}}
	if ev.ReadAgain != nil {
		all[0].Again = *ev.ReadAgain
	}
	all = append(all, ev.Candidates...)
	w := weights{worth: &oneLook}
	if ev.ReadAgain != nil {
		w.worth = &twoLooks
	}
	first, again := 1.0, 1.0
	for _, x := range all {
		b.put(x)
		first -= x.Probability
		again -= x.Again
	}
	w.leastFirst, w.leastAgain = max(shownFirst, first*wrongBy), max(shownAgain, again*wrongBy)
	if ev.Second != nil && printsNumber(*ev.Second) {
		b.put(report.Candidate{Raw: *ev.Second})
	}
	b.glyphs(all)
	ch := choice{read: -1}
	if len(b.list) == 0 {
		// No reading is a figure. The cell is whatever the sums want; where they want nothing, it is blank.
		ch.options, ch.outside = []option{{p: 1, none: 1, hidden: true}}, 1/wrongBy
		return ch
	}
	f := report.FigureIn(c.place, ev.Raw)
	read, isFigure := c.figure(ev.Raw, f)
	noFigure := !isFigure || ev.Raw == "" && *ev.ReadConfidence < leastBlank
	other := w.unlisted
	if noFigure {
		other = w.unread
	}
	sum := 0.0
	for _, g := range b.list {
		o := g.option(c.zeros, &w)
		o.p = w.of(g.first, g.again)
		switch {
		case noFigure && g.value == 0:
			o.p *= math.Exp(w.zero)
		case isFigure && f.Number != nil && g.isNumber:
			o.p *= math.Exp(w.confused(read, g.value))
		}
		ch.options = append(ch.options, o)
		sum += o.p
	}
	if ev.Seal {
		other = max(other, sealed*sum)
	}
	sum += other
	for j := range ch.options {
		o := &ch.options[j]
		o.p /= sum
		o.none, o.best = o.none*o.p, o.best*o.p
	}
	sort.SliceStable(ch.options, func(x, y int) bool { return ch.options[x].p > ch.options[y].p })
	top := ch.options[0].p
	for j := range ch.options {
		o := &ch.options[j]
		o.cost = math.Log(top / o.p)
		if isFigure && o.value == read {
			ch.read = j
		}
	}
	ch.outside = other / sum
	ch.free = ch.leastWrong()
	return ch
}

// misprint is how likely it is, where a cell should print v and no option says so, that the number was printed
// wrong, and not misread.
func (c *choice) misprint(v int64) float64 {
	free, misprint := c.wrong(v)
	return math.Exp(free - misprint)
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
func (c *cell) figure(raw string, f report.Figure) (int64, bool) {
	switch {
	case figure.ZeroLed(raw):
		return 0, false // nobody prints 02
	case f.Number != nil:
		return c.int(*f.Number), c.valid(*f.Number) && c.small(*f.Number)
	case f.Mark == report.MarkText:
		return 0, report.IsNothing(raw)
	}
	return 0, true
}

// gathered is how probable the looks at a cell find one value. For a zero it matters whether the table prints
// zeros as numbers or as nothing.
type gathered struct {
	value        int64
	raw          string  // the likeliest reading
	isNumber     bool    // raw is
	best         float64 // of raw, by both looks
	first, again float64
	none, number float64 // by both looks: printed as nothing, and as a number
}

// builder gathers a cell's readings by value.
type builder struct {
	cell *cell
	list []gathered
	at   map[int64]int
}

// put adds a reading, if it is a figure that the field may print.
func (b *builder) put(x report.Candidate) {
	f := report.FigureIn(b.cell.place, x.Raw)
	v, ok := b.cell.figure(x.Raw, f)
	if !ok {
		return
	}
	number, k := f.Number != nil, 1.0
	if v == 0 {
		k = b.cell.zeros.factor(number)
	}
	j, ok := b.at[v]
	if !ok {
		j = len(b.list)
		b.at[v] = j
		b.list = append(b.list, gathered{value: v, raw: x.Raw, best: -1})
	}
	g := &b.list[j]
	g.first += k * x.Probability
	g.again += k * x.Again
	both := k * (x.Probability + x.Again)
	if number {
		g.number += both
	} else {
		g.none += both
	}
	if both > g.best {
		g.raw, g.best, g.isNumber = x.Raw, both, number
	}
}

// glyphs shares the probability of a reading with an unread character among the readings that have a digit there:
// □4 speaks for 14 as much as for 24.
func (b *builder) glyphs(all []report.Candidate) {
	for _, x := range all {
		if !strings.ContainsRune(x.Raw, report.Unread) {
			continue
		}
		for j := range b.list {
			if g := &b.list[j]; g.isNumber && matches(x.Raw, g.raw) {
				g.first += x.Probability / digits
				g.again += x.Again / digits
			}
		}
	}
}

// worth says how far the looks at a cell can be trusted; training/evidence.py fits its numbers. The chance that a
// value is printed is in proportion to the probability that each look gives it, raised to a power, and to how often
// what was read is confused with it.
type worth struct {
	first, again float64 // the powers
	// unlisted is the weight of all values together that no look named; unread is the same where no look named
	// any figure.
	unlisted, unread float64
	// All of these are logs of how much likelier a value is than the looks say, by how it differs from what was
	// read: instead, where a digit (second index) stands for the one that was read (first index); extra, where
	// a digit was read that is not there; lost, where one that is there was not read; otherwise, for any other
	// difference; zero, for a 0 where no figure was read.
	instead         [10][10]float64
	extra, lost     [10]float64
	otherwise, zero float64
}

// weights are the worth of the looks at one cell, with the least probability that each gives to values that it does
// not name.
type weights struct {
	*worth
	leastFirst, leastAgain float64
}

// of weighs a value by the probabilities that the first and the second look give it; weights of one cell's values are
// compared with one another.
func (w *weights) of(first, again float64) float64 {
	return math.Pow(first+w.leastFirst, w.first) * math.Pow(again+w.leastAgain, w.again)
}

// option makes an option of a value. Its none and best are shares of 1 here: how much of the value's probability is
// for printing nothing, and how much the likeliest reading has. A zero may always be printed the other way, too,
// though nobody read it so.
func (g *gathered) option(z *zeros, w *weights) option {
	o := option{value: g.value, raw: g.raw}
	none, number := g.none, g.number
	if g.value == 0 {
		least := w.leastFirst
		if w.again > 0 {
			least += w.leastAgain
		}
		none += least * z.factor(false)
		number += least * z.factor(true)
	}
	sum := none + number
	if sum == 0 {
		sum = 1 // what a second reader alone read
	}
	o.none = none / sum
	o.best = max(g.best, 0) / max(g.first+g.again, g.best, shownFirst)
	return o
}

// confused is the log of how much likelier a value is than the looks say where another one was read.
func (w *worth) confused(read, value int64) float64 {
	if read == value {
		return 0
	}
	a, b := strconv.FormatInt(read, 10), strconv.FormatInt(value, 10)
	switch len(b) - len(a) {
	case 0:
		at := -1
		for i := range a {
			if a[i] != b[i] {
				if at >= 0 {
					return w.otherwise
				}
				at = i
			}
		}
		if figure.IsDigit(rune(a[at])) && figure.IsDigit(rune(b[at])) {
			return w.instead[a[at]-'0'][b[at]-'0']
		}
	case -1:
		if i := omitted(a, b); i >= 0 && figure.IsDigit(rune(a[i])) {
			return w.extra[a[i]-'0']
		}
	case 1:
		if i := omitted(b, a); i >= 0 && figure.IsDigit(rune(b[i])) {
			return w.lost[b[i]-'0']
		}
	}
	return w.otherwise
}

// omitted is the first character of long without which it is short, or -1.
func omitted(long, short string) int {
	for i := range long {
		if long[:i]+long[i+1:] == short {
			return i
		}
	}
	return -1
}

// digits is how many different digits an unread character may be.
const digits = 10

// matches says that a reading has one unread character, and raw a digit there and the same elsewhere.
func matches(reading, raw string) bool {
	a, b := []rune(reading), []rune(raw)
	if len(a) != len(b) {
		return false
	}
	unread := 0
	for i := range a {
		switch {
		case a[i] == report.Unread && figure.IsDigit(b[i]):
			unread++
		case a[i] != b[i]:
			return false
		}
	}
	return unread == 1
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

// leastKind is how many zeros of a kind a table is taken to have where none was seen. It is little, because a table
// hardly ever prints one zero in another way than the rest.
const leastKind = 0.01

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

// printsNumber says that a reading of pixels is a number.
func printsNumber(raw string) bool {
	return report.FigureIn(figure.Field{Pixels: true}, raw).Number != nil
}

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
