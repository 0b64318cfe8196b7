package check

import "github.com/nianbao/nianbao/report"

// test sets the status of every relation.
//
// A blank counts as 0 in a sum. A relation is unknown where a cell of it is missing, where its sum
// is blank, or where it adds up sums that are themselves left blank although their parts are not
// (reports that fill the total column only at its foot), or when the table prints sums throughout
// and no parts (reports that fill the total column only).
func (s *sheet) test() {
	for _, t := range s.tables {
		blank := s.blankSums(t)
		bare := s.bareSums(t)
		for k := t.rel0; k < t.rel1; k++ {
			s.testOne(k, blank, bare)
		}
	}
}

func (s *sheet) testOne(k int, blank map[int]bool, bare map[string]bool) {
	r := &s.rels[k]
	r.status = report.Unknown
	for _, i := range r.cells() {
		if s.cells[i].state == missing || blank[i] {
			return
		}
	}
	var l, rt report.Number
	var nl, nr int
	l, nl = s.sum(r.left)
	rt, nr = s.sum(r.right)
	if nr == 0 || nl == 0 && (r.AtMost || bare[r.Rule] && !rt.IsZero()) {
		return
	}
	r.l, r.r = l, rt
	r.status = report.Fail
	if l.Equal(rt.Decimal) || r.AtMost && l.LessThan(rt.Decimal) {
		r.status = report.Pass
	}
}

// sum of cells, and how many of them print a number, or may.
func (s *sheet) sum(cells []int) (report.Number, int) {
	var t report.Number
	n := 0
	for _, i := range cells {
		if s.cells[i].state == number {
			t = t.Plus(s.cells[i].value)
			n++
		} else if s.cells[i].faint {
			n++
		}
	}
	return t, n
}

// blankSums are the cells that print nothing although they are the sum of parts that do.
func (s *sheet) blankSums(t span) map[int]bool {
	out := map[int]bool{}
	for k := t.rel0; k < t.rel1; k++ {
		r := &s.rels[k]
		if !r.equation() || len(r.right) != 1 || s.cells[r.right[0]].state != nothing || s.cells[r.right[0]].faint {
			continue
		}
		if l, _ := s.sum(r.left); !l.IsZero() {
			out[r.right[0]] = true
		}
	}
	return out
}

// bareSums are the rules whose parts are blank wherever their sum is not 0: parts that the report
// does not tell, not parts that are 0. One such sum alone may be a misprint.
func (s *sheet) bareSums(t span) map[string]bool {
	sums := map[string]int{}
	told := map[string]bool{}
	for k := t.rel0; k < t.rel1; k++ {
		r := &s.rels[k]
		if rt, n := s.sum(r.right); n == 0 || rt.IsZero() {
			continue
		}
		sums[r.Rule]++
		if _, n := s.sum(r.left); n > 0 {
			told[r.Rule] = true
		}
	}
	out := map[string]bool{}
	for rule, n := range sums {
		out[rule] = n > 1 && !told[rule]
	}
	return out
}

// checks are the entries of the output: the relations in the order of the form, and for each table
// the rule NN, that its values are numbers of the right kind.
func (s *sheet) checks() []report.Check {
	out := []report.Check{}
	for _, t := range s.tables {
		for k := t.rel0; k < t.rel1; k++ {
			r := &s.rels[k]
			c := report.Check{Rule: r.Rule, Scope: r.Scope, Severity: r.Severity, Status: r.status, Relation: "="}
			if r.AtMost {
				c.Relation = "<="
			}
			if r.status != report.Unknown {
				left, right := r.l, r.r
				c.Left, c.Right = &left, &right
			}
			c.Cells = append(append(c.Cells, r.Left...), r.Right...)
			out = append(out, c)
		}
		out = append(out, s.nonNegative(t))
	}
	return out
}

// ruleNN is the rule that counts are whole and not negative.
const ruleNN = "NN"

// nonNegative tests the rule NN of one table. Left is the value that breaks it, or the least one.
func (s *sheet) nonNegative(t span) report.Check {
	c := report.Check{Rule: ruleNN, Scope: t.key, Severity: "error", Status: report.Unknown, Relation: ">=", Cells: []string{}}
	var least *report.Number
	for i := t.cell0; i < t.cell1; i++ {
		x := &s.cells[i]
		if x.state != number {
			continue
		}
		v := x.value
		if !x.valid(v) {
			if len(c.Cells) == 0 {
				least = &v
			}
			c.Cells = append(c.Cells, x.field.Path)
			c.Status = report.Fail
		}
		if !x.field.Signed && len(c.Cells) == 0 && (least == nil || v.LessThan(least.Decimal)) {
			least = &v
		}
	}
	if c.Status != report.Fail && least != nil {
		c.Status = report.Pass
	}
	if c.Status != report.Unknown {
		zero := report.Int(0)
		c.Left, c.Right = least, &zero
	}
	return c
}

// valid says that a value is of the field's kind.
func (c *cell) valid(v report.Number) bool {
	return (c.field.Signed || !v.IsNegative()) && (c.field.Decimal || v.IsInteger())
}
