package check_test

import (
	"reflect"
	"testing"

	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/report"
)

// printIn lets a cell of a field print a text, under a page's word for its unit.
func printIn(r *report.Report, path, raw string, f figure.Field) {
	print(r, path, raw)
	x, c := report.FigureIn(f, raw), r.Cell(path)
	c.Mark, c.Note, c.Unit = x.Mark, x.Note, f.Stated
	r.Tables.Set(path, report.Value{Number: x.Number})
}

// TestFigures: what a figure leaves open a person is shown, unless a sum settles it. Whatever is read, checking the
// result again finds no fault and changes nothing.
func TestFigures(t *testing.T) {
	const fees = "/tables/proactive_disclosure/fees/amount_wan_yuan"
	const licensing = "/tables/proactive_disclosure/licensing/decisions"
	count, wan := figure.Field{Unit: figure.Count}, figure.Field{Unit: "万元"}
	tests := []struct {
		reason string
		edit   func(r *report.Report)
		values map[string]string
		review []string
	}{
		{"元 in a field of 万元", func(r *report.Report) { printIn(r, fees, "251000元", wan) },
			map[string]string{fees: "25.1"}, []string{"proactive_disclosure/fees/amount_wan_yuan unit"}},
		{"a heading in 元", func(r *report.Report) { printIn(r, fees, "251000", figure.Field{Unit: "万元", Stated: "元"}) },
			map[string]string{fees: "25.1"}, []string{"proactive_disclosure/fees/amount_wan_yuan unit"}},
		{"the field's own unit", func(r *report.Report) { printIn(r, fees, "25.1万元", wan) }, map[string]string{fees: "25.1"}, nil},
		{"a count in 万", func(r *report.Report) { printIn(r, licensing, "12万", count) },
			map[string]string{licensing: "120000"}, []string{"proactive_disclosure/licensing/decisions unit"}},
		{"money in a count", func(r *report.Report) { printIn(r, licensing, "12元", count) },
			map[string]string{licensing: "null"}, []string{"proactive_disclosure/licensing/decisions unit"}},
		{"about so many", func(r *report.Report) { printIn(r, licensing, "12万余", count) },
			map[string]string{licensing: "null"}, []string{"proactive_disclosure/licensing/decisions low_confidence"}},
		{"two numbers that no sum contains", func(r *report.Report) { printIn(r, licensing, "12\n34", count) },
			map[string]string{licensing: "null"}, []string{"proactive_disclosure/licensing/decisions low_confidence"}},
		{"a blank between thousands that no sum contains", func(r *report.Report) { printIn(r, licensing, "1 234", count) },
			map[string]string{licensing: "1234"}, []string{"proactive_disclosure/licensing/decisions low_confidence"}},
		{"a blank between thousands that sums contain", func(r *report.Report) {
			requests(r, map[string]int{"granted/natural_person": 1234})
			printIn(r, t3+"granted/natural_person", "1 234", count)
		}, map[string]string{t3 + "granted/natural_person": "1234"}, nil},
		{"一 that no sum contains", func(r *report.Report) { printIn(r, licensing, "一", count) },
			map[string]string{licensing: "null"}, []string{"proactive_disclosure/licensing/decisions low_confidence"}},
		{"一 in sums that hold with nothing", func(r *report.Report) { printIn(r, t3+"granted/business", "一", count) },
			map[string]string{t3 + "granted/business": "null"}, nil},
		{"a number that a cell broke, and the sums prove it", func(r *report.Report) {
			requests(r, map[string]int{"granted/natural_person": 11398889, "unable_not_held/natural_person": 5})
			printIn(r, t3+"granted/natural_person", "113988\n89", count)
			printIn(r, t3+"granted/total", "113988\n89", count)
		}, map[string]string{t3 + "granted/natural_person": "11398889", t3 + "granted/total": "11398889"}, nil},
		{"two numbers in a cell of sums", func(r *report.Report) {
			requests(r, map[string]int{"granted/natural_person": 12, "granted/business": 3})
			printIn(r, t3+"granted/natural_person", "12\n34", count)
		}, map[string]string{t3 + "granted/natural_person": "null"}, []string{"requests/granted/natural_person low_confidence"}},
		{"two numbers side by side are never one, whatever the sums say", func(r *report.Report) {
			requests(r, map[string]int{"granted/natural_person": 35})
			printIn(r, t3+"granted/natural_person", "3 5", count)
		}, map[string]string{t3 + "granted/natural_person": "null"}, []string{"requests/granted/natural_person low_confidence"}},
		{"in words", func(r *report.Report) { printIn(r, licensing, "一百零三", count) }, map[string]string{licensing: "103"}, nil},
		{"the mark of a note", func(r *report.Report) { printIn(r, licensing, "12①", count) }, map[string]string{licensing: "12"}, nil},
		{"a mark alone", func(r *report.Report) { printIn(r, licensing, "①", count) },
			map[string]string{licensing: "null"}, []string{"proactive_disclosure/licensing/decisions low_confidence"}},
	}
	for _, tt := range tests {
		r := blank("2021", "proactive_disclosure", "requests", "review_and_litigation")
		tt.edit(r)
		prove(t, r, nil)
		if got := reviewed(r); !reflect.DeepEqual(got, tt.review) {
			t.Errorf("%s: review %v, want %v", tt.reason, got, tt.review)
		}
		for p, want := range tt.values {
			if got := value(r, p); got != want {
				t.Errorf("%s: %s is %s, want %s", tt.reason, p, got, want)
			}
		}
		if _, problems := check.Recheck(r, form.Set{}); len(problems) > 0 {
			t.Errorf("%s: checked again: %v", tt.reason, problems)
		}
		before := encode(t, r)
		prove(t, r, nil)
		if string(encode(t, r)) != string(before) {
			t.Errorf("%s: running again changes something", tt.reason)
		}
	}
}

// TestFiguresOfLocalRows: a local row's unit is what its own row says.
func TestFiguresOfLocalRows(t *testing.T) {
	r := blank("2021", "proactive_disclosure")
	path, unit := "/tables/local/0/value", "元"
	r.Cells = append(r.Cells, report.Cell{Path: path, Origin: report.OriginText})
	r.Tables.Set("/tables/local/0/unit", report.Value{Text: &unit})
	printIn(r, path, "25.1万元", figure.Field{Unit: unit})
	prove(t, r, nil)
	if got := value(r, path); got != "251000" {
		t.Errorf("%s, want 251000", got)
	}
	if got := reviewed(r); !reflect.DeepEqual(got, []string{"local/0/value unit"}) {
		t.Errorf("review %v", got)
	}
	if _, problems := check.Recheck(r, form.Set{}); len(problems) > 0 {
		t.Errorf("checked again: %v", problems)
	}
}
