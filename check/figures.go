package check

import (
	"strings"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/report"
)

// figures says what is known of the place where each value stands, by its path: what its texts mean hangs on that.
type figures map[string]figure.Field

// figuresOf the values of a report that have evidence.
func figuresOf(r *report.Report, forms form.Set) figures {
	out := make(figures, len(r.Cells))
	rows := map[string]figure.Field{} // of statistics, by their keys
	for _, key := range r.Tables.Keys {
		t := forms.Table(r.Forms[key], key)
		if t == nil {
			continue
		}
		for _, f := range t.Fields() {
			unit := f.Unit()
			switch {
			case f.Col.UnitKey != "":
				unit = beside(r, f.Path, f.Col.UnitKey)
			case unit == "":
				unit = figure.Count
			}
			out[f.Path] = figure.Field{Unit: unit, Signed: f.Signed}
			rows[f.Row.Key] = out[f.Path]
		}
	}
	for i := range r.Cells {
		ev := &r.Cells[i]
		f, ok := out[ev.Path]
		table, key, _ := strings.Cut(strings.TrimPrefix(ev.Path, "/tables/"), "/")
		switch {
		case ok:
		case table == form.LocalName:
			f.Unit = beside(r, ev.Path, "unit")
		case table == form.CumulativeName || table == form.PeriodName:
			f = rows[key]
		}
		f.Stated, f.Pixels = ev.Unit, ev.Origin == report.OriginOCR
		out[ev.Path] = f
	}
	return out
}

// beside is the text of another member of the object that a value is in.
func beside(r *report.Report, path, member string) string {
	v, _ := r.Tables.Value(path[:strings.LastIndex(path, "/")+1] + member)
	if v.Text == nil {
		return ""
	}
	return *v.Text
}

// of gives what a reading of a cell says.
func (fs figures) of(ev *report.Cell, raw string) report.Figure {
	return report.FigureIn(fs[ev.Path], raw)
}

// reads says that a reading of a cell has the value. A number that was broken over lines has it as a whole, which
// the sums found; see whole.
func (fs figures) reads(ev *report.Cell, raw string, v report.Value) bool {
	f := fs.of(ev, raw)
	if all, broken := figure.Broken(raw); broken && f.Number == nil && v.Number != nil {
		f = fs.of(ev, all)
	}
	if f.Number == nil || v.Number == nil {
		return f.Number == nil && v.Number == nil
	}
	return f.Number.Equal(v.Number.Decimal)
}

// whole takes the lines of a cell for one number where the sums prove that it is one which the cell broke: every
// sum that it is in holds with it, and there is one. The statuses of the relations are then those with it.
func (s *sheet) whole(r *report.Report, fs figures) {
	broken := map[int]report.Figure{}
	for i := range s.cells {
		ev := s.evidence(r, i)
		if ev == nil || readable(ev) || ev.Verdict == report.Confirmed || s.cells[i].state != missing || ev.Mark != report.MarkText {
			continue
		}
		all, ok := figure.Broken(ev.Raw)
		if !ok {
			continue
		}
		if f := fs.of(ev, all); f.Number != nil {
			broken[i] = f
			s.cells[i].set(f)
		}
	}
	for tried := len(broken) > 0; tried; {
		tried = false
		s.test()
		for i := range broken {
			if hold, fail := s.count(i); hold == 0 || fail > 0 {
				s.cells[i].state = missing
				delete(broken, i)
				tried = true
			}
		}
	}
	for i, f := range broken {
		ev := s.evidence(r, i)
		ev.Mark, ev.Note = f.Mark, f.Note
		r.Tables.Set(ev.Path, report.Value{Number: f.Number})
	}
}
