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
		walls      []stream.Rule
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
		{name: "prices behind labels of several widths, groups named between", page: `
	The whites                                      12 cl
	Upper valley
	Wine of the northern slope by the river 2016     8 €
	Lower valley
	Wine of the mill                                10 €
	The villages of the southern shore
	Wine of the old house 2017                       9 €
	The hills
	Wine of the chapel and the abbey of the town    12 €`,
			want: []string{"0:The whites | 1:12 cl\n0:Upper valley\n0:Wine of the northern slope by the river 2016 | 1:8€\n0:Lower valley\n0:Wine of the mill | 1:10€\n" +
				"0:The villages of the southern shore\n0:Wine of the old house 2017 | 1:9€\n0:The hills\n0:Wine of the chapel and the abbey of the town | 1:12€"}},
		{name: "contents", page: `
	The first chapter, in which the matter is told      1
	The second chapter, in which it is not so          12
	The third chapter, with all that was said          25
	The fourth chapter, with what nobody said          31
	The fifth chapter, about the rest of it            44`},
		{name: "figures and nothing else, rows full", page: `
	1     100     200
	2     101     201
	3     102     202
	4     103     203`, want: []string{"0:1 | 1:100 | 2:200\n0:2 | 1:101 | 2:201\n0:3 | 1:102 | 2:202\n0:4 | 1:103 | 2:203"}},
		{name: "a transcript with numbered lines and a ruling of single dashes", page: `
	 1       IN THE COURT
	 2    - - - - - - - - - - - - -
	 3    JOHN SMITH,
	 4           Petitioner,
	 5    - - - - - - - - - - - - -
	 6    argument before the Court`},
		{name: "contents with short titles", page: `
	The breasts ............... 4
	Key questions ............. 6
	Glossary .................. 8
	Index ..................... 8`},
		{name: "numbered chapters", page: `
	1        Installation
	2        Working with the class
	2.1      General information`},
		{name: "lists with discs in two columns", page: `
	●   the first of all items      ●   the other of two items
	●   the second of the items     ●   one more of the items
	●   the third of the items      ●   the last of the items
	●   the fourth item of all      ●   one that is not there`},
		{name: "discs for marks", page: `
	Program     PDF     Word     Sheets
	Alpha       ●       ●        ○
	Beta        ●       ○        ○
	Gamma       ○       ●        ●`,
			want: []string{"0:Program | 1:PDF | 2:Word | 3:Sheets\n0:Alpha | 1:● | 2:● | 3:○\n0:Beta | 1:● | 2:○ | 3:○\n0:Gamma | 1:○ | 2:● | 3:●"}},
		{name: "beside the end of one paragraph and the first line of the next", page: `
	negative passages for each question    Dataset     Train     Dev
	   The trick of in-batch negatives ha  Natural      7,168     757
	been used in the full batch setting a  Trivia       8,785     837
	and more recently for mini-batch as w  Questions    3,417     361
	it has been shown to be an effective   Squad        8,713     886
	for learning a dual-encoder model that
	boosts the number of training examples
	so that nobody would need to do more of
	it than what was needed in the training`,
			want: []string{"0:Dataset | 1:Train | 2:Dev\n0:Natural | 1:7,168 | 2:757\n0:Trivia | 1:8,785 | 2:837\n0:Questions | 1:3,417 | 2:361\n0:Squad | 1:8,713 | 2:886"}},
		{name: "numbered headings", page: `
	2.2      Crankshaft
	2.2.1    Check of the strength
	2.3      Crankcase
	2.3.1    Strength`},
		{name: "lists with dots in two columns", page: `
	•   the first of all items      •   the other of two items
	•   the second of the items     •   one more of the items
	•   the third of the items      •   the last of the items
	•   the fourth item of all      •   one that is not there`},
		{name: "a title over a pair of labels that stands nearer to one", page: `
	State        Income              Assets            Total
	          Health   Welfare    Health   Welfare
	Assam      1,530        12     1,029       855     1,884
	Bihar      1,253        13     1,884       143     2,783
	Goa          853        14     1,143       245     1,345`,
			want: []string{"0:Statev2 | 1:Income+2 | 3:Assets+2 | 5:Totalv2\n1:Health | 2:Welfare | 3:Health | 4:Welfare\n0:Assam | 1:1,530 | 2:12 | 3:1,029 | 4:855 | 5:1,884\n" +
				"0:Bihar | 1:1,253 | 2:13 | 3:1,884 | 4:143 | 5:2,783\n0:Goa | 1:853 | 2:14 | 3:1,143 | 4:245 | 5:1,345"}},
		{name: "a caption in parts", page: `
	Table 5     Outlay of the years     (in 000)
	State       Revenue      Capital     Total
	Assam         1,530        1,029     1,884
	Bihar         1,253        1,884     2,783`,
			want: []string{"0:State | 1:Revenue | 2:Capital | 3:Total\n0:Assam | 1:1,530 | 2:1,029 | 3:1,884\n0:Bihar | 1:1,253 | 2:1,884 | 3:2,783"}},
		{name: "a title between walls, and letters in brackets for figures", page: `
	                       Total                 Male
	Offense           All    Young  Old     All  Young    Old
	Violent crime     467     69.1    1     380   56.5      1
	Curfew             91      (X)    2      63    (X)      2
	Runaways           75      (X)    3      34    (X)      3`,
			walls: []stream.Rule{{At: 145, From: 95, To: 170}, {At: 265, From: 95, To: 170}},
			want: []string{"0:Offensev2 | 1:Total+3 | 4:Male+3\n1:All | 2:Young | 3:Old | 4:All | 5:Young | 6:Old\n0:Violent crime | 1:467 | 2:69.1 | 3:1 | 4:380 | 5:56.5 | 6:1\n" +
				"0:Curfew | 1:91 | 2:(X) | 3:2 | 4:63 | 5:(X) | 6:2\n0:Runaways | 1:75 | 2:(X) | 3:3 | 4:34 | 5:(X) | 6:3"}},
		{name: "words for years are no figures", page: `
	                 Under 18    18 years
	           Total    years    and over
	Robbery      102     25.5        76.6
	Assault      338     40.1       298.3
	Burglary     240     60.3       180.6`,
			want: []string{"1:Total | 2:Under 18/years | 3:18 years/and over\n0:Robbery | 1:102 | 2:25.5 | 3:76.6\n0:Assault | 1:338 | 2:40.1 | 3:298.3\n0:Burglary | 1:240 | 2:60.3 | 3:180.6"}},
		{name: "rulings far wider than the texts of the last column", page: `
	Thing                    Stuff
	Thing 1                  Stuff 1
	Thing 2                  Stuff 2`,
			level: []stream.Rule{{At: 98, From: 48, To: 500}, {At: 111, From: 48, To: 500}, {At: 136, From: 48, To: 500}},
			want:  []string{"0:Thing | 1:Stuff\n0:Thing 1 | 1:Stuff 1\n0:Thing 2 | 1:Stuff 2"}},
		{name: "a last cell of several lines, wider than all before", page: `
	Animal       Action       Result
	Cat          Says         Meow
	Cow          Says         Moo
	Fox          Says         Ring-
	                          dingdingdingdingdingding
	                          ding
	                          dingdingdingdingdingding`,
			level: []stream.Rule{{At: 98, From: 48, To: 500}, {At: 111, From: 48, To: 500}, {At: 123, From: 48, To: 500}, {At: 135, From: 48, To: 500}, {At: 184, From: 48, To: 500}},
			want:  []string{"0:Animal | 1:Action | 2:Result\n0:Cat | 1:Says | 2:Meow\n0:Cow | 1:Says | 2:Moo\n0:Fox | 1:Says | 2:Ring-/dingdingdingdingdingding/ding/dingdingdingdingdingding"}},
		{name: "two ruled tables side by side", page: `
	Animal    Says      Result       Bird      Says      Result
	Cat       purrs     Meow         Crow      calls     Caw
	Cow       lows      Moo          Owl       hoots     Hu
	Fox       barks     Ring         Duck      says      Quack`,
			level: []stream.Rule{{At: 97, From: 48, To: 235}, {At: 111, From: 48, To: 235}, {At: 123, From: 48, To: 235}, {At: 148, From: 48, To: 235},
				{At: 94, From: 245, To: 400}, {At: 113.5, From: 245, To: 400}, {At: 126, From: 245, To: 400}, {At: 151, From: 245, To: 400}},
			want: []string{"0:Animal | 1:Says | 2:Result\n0:Cat | 1:purrs | 2:Meow\n0:Cow | 1:lows | 2:Moo\n0:Fox | 1:barks | 2:Ring",
				"0:Bird | 1:Says | 2:Result\n0:Crow | 1:calls | 2:Caw\n0:Owl | 1:hoots | 2:Hu\n0:Duck | 1:says | 2:Quack"}},
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
			for _, table := range stream.Tables(typed(tt.page), tt.level, tt.walls, 10) {
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
		if p := stream.PartsOf(typed(tt.cell), 10, 0); p.Columns != tt.columns || p.Rows != tt.rows {
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

// A chart beside a table, parted from it by a wall, has its figures at other heights.
func TestPanels(t *testing.T) {
	table := typed(`
	Place        May     June    July
	Iowa         1.35    1.38    1.27
	Nebraska     1.38    1.36    1.28
	Wisconsin    1.40    1.50    1.35
	Indiana      2.85    2.99    2.07
	Chicago      3.47    3.54    2.95`)
	chart := typed(`
	2.60
	2.40    Iowa    Ohio
	2.20
	2.00
	1.80
	1.60    2016    2017`)
	for i := range chart {
		b := &chart[i].Box
		b.X0, b.X1, b.Y0, b.Y1 = b.X0+260, b.X1+260, b.Y0*1.13-10, b.Y1*1.13-10
	}
	wall := []stream.Rule{{At: 290, From: 80, To: 260}}
	words := slices.Concat(table, chart)
	found := stream.Tables(words, nil, wall, 10)
	if len(found) != 1 || found[0].Rows != 6 || found[0].Cols != 4 {
		for _, f := range found {
			t.Errorf("got:\n%s", cells(f))
		}
	}
	// A wall inside a table has the rows at one height on both sides.
	if found := stream.Tables(table, nil, []stream.Rule{{At: 170, From: 80, To: 260}}, 10); len(found) != 1 || found[0].Cols != 4 {
		t.Errorf("a table was parted at its own wall: %d tables", len(found))
	}
}
