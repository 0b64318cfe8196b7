package check_test

import (
	"slices"
	"testing"

	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/report"
)

// TestSecondReader: a value that no sum covers stands when two readers agree on it, with decimals
// as without.
func TestSecondReader(t *testing.T) {
	tests := []struct {
		path, raw, second string
		review            bool
		reason            string
	}{
		{"/tables/proactive_disclosure/fees/amount_wan_yuan", "769.55", "769.55", false, "money has decimals"},
		{"/tables/proactive_disclosure/fees/amount_wan_yuan", "769.55", "769.56", true, ""},
		{"/tables/proactive_disclosure/licensing/decisions", "12", "12", false, ""},
		{"/tables/proactive_disclosure/licensing/decisions", "12", "2", true, ""},
	}
	for _, tt := range tests {
		sure := 0.9995
		page := 1
		f := report.ParseFigure(tt.raw)
		r := &report.Report{Form: "2021", Forms: map[string]string{"proactive_disclosure": "2021"}}
		r.Tables.Set(tt.path, report.Value{Number: f.Number})
		r.Cells = []report.Cell{{Path: tt.path, Raw: tt.raw, Mark: f.Mark, Origin: report.OriginOCR, Page: &page, ReadConfidence: &sure, Confidence: sure}}
		if want := check.Wants(r, form.Set{}); !slices.Contains(want, tt.path) {
			t.Errorf("%s is not wanted by a second reader", tt.path)
		}
		r.Cells[0].Second = &tt.second
		check.Run(r, form.Set{}, nil)
		got := slices.ContainsFunc(r.Review, func(v report.Review) bool { return v.Path == tt.path })
		if got != tt.review {
			t.Errorf("%q and %q: in review %v, confidence %v (%s)", tt.raw, tt.second, got, r.Cells[0].Confidence, tt.reason)
		}
	}
}

// TestTextLayerAgainstPage: where the page shows another number than its text layer says, a person
// must look; the value stays what the layer says.
func TestTextLayerAgainstPage(t *testing.T) {
	path := "/tables/proactive_disclosure/licensing/decisions"
	n := report.Int(10)
	page, shown := 1, "19"
	r := &report.Report{Form: "2021", Forms: map[string]string{"proactive_disclosure": "2021"}}
	r.Tables.Set(path, report.Value{Number: &n})
	r.Cells = []report.Cell{{Path: path, Raw: "10", Mark: report.MarkNumber, Origin: report.OriginText, Page: &page, Confidence: 1}}
	if !slices.Contains(check.Wants(r, form.Set{}), path) {
		t.Fatal("nobody looks at the page")
	}
	r.Cells[0].Second = &shown
	check.Run(r, form.Set{}, nil)
	if !slices.ContainsFunc(r.Review, func(v report.Review) bool { return v.Path == path }) {
		t.Error("the lie is not in review")
	}
	if v, _ := r.Tables.Value(path); v.Number.String() != "10" {
		t.Errorf("the value became %s", v.Number)
	}
}

// TestWants: what is read surely and held by a sum needs no second reader, under a seal or not; what is in
// doubt, and what no sum holds, does.
func TestWants(t *testing.T) {
	const held, lone = t3 + "granted/natural_person", "/tables/proactive_disclosure/rules/issued"
	for _, tt := range []struct {
		name string
		path string
		edit func(c *report.Cell)
		want bool
	}{
		{"sure and held", held, func(*report.Cell) {}, false},
		{"under a seal", held, func(c *report.Cell) { c.Seal = true }, false},
		{"in doubt", held, func(c *report.Cell) { p := 0.9; c.ReadConfidence = &p }, true},
		{"held by no sum", lone, func(*report.Cell) {}, true},
		{"read twice", lone, func(c *report.Cell) { c.Second = &c.Raw }, false},
	} {
		r := scan()
		c := r.Cell(tt.path)
		c.Second = nil
		tt.edit(c)
		if got := slices.Contains(check.Wants(r, form.Set{}), tt.path); got != tt.want {
			t.Errorf("%s: wanted %v", tt.name, got)
		}
	}
}
