package export

import (
	"slices"
	"strings"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/wording"
	"github.com/nianbao/nianbao/report"
)

// Equation says an equation as a person says it: the words of its rule, and the row or the column that it is of.
func Equation(forms form.Set, r *report.Report, c report.Check) (rule, of string) {
	t := TableOf(forms, r, c)
	if rel := Relation(t, c); rel != nil && rel.Words != "" {
		rule = rel.Words
	} else {
		rule = "分项之和 = 合计"
	}
	if t == nil {
		return rule, c.Scope
	}
	var rows, cols []string
	for _, f := range t.Fields() {
		if !slices.Contains(c.Cells, f.Path) {
			continue
		}
		if row := rowLabel(f.Row); !slices.Contains(rows, row) {
			rows = append(rows, row)
		}
		if col := colLabel(f.Col); !slices.Contains(cols, col) {
			cols = append(cols, col)
		}
	}
	switch {
	case len(rows) == 1 && rows[0] != "":
		return rule, rows[0]
	case len(cols) == 1 && cols[0] != "":
		return rule, cols[0]
	case len(rows) > 0:
		// The numbers of one band have what they stand in in common.
		return rule, common(rows)
	}
	return rule, ""
}

// common is the groups that all labels have.
func common(labels []string) string {
	shared := strings.Split(labels[0], " / ")
	for _, l := range labels[1:] {
		parts := strings.Split(l, " / ")
		n := 0
		for n < len(shared) && n < len(parts) && shared[n] == parts[n] {
			n++
		}
		shared = shared[:n]
	}
	return strings.Join(shared, " / ")
}

// TableOf is the form's table that a check is of, or nil.
func TableOf(forms form.Set, r *report.Report, c report.Check) *form.Table {
	if len(c.Cells) == 0 {
		return nil
	}
	key, _, _ := strings.Cut(strings.TrimPrefix(c.Cells[0], "/tables/"), "/")
	return forms.Table(r.Forms[key], key)
}

// Relation finds a check's equation in its table, which may be nil.
func Relation(t *form.Table, c report.Check) *form.Relation {
	if t == nil {
		return nil
	}
	for _, rel := range t.Relations() {
		if rel.Rule == c.Rule && rel.Scope == c.Scope {
			return &rel
		}
	}
	return nil
}

// Named says what stands for an equation in a text, its rule and its scope, as a person says it.
func Named(forms form.Set, r *report.Report, text string) string {
	for _, c := range r.Checks {
		key := strings.TrimSpace(c.Rule + " " + c.Scope)
		if key == "" || !strings.Contains(text, key) {
			continue
		}
		rule, of := Equation(forms, r, c)
		if of != "" {
			rule = "“" + of + "”" + rule
		}
		for _, end := range []string{":", ",", ";", " ", "，", "；"} {
			text = strings.ReplaceAll(text, key+end, rule+end)
		}
		if rest, ok := strings.CutSuffix(text, key); ok {
			text = rest + rule
		}
	}
	return text
}

// Detail says in Chinese what a person is to look for, as an entry of a report's review has it.
func Detail(forms form.Set, r *report.Report, v report.Review) string {
	words := wording.In(wording.Chinese)
	parts := strings.Split(v.Detail, "; ")
	for i, p := range parts {
		head, rest, ok := strings.Cut(p, ": ")
		if named := Named(forms, r, head); ok && named != head {
			parts[i] = named + "：" + words.Text(rest)
			continue
		}
		parts[i] = words.Text(p)
	}
	return strings.Join(parts, "；")
}
