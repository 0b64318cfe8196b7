package check

import (
	"container/heap"
	"math"
	"math/bits"
	"slices"
	"sort"

	"github.com/nianbao/nianbao/layout/union"
	"github.com/nianbao/nianbao/report"
)

// Bounds of the search for the most probable table. They are numbers of steps and not times, so
// that the same report is decoded alike on every machine.
const (
	// maxSteps bounds the nodes that are looked at: some 50 µs each.
	maxSteps = 12000
	// maxNodes bounds the nodes that wait.
	maxNodes = 400000
	// window is how much less likely (log odds) than the best explanation another one may be to be
	// weighed against it.
	window = 11.0
	// maxExplanations bounds how many are weighed.
	maxExplanations = 4000
	// maxFree bounds the cells of one explanation whose value is free.
	maxFree = 3
	// maxPart bounds the cells of a part: 表三 has 175.
	maxPart = 256
)

// part is a set of cells that equations join, directly or through other cells. It is decoded on its own.
type part struct {
	cells   []int    // of the sheet
	choices []choice // of each cell
	rels    []int    // of the sheet
	eqs     []equation
	in      [][]place // of each cell: its equations
	base    []int64   // residuals of the likeliest options
	class   []int     // of each equation: those of a class share no cell
	classes int
	fix     []map[int64]float64 // of each equation: by how much its residual must change → the least cost of a cell that does it
	free    []float64           // of each equation: the least cost of a free cell
	two     []float64           // of each equation: the least cost of two changes
	draft   node                // the node that is being made: most are not kept
	nodes   []node              // room for those that are,
	numbers []int64             // and for their residuals
}

// equation is a sum over the part's cells that must be 0.
type equation struct {
	cells []int
	signs []int64
}

// place is an equation that a cell is in, with its sign there.
type place struct {
	eq   int
	sign int64
}

// parts joins the cells of equations that can be tested (status pass or fail) into parts.
func (s *sheet) parts(r *report.Report) []*part {
	sets := union.Of(len(s.cells))
	live := func(rel *relation) bool { return rel.equation() && rel.status != report.Unknown }
	for k := range s.rels {
		if rel := &s.rels[k]; live(rel) {
			all := rel.cells()
			for _, i := range all[1:] {
				sets.Join(all[0], i)
			}
		}
	}
	at := map[int]*part{}
	var out []*part
	local := make([]int, len(s.cells))
	for k := range s.rels {
		rel := &s.rels[k]
		if !live(rel) {
			continue
		}
		g := sets.Leader(rel.left[0])
		p := at[g]
		if p == nil {
			p = &part{}
			at[g] = p
			out = append(out, p)
			for i := range s.cells {
				if sets.Leader(i) == g {
					local[i] = len(p.cells)
					p.cells = append(p.cells, i)
				}
			}
			p.in = make([][]place, len(p.cells))
		}
		e := len(p.eqs)
		var eq equation
		add := func(cells []int, sign int64) {
			for _, i := range cells {
				eq.cells = append(eq.cells, local[i])
				eq.signs = append(eq.signs, sign)
				p.in[local[i]] = append(p.in[local[i]], place{e, sign})
			}
		}
		add(rel.left, 1)
		add(rel.right, -1)
		p.eqs = append(p.eqs, eq)
		p.rels = append(p.rels, k)
	}
	for _, p := range out {
		for _, i := range p.cells {
			p.choices = append(p.choices, s.cells[i].choice(s.evidence(r, i)))
		}
	}
	return out
}

// decodable says that the part is within what can be searched, and that pixels stand behind it.
func (s *sheet) decodable(p *part, r *report.Report) bool {
	read := false
	for _, i := range p.cells {
		c := &s.cells[i]
		pixels := readable(s.evidence(r, i))
		if c.state == number && !c.small(c.value) && !pixels {
			return false // what pixels stand behind may be misread: 1.2 for 12
		}
		read = read || pixels
	}
	return read && len(p.cells) <= maxPart
}

// prepare computes what bounds the cost of an explanation from below.
func (p *part) prepare() {
	p.base = make([]int64, len(p.eqs))
	p.class = make([]int, len(p.eqs))
	p.fix = make([]map[int64]float64, len(p.eqs))
	p.free = make([]float64, len(p.eqs))
	p.two = make([]float64, len(p.eqs))
	taken := map[[2]int]bool{} // class and cell
	for e, eq := range p.eqs {
		c := 0
		for ; ; c++ {
			ok := true
			for _, i := range eq.cells {
				ok = ok && !taken[[2]int{c, i}]
			}
			if ok {
				break
			}
		}
		p.class[e], p.classes = c, max(p.classes, c+1)
		p.fix[e] = map[int64]float64{}
		p.free[e] = math.Inf(1)
		one, two := math.Inf(1), math.Inf(1)
		for n, i := range eq.cells {
			taken[[2]int{c, i}] = true
			ch := &p.choices[i]
			p.base[e] += eq.signs[n] * ch.options[0].value
			least := ch.free
			for _, o := range ch.options[1:] {
				d := eq.signs[n] * (o.value - ch.options[0].value)
				if old, ok := p.fix[e][d]; !ok || o.cost < old {
					p.fix[e][d] = o.cost
				}
				least = min(least, o.cost)
			}
			p.free[e] = min(p.free[e], ch.free)
			if least < one {
				one, two = least, one
			} else {
				two = min(two, least)
			}
		}
		p.two[e] = one + two
	}
}

// bound is a cost below which no change makes an equation with this residual hold.
func (p *part) bound(e int, residual int64) float64 {
	b := min(p.free[e], p.two[e])
	if c, ok := p.fix[e][-residual]; ok {
		b = min(b, c)
	}
	return b
}

// Changes of an explanation: option o > 0 of a cell, or a free value (o == freeValue).
type change struct {
	cell, option int
}

const freeValue = -1

// explanation is a set of changes after which every equation holds.
type explanation struct {
	changes []change
	cost    float64
	free    []int64 // the values of the free cells, in the order of the changes
}

// constraint is a combination of equations that must be 0. At first each equation is one; a cell
// whose value is free takes one away and is eliminated from the others (Gauss).
type constraint struct {
	terms   []place
	members []int // its cells, in order
	among   set   // the same
}

// set of cells of a part.
type set [maxPart / 64]uint64

func (s *set) add(i int)      { s[i>>6] |= 1 << (i & 63) }
func (s *set) remove(i int)   { s[i>>6] &^= 1 << (i & 63) }
func (s *set) has(i int) bool { return s[i>>6]>>(i&63)&1 != 0 }

// without counts the cells that are in the set and not in the other.
func (s *set) without(t *set) int {
	n := 0
	for k := range s {
		n += bits.OnesCount64(s[k] &^ t[k])
	}
	return n
}

// node is a partial explanation.
type node struct {
	cost, bound float64
	residual    []int64
	cons        []*constraint
	pivots      []*constraint // of the free cells, in order
	closed      set           // cells that are changed, or that this branch leaves alone
	last        change
	parent      *node
	depth, free int
}

// queue is a heap of nodes, the least bound first, of equal ones the older.
type queue []waiting

type waiting struct {
	bound float64
	seq   int
	node  *node
}

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if q[i].bound != q[j].bound {
		return q[i].bound < q[j].bound
	}
	return q[i].seq < q[j].seq
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(waiting)) }
func (q *queue) Pop() any {
	old := *q
	w := old[len(old)-1]
	old[len(old)-1] = waiting{}
	*q = old[:len(old)-1]
	return w
}

// search finds the explanations within window of the most likely one, likeliest first, by
// best-first branch and bound (Hart, Nilsson and Raphael 1968). An explanation is told from the
// likeliest reading of every cell. Each is met once: a branch is the first cell, in the order of a
// constraint that fails, which changes, with the cells before it closed. beyond is a cost that
// whatever was not seen does not go below: when the search ran into a bound it may lie within the
// window.
func (p *part) search() (found []explanation, beyond float64) {
	p.prepare()
	defer func() {
		sort.SliceStable(found, func(a, b int) bool { return found[a].cost < found[b].cost })
	}()
	root := &node{residual: p.base}
	for e := range p.eqs {
		root.cons = append(root.cons, p.constrain([]place{{e, 1}}))
	}
	p.estimate(root)
	q := queue{{bound: root.bound, node: root}}
	seq := 0
	best := math.Inf(1)
	push := func(n *node) {
		p.estimate(n)
		if n.bound > best+window || math.IsInf(n.bound, 1) {
			return
		}
		seq++
		heap.Push(&q, waiting{n.bound, seq, p.keep(n)})
	}
	for steps := 0; len(q) > 0; steps++ {
		n := heap.Pop(&q).(waiting).node
		if n.bound > best+window {
			break
		}
		if steps >= maxSteps || len(q) > maxNodes || len(found) >= maxExplanations {
			return found, n.bound
		}
		c := p.pick(n)
		if c >= 0 {
			p.branch(n, n.cons[c].members, best+window, push)
			continue
		}
		if x, ok := p.explain(n); ok {
			found = append(found, x)
			best = min(best, x.cost)
		}
		// Changes that cancel each other: any first one of them, then what it breaks.
		p.seed(n, best+window, push)
	}
	return found, best + window
}

// keep copies a draft to where it stays.
func (p *part) keep(n *node) *node {
	const many = 256
	if len(p.nodes) == cap(p.nodes) {
		p.nodes = make([]node, 0, many)
		p.numbers = make([]int64, 0, many*len(n.residual))
	}
	at := len(p.numbers)
	p.numbers = append(p.numbers, n.residual...)
	p.nodes = append(p.nodes, *n)
	kept := &p.nodes[len(p.nodes)-1]
	kept.residual = p.numbers[at:]
	return kept
}

// residual of a constraint, and the sign of a cell in it.
func (c *constraint) residual(res []int64) int64 {
	var t int64
	for _, x := range c.terms {
		t += x.sign * res[x.eq]
	}
	return t
}

func (p *part) sign(c *constraint, i int) int64 {
	if !c.among.has(i) {
		return 0
	}
	var t int64
	for _, x := range c.terms {
		for _, y := range p.in[i] {
			if x.eq == y.eq {
				t += x.sign * y.sign
			}
		}
	}
	return t
}

// constrain makes a constraint.
func (p *part) constrain(terms []place) *constraint {
	c := &constraint{terms: terms}
	for _, x := range terms {
		for _, i := range p.eqs[x.eq].cells {
			c.among.add(i)
		}
	}
	if len(terms) == 1 {
		c.members = p.eqs[terms[0].eq].cells
		return c
	}
	all := c.among
	for _, x := range terms {
		for _, i := range p.eqs[x.eq].cells {
			if all.has(i) {
				all.remove(i)
				if p.sign(c, i) != 0 {
					c.members = append(c.members, i)
				} else {
					c.among.remove(i)
				}
			}
		}
	}
	return c
}

// estimate sets the bound of a node: its cost and, over equations that share no cell, the least
// that mending each of them costs.
func (p *part) estimate(n *node) {
	var sums [16]float64
	for _, c := range n.cons {
		if len(c.terms) != 1 {
			continue
		}
		e := c.terms[0].eq
		if n.residual[e] == 0 {
			continue
		}
		if k := p.class[e]; k < len(sums) {
			sums[k] += p.bound(e, n.residual[e])
		}
	}
	n.bound = n.cost
	for _, x := range sums {
		n.bound = max(n.bound, n.cost+x)
	}
}

// pick is the constraint to branch on: of those that fail, the one with the fewest open cells, or
// -1 when all hold.
func (p *part) pick(n *node) int {
	at, fewest := -1, math.MaxInt
	for k, c := range n.cons {
		if c.residual(n.residual) == 0 {
			continue
		}
		if open := c.among.without(&n.closed); open < fewest {
			at, fewest = k, open
		}
	}
	return at
}

// branch makes the nodes in which each of the cells in turn is the first that changes. None that costs more than most is kept.
func (p *part) branch(n *node, cells []int, most float64, push func(*node)) {
	closed := n.closed
	for _, i := range cells {
		if closed.has(i) {
			continue
		}
		closed.add(i)
		for o := 1; o < len(p.choices[i].options); o++ {
			if n.cost+p.choices[i].options[o].cost <= most {
				push(p.changed(n, i, o, closed))
			}
		}
		if n.free < maxFree && n.cost+p.choices[i].free <= most {
			push(p.freed(n, i, closed))
		}
	}
}

// seed makes the nodes in which each cell in turn is the first that changes although all holds.
func (p *part) seed(n *node, most float64, push func(*node)) {
	closed := n.closed
	for i := range p.cells {
		if closed.has(i) {
			continue
		}
		closed.add(i)
		for o := 1; o < len(p.choices[i].options); o++ {
			if n.cost+p.choices[i].options[o].cost <= most {
				push(p.changed(n, i, o, closed))
			}
		}
	}
}

// changed drafts the node in which a cell takes another of its options.
func (p *part) changed(n *node, i, o int, closed set) *node {
	ch, m := &p.choices[i], &p.draft
	*m = node{cost: n.cost + ch.options[o].cost, residual: append(m.residual[:0], n.residual...), cons: n.cons,
		pivots: n.pivots, closed: closed, last: change{i, o}, parent: n, depth: n.depth + 1, free: n.free}
	d := ch.options[o].value - ch.options[0].value
	for _, x := range p.in[i] {
		m.residual[x.eq] += x.sign * d
	}
	return m
}

// freed drafts the node in which a cell has a free value: one constraint that contains it is used up to compute the value,
// and the cell is eliminated from the others.
func (p *part) freed(n *node, i int, closed set) *node {
	m := &p.draft
	*m = node{cost: n.cost + p.choices[i].free, residual: append(m.residual[:0], n.residual...), closed: closed,
		last: change{i, freeValue}, parent: n, depth: n.depth + 1, free: n.free + 1}
	pivot := -1
	for k, c := range n.cons {
		if p.sign(c, i) != 0 && (pivot < 0 || len(c.terms) < len(n.cons[pivot].terms)) {
			pivot = k
		}
	}
	if pivot < 0 {
		m.cons, m.pivots = n.cons, n.pivots
		return m
	}
	a := p.sign(n.cons[pivot], i)
	m.pivots = append(slices.Clone(n.pivots), n.cons[pivot])
	m.cons = make([]*constraint, 0, len(n.cons)-1)
	for k, c := range n.cons {
		if k == pivot {
			continue
		}
		if b := p.sign(c, i); b != 0 {
			c = p.constrain(combine(c.terms, a, n.cons[pivot].terms, -b))
		}
		m.cons = append(m.cons, c)
	}
	return m
}

// combine adds a times one constraint to b times another.
func combine(x []place, a int64, y []place, b int64) []place {
	out := make([]place, 0, len(x)+len(y))
	for _, t := range x {
		out = append(out, place{t.eq, a * t.sign})
	}
	for _, t := range y {
		hit := false
		for k := range out {
			if out[k].eq == t.eq {
				out[k].sign += b * t.sign
				hit = true
			}
		}
		if !hit {
			out = append(out, place{t.eq, b * t.sign})
		}
	}
	return out
}

// explain turns a node without a failing constraint into an explanation. There is none where a free cell would have
// to be negative, or would have a value that is one of its options: another branch has that.
func (p *part) explain(n *node) (explanation, bool) {
	x := explanation{cost: n.cost}
	for m := n; m.parent != nil; m = m.parent {
		x.changes = append(x.changes, m.last)
	}
	for a, b := 0, len(x.changes)-1; a < b; a, b = a+1, b-1 {
		x.changes[a], x.changes[b] = x.changes[b], x.changes[a]
	}
	var frees []int
	for _, c := range x.changes {
		if c.option == freeValue {
			frees = append(frees, c.cell)
		}
	}
	if len(frees) != len(n.pivots) {
		return x, len(frees) == 0
	}
	res := append([]int64(nil), n.residual...)
	x.free = make([]int64, len(frees))
	for k := len(frees) - 1; k >= 0; k-- {
		i := frees[k]
		a := p.sign(n.pivots[k], i)
		r := n.pivots[k].residual(res)
		if r%a != 0 {
			return x, false
		}
		d := -r / a
		v := p.choices[i].options[0].value + d
		if d == 0 || v < 0 || v >= limit {
			return x, false
		}
		x.free[k] = v
		free, misprint := p.choices[i].wrong(v)
		if p.choices[i].has(v) {
			free = misprint // misread for it is another branch
		}
		x.cost += free - p.choices[i].free
		for _, y := range p.in[i] {
			res[y.eq] += y.sign * d
		}
	}
	return x, true
}
