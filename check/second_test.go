package check_test

import (
	"context"
	"errors"
	"slices"
	"strings"
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
		{"/tables/proactive_disclosure/licensing/decisions", "12", "12.", false, "dirt at its edge"},
		{"/tables/proactive_disclosure/licensing/decisions", "12", "1.2", true, "a point within it is none"},
	}
	for _, tt := range tests {
		sure := 0.9995
		page := 1
		f := report.ParseFigure(tt.raw)
		r := &report.Report{Form: "2021", Forms: map[string]string{"proactive_disclosure": "2021"}}
		r.Tables.Set(tt.path, report.Value{Number: f.Number})
		r.Cells = []report.Cell{{Path: tt.path, Raw: tt.raw, Mark: f.Mark, Origin: report.OriginOCR, Page: &page, ReadConfidence: &sure, Confidence: sure}}
		asked := 0
		prove(t, r, reader{second: func(string) string { asked++; return tt.second }})
		if asked != 1 || r.Cells[0].Second == nil || *r.Cells[0].Second != tt.second {
			t.Errorf("%s: a second reader was asked %d times, and %v was kept", tt.path, asked, r.Cells[0].Second)
		}
		got := slices.ContainsFunc(r.Review, func(v report.Review) bool { return v.Path == tt.path })
		if got != tt.review {
			t.Errorf("%q and %q: in review %v, confidence %v (%s)", tt.raw, tt.second, got, r.Cells[0].Confidence, tt.reason)
		}
	}
}

// TestLookAlone: a number that no sum covers and that its readers doubt or differ over is looked at again. Two looks may clear it, where
// the readers agree; where they differ, two looks and a third reader.
func TestLookAlone(t *testing.T) {
	const lone = "/tables/proactive_disclosure/rules/issued"
	for _, tt := range []struct {
		name          string
		raw           string
		first         float64
		rivals        []report.Candidate
		second, third string
		again         []report.Candidate
		walls         bool
		looks         int
		review        bool
	}{
		{"sure, and read alike", "12", 0.9999, nil, "12", "", nil, false, 0, false},
		{"a note that the second reader spells otherwise", "9(□□□4□)", 0.999, nil, "9.(其中□4件)", "", nil, false, 0, false},
		{"another number before the note", "9(□□□4□)", 0.999, nil, "8(其中□4件)", "", nil, false, 1, true},
		{"dim, and clear at a second look", "12", 0.98, []report.Candidate{{Raw: "72", Probability: 0.02}}, "12", "", []report.Candidate{{Raw: "12", Probability: 0.9999}}, false, 1, false},
		{"dim at both looks", "12", 0.9, []report.Candidate{{Raw: "72", Probability: 0.1}}, "12", "", []report.Candidate{{Raw: "12", Probability: 0.8}, {Raw: "72", Probability: 0.2}}, false, 1, true},
		{"readers that differ, and a third one that agrees", "12", 0.9999, nil, "2", "12", []report.Candidate{{Raw: "12", Probability: 0.9999}}, false, 1, false},
		{"readers that differ, all three", "12", 0.9999, nil, "2", "72", []report.Candidate{{Raw: "12", Probability: 0.9999}}, false, 1, true},
		{"a third one that agrees with a reading that is dim", "12", 0.9, []report.Candidate{{Raw: "2", Probability: 0.1}}, "2", "12", []report.Candidate{{Raw: "12", Probability: 0.8}, {Raw: "2", Probability: 0.2}}, false, 1, true},
		{"a digit that a wall may have taken a part of", "50", 0.995, []report.Candidate{{Raw: "60", Probability: 0.005}}, "50", "", []report.Candidate{{Raw: "50", Probability: 0.9999}}, true, 0, true},
		{"a stroke", "/", 0.98, []report.Candidate{{Raw: "7", Probability: 0.02}}, "/", "", []report.Candidate{{Raw: "/", Probability: 0.9999}}, false, 0, true},
	} {
		f := report.ParseFigure(tt.raw)
		r := scan()
		misread(r, lone, tt.raw, tt.first, tt.rivals...)
		r.Tables.Set(lone, report.Value{Number: f.Number})
		r.Cell(lone).Walls = tt.walls
		looks := 0
		prove(t, r, reader{
			second: func(path string) string {
				if path == lone {
					return tt.second
				}
				return r.Cell(path).Raw
			},
			third: func(string) string { return tt.third },
			again: func(path string, _ []string) []report.Candidate {
				if path == lone {
					looks++
					return tt.again
				}
				return nil
			},
		})
		got := slices.ContainsFunc(r.Review, func(v report.Review) bool { return v.Path == lone })
		if got != tt.review || looks != tt.looks {
			t.Errorf("%s: in review %v after %d looks, confidence %v, second %q", tt.name, got, looks, r.Cell(lone).Confidence, *r.Cell(lone).Second)
		}
		// The same is said of the report as it stands.
		before := len(r.Review)
		if prove(t, r, nil); len(r.Review) != before {
			t.Errorf("%s: %d in review, and %d without a reader", tt.name, before, len(r.Review))
		}
	}
}

// TestTextLayerAgainstPage: where the page shows another number than its text layer says, a person
// must look; the value stays what the layer says.
func TestTextLayerAgainstPage(t *testing.T) {
	path := "/tables/proactive_disclosure/licensing/decisions"
	n := report.Int(10)
	page := 1
	r := &report.Report{Form: "2021", Forms: map[string]string{"proactive_disclosure": "2021"}}
	r.Tables.Set(path, report.Value{Number: &n})
	r.Cells = []report.Cell{{Path: path, Raw: "10", Mark: report.MarkNumber, Origin: report.OriginText, Page: &page, Confidence: 1}}
	prove(t, r, reader{second: func(string) string { return "19" }})
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
		got := false
		prove(t, r, reader{second: func(path string) string {
			got = got || path == tt.path
			return r.Cell(path).Raw
		}})
		if got != tt.want {
			t.Errorf("%s: wanted %v", tt.name, got)
		}
	}
}

// TestPageByPage: cells are read again in the order of their pages, so that a reader needs one page at a time.
func TestPageByPage(t *testing.T) {
	r := scan()
	for i := range r.Cells {
		page := 1 + i%3
		r.Cells[i].Page, r.Cells[i].Second = &page, nil
	}
	var pages []int
	prove(t, r, reader{second: func(path string) string {
		pages = append(pages, *r.Cell(path).Page)
		return r.Cell(path).Raw
	}})
	if !slices.IsSorted(pages) || !slices.Contains(pages, 3) {
		t.Errorf("pages were asked for as %v", pages)
	}
}

// broken is a reader that cannot read.
type broken struct{ second error }

func (b broken) Second(context.Context, string) (string, bool, error) { return "", false, b.second }

func (broken) Third(context.Context, string) (string, bool, error) { return "", false, nil }

func (broken) Again(context.Context, string, []string) ([]report.Candidate, error) {
	return nil, errNoPixels
}

var errNoPixels = errors.New("the pixels are gone")

// TestReaderFails: a reader's error ends the proof, and says which cell it was about.
func TestReaderFails(t *testing.T) {
	const granted = t3 + "granted/natural_person"
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tt := range []struct {
		name string
		ctx  context.Context
		r    check.Reader
		want error
		says string
	}{
		{"second reading", t.Context(), broken{errNoPixels}, errNoPixels, "second reading of " + granted},
		{"second look", t.Context(), broken{}, errNoPixels, "second look at " + granted},
		{"cancelled", gone, broken{}, context.Canceled, ""},
	} {
		r := scan()
		misread(r, granted, "72", 0.61, report.Candidate{Raw: "22", Probability: 0.33})
		_, err := check.Run(tt.ctx, r, form.Set{}, tt.r)
		if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: error %v, want %v with %q", tt.name, err, tt.want, tt.says)
		}
	}
}
