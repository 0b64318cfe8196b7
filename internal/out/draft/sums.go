package draft

import (
	"regexp"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/report"
)

var (
	totalLabel = regexp.MustCompile(`(合计|总计|小计|总数|共计|总量|总额|累计)(数)?$`)
	partLabel  = regexp.MustCompile(`^其中`)
)

func isTotal(label string) bool { return totalLabel.MatchString(bare(label)) }

// isPart says that a label is of some of what the row above counts.
func isPart(label string) bool { return partLabel.MatchString(strings.TrimSpace(label)) }

// lines are rows or columns, with a number of each for each of the others.
type lines struct {
	list []line
	of   int // how many numbers each has
	at   func(line, i int) *report.Number
}

// holds says whether a line is the sum of others in all of its numbers; proofs counts the numbers that prove
// it, which are not 0, and parts the most parts of one that are not 0.
func (l *lines) holds(parts []int, total int) (holds bool, proofs, most int) {
	for i := range l.of {
		var sum report.Number
		n := 0
		for _, p := range parts {
			if x := l.at(p, i); x != nil {
				sum = sum.Plus(*x)
				if !x.IsZero() {
					n++
				}
			}
		}
		t := l.at(total, i)
		if t == nil {
			if n > 0 {
				return false, 0, 0
			}
			continue
		}
		if !sum.Equal(t.Decimal) {
			return false, 0, 0
		}
		if !t.IsZero() {
			proofs++
			most = max(most, n)
		}
	}
	return true, proofs, most
}

// empty says that no number is printed.
func (l *lines) empty() bool {
	for k := range l.list {
		for i := range l.of {
			if l.at(k, i) != nil {
				return false
			}
		}
	}
	return true
}

// Numbers that prove a sum: one with two parts where the label says that it is one, three where nothing but
// the numbers does, since any two small numbers may be the sum of others once.
const provenUnnamed = 3

// sumOf finds the lines that a line is the sum of. guess are the likeliest ones where no number proves any.
func (l *lines) sumOf(total int) (parts, guess []int) {
	named := isTotal(l.list[total].label)
	for _, parts := range l.candidates(total) {
		if len(parts) < 2 {
			continue
		}
		if guess == nil && named {
			guess = parts
		}
		holds, proofs, most := l.holds(parts, total)
		if holds && most > 1 && (named || proofs >= provenUnnamed) {
			return parts, nil
		}
	}
	return nil, guess
}

// candidates are the lines that a line may be the sum of, the likeliest first: those of which it is the group,
// those before it of its own groups, those after it, those before it back to another sum, the sums before it.
func (l *lines) candidates(total int) [][]int {
	t := l.list[total]
	plain := func(k int) bool { return k != total && !isPart(l.list[k].label) }
	var children, before, after, run, sums, others []int
	for k, x := range l.list {
		if plain(k) && len(x.groups) > 0 && bare(x.groups[len(x.groups)-1]) == bare(t.label) {
			children = append(children, k)
		}
		if plain(k) && k < total && isTotal(x.label) {
			sums = append(sums, k)
		}
		if plain(k) && !isTotal(x.label) {
			others = append(others, k)
		}
	}
	for k := total - 1; k >= 0 && slices.Equal(l.list[k].groups, t.groups) && !isTotal(l.list[k].label); k-- {
		if plain(k) {
			before = append([]int{k}, before...)
		}
	}
	for k := total + 1; k < len(l.list) && slices.Equal(l.list[k].groups, t.groups) && !isTotal(l.list[k].label); k++ {
		if plain(k) {
			after = append(after, k)
		}
	}
	for k := total - 1; k >= 0 && !isTotal(l.list[k].label); k-- {
		if plain(k) {
			run = append([]int{k}, run...)
		}
	}
	out := [][]int{children, before, after, run, sums, others}
	// Where the label says nothing, runs directly before and after are tried, too.
	for n := 2; n < len(before); n++ {
		out = append(out, before[len(before)-n:])
	}
	for n := 2; n < len(after); n++ {
		out = append(out, after[:n])
	}
	return out
}

// equations adds those that the numbers prove, and notes those that only a label announces.
func (d *Draft) equations(g *grid, t *form.Table) {
	columns := &lines{g.columns, len(g.rows), func(k, i int) *report.Number { return g.numbers[i][k] }}
	rows := &lines{g.rows, len(g.columns), func(k, i int) *report.Number { return g.numbers[k][i] }}
	var columnKeys, rowKeys []string
	for _, c := range t.Columns {
		columnKeys = append(columnKeys, c.Key)
	}
	for _, r := range t.Rows {
		rowKeys = append(rowKeys, r.Key)
	}
	if rows.empty() {
		d.note("/tables/%d: no number is printed, so that no equation is proven; a filled-in table proves some", len(d.Form.Tables))
	}
	var found []form.Equation
	if len(g.rows) == 1 && t.Rows[0].Key == "" {
		found = d.sums(columns, columnKeys, "")
	} else {
		if len(g.columns) > 1 {
			found = d.sums(columns, columnKeys, "rows")
		}
		each := "columns"
		if len(g.columns) == 1 {
			each = ""
		}
		found = append(found, d.sums(rows, rowKeys, each)...)
		found = append(found, parts(rows, rowKeys, each)...)
	}
	names := map[string]bool{}
	for i := range found {
		found[i].Rule = d.Form.Name + "." + found[i].Rule
		for names[found[i].Rule] {
			found[i].Rule += "_"
		}
		names[found[i].Rule] = true
	}
	t.Equations = found
}

// sums are the equations of lines that are sums of others.
func (d *Draft) sums(l *lines, keys []string, each string) []form.Equation {
	var out []form.Equation
	for total := range l.list {
		parts, guess := l.sumOf(total)
		if parts == nil {
			if guess != nil {
				d.note("/tables/%d: not proven: %s", len(d.Form.Tables), l.words(guess, "=", total))
			}
			continue
		}
		e := form.Equation{Rule: keys[total], Words: l.words(parts, "=", total), Severity: "error", Each: each, Right: []string{keys[total]}}
		for _, p := range parts {
			e.Left = append(e.Left, keys[p])
		}
		out = append(out, e)
	}
	return out
}

// parts are the inequalities of lines that are 其中 of the line before.
func parts(l *lines, keys []string, each string) []form.Equation {
	var out []form.Equation
	for k, x := range l.list {
		whole := k - 1
		for whole >= 0 && isPart(l.list[whole].label) {
			whole--
		}
		if !isPart(x.label) || whole < 0 {
			continue
		}
		holds, proofs := true, 0
		for i := range l.of {
			a, b := l.at(k, i), l.at(whole, i)
			if a == nil || a.IsZero() {
				continue
			}
			proofs++
			holds = holds && b != nil && a.LessThanOrEqual(b.Decimal)
		}
		if holds && proofs > 0 {
			out = append(out, form.Equation{Rule: keys[k], Words: l.words([]int{k}, "≤", whole), Severity: "error", Relation: "<=", Each: each,
				Left: []string{keys[k]}, Right: []string{keys[whole]}})
		}
	}
	return out
}

// words say an equation as a person does.
func (l *lines) words(left []int, relation string, right int) string {
	var names []string
	for _, k := range left {
		names = append(names, bare(l.list[k].label))
	}
	return strings.Join(names, " + ") + " " + relation + " " + bare(l.list[right].label)
}
