package form_test

import (
	"testing"

	"github.com/nianbao/nianbao/form"
)

// TestForms proves that every relation of every form speaks of fields that exist, and that no path
// names two numbers.
func TestForms(t *testing.T) {
	if len(form.Official().All()) < 3 {
		t.Fatalf("%d forms", len(form.Official().All()))
	}
	for _, f := range form.Official().All() {
		for i := range f.Tables {
			tab := &f.Tables[i]
			fields := map[string]bool{}
			for _, x := range tab.Fields() {
				if fields[x.Path] {
					t.Errorf("%s: %s twice", f.Name, x.Path)
				}
				fields[x.Path] = true
			}
			for _, r := range tab.Relations() {
				if len(r.Left) == 0 || len(r.Right) == 0 {
					t.Errorf("%s: %s %s has an empty side", f.Name, r.Rule, r.Scope)
				}
				for _, p := range append(append([]string{}, r.Left...), r.Right...) {
					if !fields[p] {
						t.Errorf("%s: %s %s speaks of %s, which is no field", f.Name, r.Rule, r.Scope, p)
					}
				}
			}
		}
	}
}

func TestCounts(t *testing.T) {
	tests := []struct {
		form, table       string
		fields, relations int
		reason            string
	}{
		{"2021", "proactive_disclosure", 10, 0, "forms.md 2.1: 10 values"},
		{"2021", "requests", 175, 25 + 7 + 7, "forms.md 2.2: 25 rows of 7; 39 equations"},
		{"2021", "review_and_litigation", 15, 3, "forms.md 2.3"},
		{"2019", "proactive_disclosure", 22, 0, "forms.md 3.1: 22 values"},
		{"2019", "requests", 161, 23 + 7 + 7, "23 rows of 7"},
		{"2014", "statistics", 58, 24, "65 rows less 7 headings; B1 to B11"},
	}
	for _, tt := range tests {
		tab := form.Official().Get(tt.form).Table(tt.table)
		if n := len(tab.Fields()); n != tt.fields {
			t.Errorf("%s %s: %d fields, want %d (%s)", tt.form, tt.table, n, tt.fields, tt.reason)
		}
		if n := len(tab.Relations()); n != tt.relations {
			t.Errorf("%s %s: %d relations, want %d (%s)", tt.form, tt.table, n, tt.relations, tt.reason)
		}
	}
}
