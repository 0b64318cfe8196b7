package tables_test

import (
	"strings"
	"testing"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/tables"
)

// ruled is a page with rulings at these places, from the first to the last of the others.
func ruled(xs, ys []float64, words ...layout.Word) *layout.Page {
	p := &layout.Page{Number: 1, Width: 600, Height: 800, Words: words}
	for _, x := range xs {
		p.Rulings = append(p.Rulings, layout.Ruling{From: layout.Point{X: x, Y: ys[0]}, To: layout.Point{X: x, Y: ys[len(ys)-1]}})
	}
	for _, y := range ys {
		p.Rulings = append(p.Rulings, layout.Ruling{From: layout.Point{X: xs[0], Y: y}, To: layout.Point{X: xs[len(xs)-1], Y: y}})
	}
	return p
}

// walled draws one more wall on a page, in two pieces.
func walled(x, y0, y1 float64, p *layout.Page) *layout.Page {
	for _, r := range [][2]float64{{y0, (y0 + y1) / 2}, {(y0 + y1) / 2, y1}} {
		p.Rulings = append(p.Rulings, layout.Ruling{From: layout.Point{X: x, Y: r[0]}, To: layout.Point{X: x, Y: r[1]}})
	}
	return p
}

// at sets lines of text 12 apart below a place.
func at(x, y float64, lines ...string) (out []layout.Word) {
	for i, l := range lines {
		y := y + 12*float64(i)
		out = append(out, layout.Word{Text: l, Size: 10, Confidence: 1, Box: layout.Rect{X0: x, Y0: y, X1: x + 5*float64(len(l)), Y1: y + 10}})
	}
	return out
}

func all(words ...[]layout.Word) (out []layout.Word) {
	for _, w := range words {
		out = append(out, w...)
	}
	return out
}

func TestAny(t *testing.T) {
	xs := []float64{50, 200, 300, 400}
	tests := []struct {
		name string
		page *layout.Page
		want string // of all tables, row by row
	}{
		{"closed", ruled(xs, []float64{100, 120, 140}, all(at(60, 105, "a"), at(210, 105, "b"), at(310, 105, "c"), at(60, 125, "d"), at(210, 125, "1"), at(310, 125, "2"))...),
			"a,b,c\nd,1,2"},
		{"a row alone, as a page break leaves it", ruled(xs, []float64{100, 120}, all(at(60, 105, "a"), at(210, 105, "b"), at(310, 105, "c"))...), "a,b,c"},
		{"the foot of a page", ruled([]float64{400, 480, 530, 560}, []float64{760, 775}, all(at(405, 762, "Yearbook"), at(485, 762, "2007"), at(535, 762, "5"))...), ""},
		{"rows that no rulings part", ruled(xs, []float64{100, 120, 170}, all(at(60, 105, "Age"), at(210, 105, "One"), at(310, 105, "Two"),
			at(60, 124, "Three years", "Four years", "Total"), at(210, 124, "1,530", "1,253", "2,783"), at(310, 124, "1,029", "855", "1,884"))...),
			"Age,One,Two\nThree years,1,530,1,029\nFour years,1,253,855\nTotal,2,783,1,884"},
		{"rows that no rulings part, one of them with a label in two lines", ruled(xs, []float64{100, 120, 182}, all(at(60, 105, "Offense"), at(210, 105, "One"), at(310, 105, "Two"),
			at(60, 124, "Murder and", "manslaughter", "Robbery", "Assault"), at(210, 136, "1,530", "1,253", "2,783"), at(310, 136, "1,029", "855", "1,884"))...),
			"Offense,One,Two\nMurder and\nmanslaughter,1,530,1,029\nRobbery,1,253,855\nAssault,2,783,1,884"},
		{"rows of texts that no rulings part", ruled(xs, []float64{100, 120, 182}, all(at(60, 105, "Dataset"), at(210, 105, "Base"), at(310, 105, "Notes"),
			at(60, 124, "PubLayNet", "PRImA", "Newspaper", "HJDataset"), at(210, 124, "F", "M", "F", "M"), at(310, 124, "Articles", "Magazines", "Newspapers", "History"))...),
			"Dataset,Base,Notes\nPubLayNet,F,Articles\nPRImA,M,Magazines\nNewspaper,F,Newspapers\nHJDataset,M,History"},
		{"cells of several lines, which broke where they were full", ruled(xs, []float64{100, 120, 182}, all(at(60, 105, "Dataset"), at(210, 105, "Base"), at(310, 105, "Notes"),
			at(60, 124, "A set of articles of a dozen", "Publishers that is laid out", "Again and again by all who", "Need it"), at(210, 124, "Drawn in some", "Years by many", "Of them, Anna", "First"), at(310, 124, "Magazines and", "Articles that", "Newspapers by", "History"))...),
			"Dataset,Base,Notes\nA set of articles of a dozen\nPublishers that is laid out\nAgain and again by all who\nNeed it,Drawn in some\nYears by many\nOf them, Anna\nFirst,Magazines and\nArticles that\nNewspapers by\nHistory"},
		{"a header alone in rulings, whose walls lead on below it", walled(200, 100, 180, ruled([]float64{50, 200, 400}, []float64{100, 115}, all(at(60, 103, "Training"), at(210, 103, "Top-20"), at(280, 103, "Top-100"), at(350, 103, "All"),
			at(60, 122, "None", "Single", "Multi"), at(210, 122, "78.4", "79.4", "75.0"), at(280, 122, "89.1", "51.6", "84.7"), at(350, 122, "85.4", "79.3", "78.0"))...)),
			"Training,Top-20,Top-100,All\nNone,78.4,89.1,85.4\nSingle,79.4,51.6,79.3\nMulti,75.0,84.7,78.0"},
		{"a header in two lines over the rulings", ruled(xs, []float64{130, 150, 170, 190}, all(at(60, 101, "Code of"), at(60, 113, "offense"), at(210, 101, "Max"), at(210, 113, "term"), at(310, 101, "Min"), at(310, 113, "term"),
			at(60, 135, "1-1639"), at(210, 135, "40"), at(310, 135, "II"), at(60, 155, "1-0334"), at(210, 155, "25"), at(310, 155, "IV"), at(60, 175, "1-0335"), at(210, 175, "15"), at(310, 175, "V"))...),
			"Code of\noffense,Max\nterm,Min\nterm\n1-1639,40,II\n1-0334,25,IV\n1-0335,15,V"},
		{"labels beside the rulings", ruled(xs, []float64{100, 120, 140, 160, 180}, all(at(10, 105, "Alcona"), at(60, 105, "963"), at(210, 105, "12"), at(310, 105, "3"),
			at(10, 125, "Curtis"), at(60, 125, "923"), at(210, 125, "13"), at(310, 125, "4"), at(10, 145, "Gustin"), at(60, 145, "611"), at(210, 145, "14"), at(310, 145, "5"),
			at(10, 165, "Hawes"), at(60, 165, "884"), at(210, 165, "15"), at(310, 165, "6"))...),
			"Alcona,963,12,3\nCurtis,923,13,4\nGustin,611,14,5\nHawes,884,15,6"},
		{"prose beside the rulings", ruled(xs, []float64{100, 120, 140, 160, 180}, all(at(10, 101, "The rows", "of these", "figures", "are not", "told by", "what is"), at(60, 105, "963"), at(210, 105, "12"), at(310, 105, "3"),
			at(60, 125, "923"), at(210, 125, "13"), at(310, 125, "4"), at(60, 145, "611"), at(210, 145, "14"), at(310, 145, "5"), at(60, 165, "884"), at(210, 165, "15"), at(310, 165, "6"))...),
			"963,12,3\n923,13,4\n611,14,5\n884,15,6"},
		{"columns that no rulings part", ruled([]float64{50, 400}, []float64{100, 120, 140, 160}, all(at(60, 105, "Austria"), at(210, 105, "10"), at(310, 105, "12"),
			at(60, 125, "Belgium"), at(210, 125, "20"), at(310, 125, "22"), at(60, 145, "Cyprus"), at(210, 145, "30"), at(310, 145, "32"))...),
			"Austria,10,12\nBelgium,20,22\nCyprus,30,32"},
		{"a frame around text", ruled([]float64{50, 500, 540}, []float64{100, 400}, all(at(60, 105, strings.Split(strings.Repeat("a line of text,", 9), ",")...), at(510, 105, "side"))...), ""},
		{"the bars of a chart", ruled([]float64{50, 80, 110, 140, 170}, []float64{100, 120, 140, 160}, all(at(60, 105, "11"), at(90, 125, "22"), at(120, 145, "33"), at(150, 105, "44"))...), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var rows []string
			for _, table := range tables.Any(tt.page) {
				for r := range table.Rows {
					var row []string
					for _, c := range table.Cells {
						if c.Row == r {
							row = append(row, c.Text)
						}
					}
					rows = append(rows, strings.Join(row, ","))
				}
			}
			if got := strings.Join(rows, "\n"); got != tt.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

func TestAnyPartsTitles(t *testing.T) {
	p := ruled([]float64{50, 200, 250, 300, 350, 400}, []float64{100, 120, 140, 160})
	p.Rulings = p.Rulings[:0]
	line := func(x0, y0, x1, y1 float64) {
		p.Rulings = append(p.Rulings, layout.Ruling{From: layout.Point{X: x0, Y: y0}, To: layout.Point{X: x1, Y: y1}})
	}
	for _, y := range []float64{100, 120, 140, 160} {
		line(50, y, 400, y)
	}
	line(50, 100, 50, 160)
	line(200, 100, 200, 160)
	line(400, 100, 400, 160)
	for _, x := range []float64{250, 300, 350} {
		line(x, 120, x, 160) // none in the first row
	}
	p.Words = all(at(60, 105, "Loan"), at(230, 105, "2009"), at(330, 105, "2010"), at(60, 125, "type"), at(210, 125, "$"), at(260, 125, "%"), at(310, 125, "$"), at(360, 125, "%"),
		at(60, 145, "Real"), at(210, 145, "4"), at(260, 145, "5"), at(310, 145, "6"), at(360, 145, "7"))
	found := tables.Any(p)
	if len(found) != 1 {
		t.Fatalf("%d tables", len(found))
	}
	for _, want := range []layout.Cell{{Col: 1, ColSpan: 2, Text: "2009"}, {Col: 3, ColSpan: 2, Text: "2010"}} {
		if c := found[0].At(0, want.Col); c == nil || c.Text != want.Text || c.Col != want.Col || c.ColSpan != want.ColSpan {
			t.Errorf("got %+v, want %+v", c, want)
		}
	}
}
