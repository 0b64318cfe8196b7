package normalize

import (
	"runtime"
	"slices"
	"strings"
	"sync"
	"weak"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout/figure"
)

// target is a row or a column of a form, ready to be compared.
type target struct {
	names  []name // the label and its aliases
	groups []name
	enum   figure.Enumerator
}

func newTarget(label string, aliases, groups []string) target {
	t := target{names: []name{newName(label)}}
	t.enum = t.names[0].enum
	for _, a := range aliases {
		t.names = append(t.names, newName(a))
	}
	for _, g := range groups {
		t.groups = append(t.groups, newName(g))
	}
	return t
}

// targets are a form table's rows and columns, and all of its names, the longest first.
type targets struct {
	rows, cols []target
	names      []name
	// Of a table of bands: what its titles begin with, the titles, and what stands before its columns' labels.
	band, corner name
	titles       []name
}

// targetCache holds the targets of tables, which never change, for as long as the tables are there.
var targetCache sync.Map // weak.Pointer[form.Table] → *targets

func targetsOf(t *form.Table) *targets {
	key := weak.Make(t)
	if x, ok := targetCache.Load(key); ok {
		return x.(*targets)
	}
	x := &targets{band: newName(t.Band), corner: newName(t.Corner)}
	seen := map[string]bool{}
	add := func(t target) target {
		for _, n := range append(append([]name{}, t.names...), t.groups...) {
			if !n.empty() && !seen[string(n.full)] {
				seen[string(n.full)] = true
				x.names = append(x.names, n)
			}
		}
		return t
	}
	for _, r := range t.Rows {
		row := add(newTarget(r.Label, r.Aliases, r.Groups))
		x.rows = append(x.rows, row)
		if n := len(row.groups); n > 0 && t.Bands && !slices.ContainsFunc(x.titles, func(o name) bool { return slices.Equal(o.full, row.groups[n-1].full) }) {
			x.titles = append(x.titles, row.groups[n-1])
		}
	}
	for _, c := range t.Columns {
		x.cols = append(x.cols, add(newTarget(c.Label, c.Aliases, c.Groups)))
	}
	if _, known := targetCache.LoadOrStore(key, x); !known {
		runtime.AddCleanup(t, func(k weak.Pointer[form.Table]) { targetCache.Delete(k) }, key)
	}
	return x
}

// label of a table's row or column: the innermost text and what stands around it.
type label struct {
	leaf   name
	groups []name
	// whole is the innermost text with what stands over it: of a label of two lines, walls that are none make two cells.
	whole name
}

// Weights of the hints beside a label's own text. A group or a number in front decides between
// equal labels (three rows are called 其他) and never outweighs a label that says something else.
const (
	groupWeight = 0.25
	enumWeight  = 0.08
	// minSimilarity is the least likeness of a label that is matched by its text.
	minSimilarity = 0.55
	// halfSimilarity is the likeness of one line of a label of two, of which a scan without rulings made two cells.
	halfSimilarity = 0.45
	// wholeMore is how many characters more than the form's a label of two cells may have: a group over a label has more.
	wholeMore = 1
	// sureSimilarity is the likeness from which a label is taken as read, wherever it stands.
	sureSimilarity = 0.8
)

// likeness of a label and a target: the similarity of the text alone, and the score with its hints.
func likeness(l label, t target) (sim, score float64) {
	for _, n := range t.names {
		sim = max(sim, l.leaf.similarity(n))
		if !l.whole.empty() && len(l.whole.full) <= len(n.full)+wholeMore {
			sim = max(sim, l.whole.similarity(n))
		}
	}
	score = sim
	if len(t.groups) > 0 && len(l.groups) > 0 {
		best := 0.0
		for _, a := range l.groups {
			for _, b := range t.groups {
				best = max(best, a.similarity(b))
			}
		}
		inner := 0.0 // the innermost group tells more than the outermost one, which all share
		for _, a := range l.groups {
			inner = max(inner, a.similarity(t.groups[len(t.groups)-1]))
		}
		score += groupWeight * (0.3*best + 0.7*inner - 0.5)
	}
	if l.leaf.enum.Style != 0 && t.enum.Style != 0 {
		if l.leaf.enum == t.enum {
			score += enumWeight
		} else {
			score -= enumWeight
		}
	}
	return sim, score
}

// match is one label's place among the targets.
type match struct {
	target int // -1: none
	sim    float64
	placed bool // by its neighbours more than by its text
	// trust is how surely the label is the target's: see trusted.
	trust float64
}

// leastShown is what a row or a column counts in a form's score that was recognised by its place.
const leastShown = 0.3

// shown says how surely a label names its target, for a form's score.
func (m match) shown() float64 {
	if m.sim >= sureSimilarity {
		return 1
	}
	return max(leastShown, m.sim)
}

func matchedCount(ms []match) (n int) {
	for _, m := range ms {
		if m.target >= 0 {
			n++
		}
	}
	return n
}

// align matches labels to targets: in the order of the form first, by the best sum of likenesses
// (Needleman and Wunsch 1970, with free gaps); then labels that are surely read but stand elsewhere;
// last, where exactly as many labels as targets are left between two matched neighbours, labels
// that are empty or could not be read, by their place. byPlace allows the last step.
func align(labels []label, targets []target, byPlace func(i int) bool) []match {
	n, m := len(labels), len(targets)
	sims, scores := likenesses(labels, targets)
	if out := whole(sims, byPlace); out != nil {
		return repeated(trusted(out, sims), sims, targets)
	}
	best := make([][]float64, n+1)
	for i := range best {
		best[i] = make([]float64, m+1)
	}
	gain := func(i, j int) float64 {
		if sims[i][j] < minSimilarity {
			return -1
		}
		return scores[i][j] - minSimilarity + 0.1
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if g := gain(i, j); g > 0 {
				best[i][j] = max(best[i][j], g+best[i+1][j+1])
			}
		}
	}
	out := make([]match, n)
	taken := make([]bool, m)
	for i := range out {
		out[i].target = -1
	}
	for i, j := 0, 0; i < n && j < m; {
		g := gain(i, j)
		switch {
		case g > 0 && best[i][j] == g+best[i+1][j+1]:
			out[i] = match{target: j, sim: sims[i][j]}
			taken[j] = true
			i, j = i+1, j+1
		case best[i][j] == best[i+1][j]:
			i++
		default:
			j++
		}
	}
	for i := range out {
		if out[i].target >= 0 || labels[i].leaf.empty() {
			continue
		}
		at := -1
		for j := range targets {
			if !taken[j] && sims[i][j] >= sureSimilarity && (at < 0 || scores[i][j] > scores[i][at]) {
				at = j
			}
		}
		if at >= 0 {
			out[i] = match{target: at, sim: sims[i][at]}
			taken[at] = true
		}
	}
	place(out, taken, sims, byPlace)
	return repeated(trusted(out, sims), sims, targets)
}

// likenesses are how alike each label is to each target, and what that counts in an alignment.
func likenesses(labels []label, targets []target) (sims, scores [][]float64) {
	n, m := len(labels), len(targets)
	sims, scores = make([][]float64, n), make([][]float64, n)
	for i := range labels {
		sims[i] = make([]float64, m)
		scores[i] = make([]float64, m)
		for j := range targets {
			sims[i][j], scores[i][j] = likeness(labels[i], targets[j])
		}
		if labels[i].leaf.ranTogether(targets) {
			clear(sims[i])
			clear(scores[i])
			continue
		}
		if labels[i].leaf.together(targets) {
			for j := range sims[i] {
				if sims[i][j] < sureSimilarity {
					sims[i][j] = 0
				}
			}
			continue
		}
		if m > 0 && slices.Max(sims[i]) < minSimilarity {
			if j := tornFrom(labels[i].leaf, targets); j >= 0 {
				sims[i][j], scores[i][j] = tornSimilarity, tornSimilarity
			}
		}
	}
	return sims, scores
}

// tornSimilarity is the likeness of a piece out of the middle of a label, tornLength the least characters of one.
const tornSimilarity, tornLength = 0.7, 5

// tornFrom is the one target that a piece of a label is from: copies break labels at the ends of lines. It is -1 where there is
// none or several are like that.
func tornFrom(n name, targets []target) int {
	if len(n.full) < tornLength {
		return -1
	}
	at := -1
	for j, t := range targets {
		if !slices.ContainsFunc(t.names, func(m name) bool { return strings.Contains(string(m.full), string(n.full)) }) {
			continue
		}
		if at >= 0 {
			return -1
		}
		at = j
	}
	return at
}

// contradiction is how much more a label must be like another target than like the one at its place for the label to
// count against its place.
const contradiction = 0.3

// whole matches a table that has exactly as many labels as the form has targets, each to its own,
// unless a label surely says something else or hardly one of them can be read. Without byPlace there
// is nothing to gain: labels that were read are matched by their text.
func whole(sims [][]float64, byPlace func(i int) bool) []match {
	n := len(sims)
	if byPlace == nil || n == 0 || n != len(sims[0]) || n < 3 {
		return nil
	}
	out := make([]match, n)
	read := 0
	for i, row := range sims {
		best := 0.0
		for _, s := range row {
			best = max(best, s)
		}
		if best >= sureSimilarity && best > row[i]+contradiction {
			return nil
		}
		out[i] = match{target: i, sim: row[i]}
		if row[i] >= minSimilarity {
			read++
			continue
		}
		if row[i] >= halfSimilarity && row[i] == best {
			read++ // a part of a label, and of no other
		}
		if !byPlace(i) {
			return nil
		}
		out[i].placed = true
	}
	if read*leastRead < n {
		return nil
	}
	return out
}

// leastRead: one label in so many must have been read for the others to be taken by their places.
const leastRead = 4

// exchange is by how much two labels must be likelier as they are matched than exchanged.
const exchange = 0.15

// trusted says how surely each label is its target's. A label that was read well is as sure as its
// text. One that was not is sure when it could not change places with another such label: the
// others have theirs, or the two would be less like each other's targets. Else it is not: no sum
// would notice.
func trusted(ms []match, sims [][]float64) []match {
	for i := range ms {
		m := &ms[i]
		m.trust = m.sim
		if m.target < 0 || m.sim >= sureSimilarity {
			continue
		}
		m.trust = max(m.sim, sureSimilarity)
		for j, o := range ms {
			if i == j || o.target < 0 || o.sim >= sureSimilarity {
				continue
			}
			if sims[i][o.target]+sims[j][m.target]+exchange > m.sim+o.sim {
				m.trust = min(m.sim, placedTrust)
				break
			}
		}
	}
	return ms
}

// repeated lets labels vouch for each other where a form prints the same ones again and again, as each group of 表四 does, and every
// label stands in the form's order. A label that was read in one group tells its column in the others; and two columns could only
// have changed places in all groups at once.
func repeated(ms []match, sims [][]float64, targets []target) []match {
	n := period(targets)
	if n == 0 || len(ms) != len(targets) {
		return ms
	}
	best := make([]float64, n)
	for i, m := range ms {
		if m.target != i {
			return ms
		}
		best[i%n] = max(best[i%n], m.trust)
	}
	// alike is how alike the labels in one place are to the targets of another, over all groups.
	alike := func(a, b int) (sum float64) {
		for g := 0; g < len(ms); g += n {
			sum += sims[g+a][g+b]
		}
		return sum
	}
	sure := make([]bool, n)
	for a := range n {
		sure[a] = true
		for b := range n {
			if a != b && best[b] < sureSimilarity && alike(a, b)+alike(b, a)+exchange > alike(a, a)+alike(b, b) {
				sure[a] = false
			}
		}
	}
	for i := range ms {
		if ms[i].trust = best[i%n]; sure[i%n] {
			ms[i].trust = max(ms[i].trust, sureSimilarity)
		}
	}
	return ms
}

// period is after how many targets their labels come again in the same order; 0 where they do not.
func period(targets []target) int {
	for n := 2; n <= len(targets)/2; n++ {
		again := len(targets)%n == 0
		for i := n; again && i < len(targets); i++ {
			again = slices.Equal(targets[i].names[0].full, targets[i-n].names[0].full)
		}
		if again {
			return n
		}
	}
	return 0
}

// place gives runs of unmatched labels the targets left between their neighbours when there are
// exactly as many.
func place(out []match, taken []bool, sims [][]float64, byPlace func(i int) bool) {
	if byPlace == nil {
		return
	}
	for i := 0; i < len(out); {
		if out[i].target >= 0 || !byPlace(i) {
			i++
			continue
		}
		k := i
		for k < len(out) && out[k].target < 0 && byPlace(k) {
			k++
		}
		lo, hi := 0, len(taken)
		if i > 0 {
			if out[i-1].target < 0 {
				i = k
				continue
			}
			lo = out[i-1].target + 1
		}
		if k < len(out) {
			if out[k].target < 0 {
				i = k
				continue
			}
			hi = out[k].target
		}
		free := hi-lo == k-i && lo <= hi
		for j := lo; free && j < hi; j++ {
			free = !taken[j]
		}
		for d := 0; free && d < k-i; d++ {
			out[i+d] = match{target: lo + d, sim: sims[i+d][lo+d], placed: true}
			taken[lo+d] = true
		}
		i = k
	}
}
