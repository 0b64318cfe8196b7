package stream_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/tables/stream"
)

// typed sets lines as a typewriter does, characters 6 wide and lines 12 apart; two blanks part words.
func typed(lines string) []layout.Word {
	var out []layout.Word
	for i, l := range strings.Split(strings.Trim(l(lines), "\n"), "\n") {
		x := 0
		for _, f := range strings.SplitAfter(l, " ") {
			w := strings.TrimSuffix(f, " ")
			if n := utf8.RuneCountInString(w); n > 0 {
				y := float64(100 + 12*i)
				// Letters are narrower than their places, so that a blank between words is one.
				out = append(out, layout.Word{Text: w, Size: 10, Confidence: 1, Box: layout.Rect{X0: float64(50 + 6*x), Y0: y, X1: float64(50+6*(x+n)) - 1, Y1: y + 10}})
			}
			x += utf8.RuneCountInString(f)
		}
	}
	return out
}

func l(s string) string { return strings.ReplaceAll(s, "\t", "") }

// cells are a table's rows, cells joined by |, with +n behind those over n columns and vn behind those over n rows.
func cells(t layout.Table) string {
	var rows []string
	for r := range t.Rows {
		var row []string
		for _, c := range t.Cells {
			if c.Row != r {
				continue
			}
			s := fmt.Sprintf("%d:%s", c.Col, strings.ReplaceAll(c.Text, "\n", "/"))
			if c.ColSpan > 1 {
				s += fmt.Sprintf("+%d", c.ColSpan)
			}
			if c.RowSpan > 1 {
				s += fmt.Sprintf("v%d", c.RowSpan)
			}
			row = append(row, s)
		}
		rows = append(rows, strings.Join(row, " | "))
	}
	return strings.Join(rows, "\n")
}

func TestTables(t *testing.T) {
	prose := `
	The suggestion for the presentation of population deviations     is the same as for standard errors, unless there are fewer
	than thirty individuals in both primary sampling units of an     estimated deviation, which should then be marked by a star
	in the margin. Medians and other percentiles of the middle of    the range should be marked likewise where the sample is so
	small that it has fewer than thirty times the design effect,     which is broadly calculated. Unlike means, an agency might
	choose to leave out the publication of percentile values that    are based on small numbers of observations, or those which
	have a high variation. Statistical considerations also play a    part in the way in which a distribution is shown to those
	who read it, and must be made clear in the text that goes        with any table that shows them to readers of the report.`
	tests := []struct {
		name, page string
		level      []stream.Rule
		want       []string
	}{
		{name: "years are labels", page: `
	           Men    Women
	1990       12.1   11.0
	1991       13.5   10.9
	1992       14.0   10.2`, want: []string{"1:Men | 2:Women\n0:1990 | 1:12.1 | 2:11.0\n0:1991 | 1:13.5 | 2:10.9\n0:1992 | 1:14.0 | 2:10.2"}},
		{name: "figures with letters, currencies, marks", page: `
	Region       Cost     Share    Change
	North        $1.1M    12 %     (3.4)
	South        n/a      8 %      1.2e5
	West         $950     <1 %     4.5*`,
			want: []string{"0:Region | 1:Cost | 2:Share | 3:Change\n0:North | 1:$1.1M | 2:12% | 3:(3.4)\n0:South | 1:n/a | 2:8% | 3:1.2e5\n0:West | 1:$950 | 2:<1% | 3:4.5*"}},
		{name: "typed rulings, leaders, a spanning header", page: `
	                        Design effect
	  Proportion        1.0     1.1     1.2
	---------------------------------------
	0.99 ............   800     880     960
	0.95 ............   160     176     192
	0.90 ............    80      88      96`,
			want: []string{"1:Design effect+3\n0:Proportion | 1:1.0 | 2:1.1 | 3:1.2\n0:0.99 | 1:800 | 2:880 | 3:960\n0:0.95 | 1:160 | 2:176 | 3:192\n0:0.90 | 1:80 | 2:88 | 3:96"}},
		{name: "a label that goes on, and a group's", page: `
	Country              Cases    Deaths
	Europe
	  Bosnia and         12       1
	  herzegovina
	  Malta              7        0
	Asia
	  Oman               30       4`,
			want: []string{"0:Country | 1:Cases | 2:Deaths\n0:Europe\n0:Bosnia and/herzegovina | 1:12 | 2:1\n0:Malta | 1:7 | 2:0\n0:Asia\n0:Oman | 1:30 | 2:4"}},
		{name: "text in columns between rulings", page: `
	Source       Definition                    Example

	Major        Emissions of ten tons or      Utilities, refineries
	             more of one substance
	Area         Emissions of less than ten    Dry cleaners
	             tons of any substance`,
			level: []stream.Rule{{At: 98, From: 48, To: 420}, {At: 116, From: 48, To: 420}, {At: 172, From: 48, To: 420}},
			want:  []string{"0:Source | 1:Definition | 2:Example\n0:Major | 1:Emissions of ten tons or/more of one substance | 2:Utilities,refineries\n0:Area | 1:Emissions of less than ten/tons of any substance | 2:Dry cleaners"}},
		{name: "labels as long as lines of prose", page: `
	                                             Total    Rural
	Feeding practices of the youngest (%)
	Children under six months breastfed only      76.9     80.0
	Children of six to nine months fed solids     78.6     75.0
	Children fed while they were breastfed on     31.8     24.2
	Children of six and more months fed milk       4.7      3.4
	Children under three years breastfed soon     42.9     46.5
	Children weighed within a day of the birth    38.8     41.0`,
			want: []string{"1:Total | 2:Rural\n0:Feeding practices of the youngest(%)\n0:Children under six months breastfed only | 1:76.9 | 2:80.0\n" +
				"0:Children of six to nine months fed solids | 1:78.6 | 2:75.0\n0:Children fed while they were breastfed on | 1:31.8 | 2:24.2\n" +
				"0:Children of six and more months fed milk | 1:4.7 | 2:3.4\n0:Children under three years breastfed soon | 1:42.9 | 2:46.5\n" +
				"0:Children weighed within a day of the birth | 1:38.8 | 2:41.0"}},
		{name: "rows set apart, and groups of them further", page: `
	Class A                  2016     2015

	Net assets               5,111    4,920

	Units                       49       48

	Net assets a unit       104.03   102.50


	Class B

	Net assets              49,144   47,100

	Units                      471      460`,
			want: []string{"0:Class A | 1:2016 | 2:2015\n0:Net assets | 1:5,111 | 2:4,920\n0:Units | 1:49 | 2:48\n0:Net assets a unit | 1:104.03 | 2:102.50\n" +
				"0:Class B\n0:Net assets | 1:49,144 | 2:47,100\n0:Units | 1:471 | 2:460"}},
		{name: "a transcript with numbered lines", page: `
	  9       MR. MERCER:  Mr. Chief Justice,
	 10   and may it please the Court:
	 11       The court below did not say
	 12   what it held, or why.`},
		{name: "prose in two columns", page: prose},
		{name: "a list", page: `
	•  scholarships of the federal government
	•  grants that need not be paid back
	•  personal savings and money from work
	•  loans that are paid back with interest`},
		{name: "the scale of a chart", page: `
	120
	100        Greece       Spain
	80
	60         Ireland      Italy
	40
	20
	0
	           2008         2009`},
		{name: "prose between the heights of its rows", page: `
	                                                                 Product     Butter     Cream
	The suggestion for the presentation of population deviations
	                                                                 1990        12         14
	is the same as for standard errors, unless there are any few
	                                                                 1991        13         15
	than thirty individuals in both primary sampling units of an
	                                                                 1992        18         11
	estimated deviation, which should then be marked by a star
	                                                                 1993        19         21
	in the same place where the figures of the table were set so
	                                                                 1994        10         22
	that nobody needs to ask for it a second time in that office`,
			want: []string{"0:Product | 1:Butter | 2:Cream\n0:1990 | 1:12 | 2:14\n0:1991 | 1:13 | 2:15\n0:1992 | 1:18 | 2:11\n0:1993 | 1:19 | 2:21\n0:1994 | 1:10 | 2:22"}},
		{name: "two tables", page: `
	Product     Butter     Cream
	1990        12         14
	1991        13         15
	1992        18         11



	Table 2. Prices of other products

	Product     Milk       Cheese
	1990        22         24
	1991        23         25`,
			want: []string{"0:Product | 1:Butter | 2:Cream\n0:1990 | 1:12 | 2:14\n0:1991 | 1:13 | 2:15\n0:1992 | 1:18 | 2:11", "0:Product | 1:Milk | 2:Cheese\n0:1990 | 1:22 | 2:24\n0:1991 | 1:23 | 2:25"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, table := range stream.Tables(typed(tt.page), tt.level, nil, 10) {
				got = append(got, cells(table))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n\n"), strings.Join(tt.want, "\n\n"))
			}
		})
	}
}

func TestPartsOf(t *testing.T) {
	tests := []struct {
		name, cell    string
		columns, rows bool
	}{
		{"a label in two lines", "Number of\nchildren", false, false},
		{"a row of its own", "Austria     0     100", true, false},
		{"figures one under another", "1,530\n1,253\n2,783", false, true},
		{"paragraphs", "Emissions of\nten tons\n\n\nEmissions of\nless", false, true},
	}
	for _, tt := range tests {
		if p := stream.PartsOf(typed(tt.cell), 10); p.Columns != tt.columns || p.Rows != tt.rows {
			t.Errorf("%s: %+v", tt.name, p)
		}
	}
}

// FuzzTables: whatever stands on a page, no two cells of a table share a place, and none is outside of it.
func FuzzTables(f *testing.F) {
	f.Add("a  1  2\nb  3  4\nc  5  6", 95.0)
	f.Add("----------\n.....  5\n\n a b  c", 110.0)
	f.Fuzz(func(t *testing.T, page string, at float64) {
		if len(page) > 2000 {
			return
		}
		for _, table := range stream.Tables(typed(page), []stream.Rule{{At: at, From: 40, To: 300}}, []stream.Rule{{At: at, From: 40, To: 300}}, 10) {
			taken := map[[2]int]bool{}
			for _, c := range table.Cells {
				for r := c.Row; r < c.Row+c.RowSpan; r++ {
					for k := c.Col; k < c.Col+c.ColSpan; k++ {
						if r < 0 || k < 0 || r >= table.Rows || k >= table.Cols || taken[[2]int{r, k}] {
							t.Fatalf("row %d, column %d of %d x %d:\n%s", r, k, table.Rows, table.Cols, cells(table))
						}
						taken[[2]int{r, k}] = true
					}
				}
			}
		}
	})
}
