package check

import (
	"github.com/nianbao/nianbao/report"
)

// exchanged are the cells that may stand in each other's place: rows, or columns, of which at least
// two have labels that were hardly read, where exchanging two of them changes a value and no sum
// notices it. The weight is how little of the labels was read.
func (s *sheet) exchanged(r *report.Report) map[int]float64 {
	out := map[int]float64{}
	for _, t := range s.tables {
		rows, cols := lines{}, lines{}
		for i := t.cell0; i < t.cell1; i++ {
			ev := s.evidence(r, i)
			if ev == nil {
				continue
			}
			label := ev.Label
			if label == 0 {
				label = 1
			}
			f := &s.cells[i].field
			rows.add(f.Row.Key, f.Col.Key, i, label)
			cols.add(f.Col.Key, f.Row.Key, i, label)
		}
		s.exchange(t, rows, out)
		s.exchange(t, cols, out)
	}
	return out
}

// lines are the rows of a table, or its columns: cells by their place in the line. The label of a
// line is the best of its cells': a cell has the poorer one of its row's and its column's.
type lines struct {
	keys  []string
	cells []map[string]int
	label []float64
}

func (l *lines) add(key, place string, cell int, label float64) {
	for k := range l.keys {
		if l.keys[k] == key {
			l.cells[k][place] = cell
			l.label[k] = max(l.label[k], label)
			return
		}
	}
	l.keys = append(l.keys, key)
	l.cells = append(l.cells, map[string]int{place: cell})
	l.label = append(l.label, label)
}

// exchange finds the pairs of doubtful lines that no sum tells apart.
func (s *sheet) exchange(t span, l lines, out map[int]float64) {
	for a := range l.keys {
		for b := a + 1; b < len(l.keys) && l.label[a] < minLabel; b++ {
			if l.label[b] >= minLabel {
				continue
			}
			var differ [][2]int
			for place, i := range l.cells[a] {
				if j, ok := l.cells[b][place]; ok && !s.same(i, j) {
					differ = append(differ, [2]int{i, j})
				}
			}
			if len(differ) == 0 || s.notices(t, differ) {
				continue
			}
			for _, d := range differ {
				out[d[0]] = max(out[d[0]], 1-l.label[a])
				out[d[1]] = max(out[d[1]], 1-l.label[b])
			}
		}
	}
}

func (s *sheet) same(i, j int) bool {
	a, b := &s.cells[i], &s.cells[j]
	return a.state == b.state && (a.state != number || a.value.Equal(b.value.Decimal))
}

// notices says whether an equation that holds would fail with the pairs of cells exchanged.
func (s *sheet) notices(t span, pairs [][2]int) bool {
	swap := func() {
		for _, p := range pairs {
			a, b := &s.cells[p[0]], &s.cells[p[1]]
			a.state, b.state = b.state, a.state
			a.value, b.value = b.value, a.value
		}
	}
	held := make([]report.Status, 0, t.rel1-t.rel0)
	for k := t.rel0; k < t.rel1; k++ {
		held = append(held, s.rels[k].status)
	}
	swap()
	defer func() {
		swap()
		s.test()
	}()
	s.test()
	for k := t.rel0; k < t.rel1; k++ {
		if s.rels[k].equation() && held[k-t.rel0] == report.Pass && s.rels[k].status == report.Fail {
			return true
		}
	}
	return false
}
