package tables_test

import (
	"strings"
	"testing"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/tables"
)

// TestJoints: rules that are drawn cell by cell meet where the columns do, so that figures which stand closer than columns stay apart.
func TestJoints(t *testing.T) {
	edges := []float64{100}
	for _, w := range []float64{14, 24, 24, 14, 14} {
		edges = append(edges, edges[len(edges)-1]+w)
	}
	var pieces []layout.Ruling
	for _, y := range []float64{100, 115, 145, 160} {
		for i := 1; i < len(edges); i++ {
			pieces = append(pieces, rule(y, edges[i-1], edges[i]))
		}
	}
	row := func(y float64, texts string) (out []layout.Word) {
		for i, s := range strings.Split(texts, "|") {
			if s != "" {
				out = append(out, sized(s, edges[i]+1, y, 8))
			}
		}
		return out
	}
	page := layout.Page{
		Number: 1, Width: 595, Height: 842, Unit: layout.Points, Route: layout.RouteText, Rulings: pieces,
		Words: join([]layout.Word{sized("行政复议", 120, 103, 8)}, row(118, "维|纠正|其他|尚|总"), row(128, "持|||未|计"), row(148, "105|0|0|110|215")),
	}
	found := tables.Digital(&page)
	if len(found) != 1 || found[0].Cols != 5 {
		t.Fatalf("tables %+v, want one of 5 columns", found)
	}
	last := ""
	for _, c := range found[0].Cells {
		if c.Row == found[0].Rows-1 {
			last += c.Text + "|"
		}
	}
	if last != "105|0|0|110|215|" {
		t.Errorf("the figures are %s", last)
	}
}
