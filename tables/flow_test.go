package tables_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/tables"
)

// word sets text at size 10 with its upper left corner at x, y.
func word(text string, x, y float64) layout.Word {
	return sized(text, x, y, 10)
}

func sized(text string, x, y, size float64) layout.Word {
	width := 0.0
	for _, r := range text {
		if r < 0x80 {
			width += size / 2
		} else {
			width += size
		}
	}
	return layout.Word{Text: text, Box: layout.Rect{X0: x, Y0: y, X1: x + width, Y1: y + size}, Size: size, Confidence: 1}
}

func TestDigital(t *testing.T) {
	line := func(x0, y0, x1, y1 float64) layout.Ruling {
		return layout.Ruling{From: layout.Point{X: x0, Y: y0}, To: layout.Point{X: x1, Y: y1}, Thickness: 0.5}
	}
	p := layout.Page{
		Number: 3, Width: 595, Height: 842, Unit: layout.Points, Route: layout.RouteText,
		Rulings: []layout.Ruling{
			line(100, 100, 300, 100), line(100, 120, 300, 120), line(100, 140, 300, 140),
			line(100, 100, 100, 140), line(200, 120, 200, 140), line(300, 100, 300, 140),
		},
		Words: []layout.Word{word("第二十条", 180, 105), word("规章", 110, 125), word("12", 240, 125), word("外", 400, 125)},
	}
	found := tables.Digital(&p)
	if len(found) != 1 {
		t.Fatalf("%d tables", len(found))
	}
	if got, want := render(&found[0]), "第二十条|<\n规章|12"; got != want {
		t.Errorf("table\n%s\nwant\n%s", got, want)
	}
	for _, c := range found[0].Cells {
		if c.Page != 3 {
			t.Errorf("cell %q is on page %d", c.Text, c.Page)
		}
	}
}

func TestFlow(t *testing.T) {
	para := func(y float64, lines ...string) []layout.Word {
		var out []layout.Word
		for i, l := range lines {
			x := 50.0
			if strings.HasPrefix(l, "  ") {
				x, l = 70, l[2:]
			}
			out = append(out, word(l, x, y+float64(i)*20))
		}
		return out
	}
	full := strings.Repeat("政", 50) // from the left margin to the right one
	indent := "  " + strings.Repeat("府", 48)
	tests := []struct {
		name   string
		pages  [][]layout.Word
		want   []string
		reason string
	}{
		{"paragraphs", [][]layout.Word{para(100, indent, full, "信息。", indent, "公开。")},
			[]string{indent[2:] + full + "信息。", indent[2:] + "公开。"}, "an indent begins a paragraph"},
		{"short line", [][]layout.Word{para(100, indent, "一句。", "又一句", full)},
			[]string{indent[2:] + "一句。", "又一句", full}, "a line that ends early ends a paragraph"},
		{"title", [][]layout.Word{append([]layout.Word{sized("青山区人民政府", 230, 60, 20), sized("2023年政府信息公开工作年度报告", 150, 90, 20)},
			para(140, indent, full)...)}, []string{"青山区人民政府2023年政府信息公开工作年度报告", indent[2:] + full}, "a title over two lines is one"},
		{"list without indent", [][]layout.Word{para(100, full[:len(full)-3]+"。", "(二)"+full[:len(full)-12]+"。", "又一句")},
			[]string{full[:len(full)-3] + "。", "(二)" + full[:len(full)-12] + "。又一句"}, "a number behind a stop begins a paragraph"},
		{"gap", [][]layout.Word{append(para(100, indent, full, full), para(200, full, full)...)},
			[]string{indent[2:] + full + full, full + full}, "white space parts paragraphs"},
		{"page numbers", [][]layout.Word{append(para(100, indent, full, "一。"), word("- 1 -", 280, 800)), append(para(100, indent, full, "二。"), word("第 2 页 共 2 页", 270, 800))},
			[]string{indent[2:] + full + "一。", indent[2:] + full + "二。"}, "page numbers are no text"},
		{"number in the text", [][]layout.Word{append(para(100, indent, full, "一。"), para(400, "2023")...)},
			[]string{indent[2:] + full + "一。", "2023"}, "a lone number elsewhere is text"},
		{"running head", [][]layout.Word{append(para(100, indent, full, "一。"), word("青山区年度报告", 50, 30)), append(para(100, indent, full, "二。"), word("青山区年度报告", 50, 31))},
			[]string{indent[2:] + full + "一。", indent[2:] + full + "二。"}, "what stands on every page is no text"},
		{"over the page", [][]layout.Word{para(700, indent, full), para(100, full, "公开。")},
			[]string{indent[2:] + full + full + "公开。"}, "a page break does not end a paragraph"},
		{"ended at the page", [][]layout.Word{para(700, indent, full[:len(full)-3]+"。"), para(100, full, "公开。")},
			[]string{indent[2:] + full[:len(full)-3] + "。", full + "公开。"}, "a stop does"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pages := make([]layout.Page, len(tt.pages))
			for i, words := range tt.pages {
				pages[i] = layout.Page{Number: i + 1, Width: 595, Height: 842, Words: words}
			}
			tables.Flow(pages, make([][]layout.Table, len(pages)))
			var got []string
			for _, p := range pages {
				for _, b := range p.Blocks {
					got = append(got, b.Paragraph.Text)
				}
			}
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"), tt.reason)
			}
		})
	}
}

// part makes a table from rows as "a|b|c" between those column lines: "<" goes on the cell to the
// left, "^" the cell above.
func part(page int, cols []float64, rows ...string) layout.Table {
	t := layout.Table{Rows: len(rows), Cols: len(cols) - 1}
	owner := map[[2]int]int{}
	for r, row := range rows {
		texts := strings.Split(row, "|")
		if len(texts) != t.Cols {
			panic(fmt.Sprintf("%q has %d columns, want %d", row, len(texts), t.Cols))
		}
		for c, text := range texts {
			switch text {
			case "<":
				k := owner[[2]int{r, c - 1}]
				owner[[2]int{r, c}] = k
				if t.Cells[k].Row == r {
					t.Cells[k].ColSpan++
				}
			case "^":
				k := owner[[2]int{r - 1, c}]
				owner[[2]int{r, c}] = k
				if t.Cells[k].Col == c {
					t.Cells[k].RowSpan++
				}
			default:
				owner[[2]int{r, c}] = len(t.Cells)
				t.Cells = append(t.Cells, layout.Cell{Row: r, Col: c, RowSpan: 1, ColSpan: 1, Page: page, Text: strings.ReplaceAll(text, "/", "\n")})
			}
		}
	}
	for i := range t.Cells {
		c := &t.Cells[i]
		c.Box = layout.Rect{X0: cols[c.Col], X1: cols[c.Col+c.ColSpan], Y0: 100 + 20*float64(c.Row), Y1: 100 + 20*float64(c.Row+c.RowSpan)}
	}
	return t
}

// render writes a table as part reads it.
func render(t *layout.Table) string {
	var rows []string
	for r := range t.Rows {
		var row []string
		for c := range t.Cols {
			switch cell := t.At(r, c); {
			case cell == nil:
				row = append(row, "?")
			case cell.Row == r && cell.Col == c:
				row = append(row, strings.ReplaceAll(cell.Text, "\n", "/"))
			case cell.Col == c:
				row = append(row, "^")
			default:
				row = append(row, "<")
			}
		}
		rows = append(rows, strings.Join(row, "|"))
	}
	return strings.Join(rows, "\n")
}

func TestJoin(t *testing.T) {
	c3 := []float64{50, 150, 400, 500}
	tests := []struct {
		name   string
		parts  []layout.Table
		want   []string
		reason string
	}{
		{"rows", []layout.Table{part(1, c3, "项|内容|数", "a|规章|1"), part(2, c3, "b|文件|2")},
			[]string{"项|内容|数\na|规章|1\nb|文件|2"}, ""},
		{"header repeated", []layout.Table{part(1, c3, "项|内容|数", "甲|规章|1"), part(2, c3, "项|内容|数", "乙|文件|2")},
			[]string{"项|内容|数\n甲|规章|1\n乙|文件|2"}, "the header stands once"},
		{"no header of figures", []layout.Table{part(1, c3, "甲|规章|1"), part(2, c3, "甲|规章|1", "乙|文件|2")},
			[]string{"甲|规章|1\n甲|规章|1\n乙|文件|2"}, "a row with figures is no header, even when it comes twice"},
		{"group goes on", []layout.Table{part(1, c3, "（三）不予公开|1.秘密|1", "^|2.法律|2"), part(2, c3, "|3.危及|3", "^|4.保护|4", "（四）无法|1.掌握|5")},
			[]string{"（三）不予公开|1.秘密|1\n^|2.法律|2\n^|3.危及|3\n^|4.保护|4\n（四）无法|1.掌握|5"}, "a group is one cell"},
		{"one row of a group", []layout.Table{part(1, c3, "（四）无法提供|1.秘密|1", "^|2.法律|2"), part(2, c3, "|3.补正|3", "（五）不予|1.信访|1")},
			[]string{"（四）无法提供|1.秘密|1\n^|2.法律|2\n^|3.补正|3\n（五）不予|1.信访|1"}, ""},
		{"group label cut", []layout.Table{part(1, c3, "（四）无|1.秘密|1", "^|2.法律|2"), part(2, c3, "法提供|3.补正|3")},
			[]string{"（四）无/法提供|1.秘密|1\n^|2.法律|2\n^|3.补正|3"}, "the label's text is cut by the break"},
		{"group label behind", []layout.Table{part(1, c3, "（二）部分|<|1", "|1.秘密|1"), part(2, c3, "（三）不予公开|2.法律|2", "^|3.危及|3")},
			[]string{"（二）部分|<|1\n（三）不予公开|1.秘密|1\n^|2.法律|2\n^|3.危及|3"}, "the label stands in the part behind the break"},
		{"group label again", []layout.Table{part(1, c3, "（三）不予|1.秘密|1", "^|2.法律|2"), part(2, c3, "（三）不予|3.危及|3", "^|4.保护|4")},
			[]string{"（三）不予|1.秘密|1\n^|2.法律|2\n^|3.危及|3\n^|4.保护|4"}, "the label is printed in both parts"},
		{"new group", []layout.Table{part(1, c3, "（三）不予|1.秘密|1", "^|2.法律|2"), part(2, c3, "（四）无法|1.掌握|3", "^|2.现成|4")},
			[]string{"（三）不予|1.秘密|1\n^|2.法律|2\n（四）无法|1.掌握|3\n^|2.现成|4"}, ""},
		{"blank value", []layout.Table{part(1, c3, "甲|1|2"), part(2, c3, "乙||3")},
			[]string{"甲|1|2\n乙||3"}, "a blank value is a blank value"},
		{"blank value first", []layout.Table{part(1, c3, "1|规章|2"), part(2, c3, "|2|3")},
			[]string{"1|规章|2\n|2|3"}, "before figures there is no group"},
		{"row cut in its label", []layout.Table{part(1, c3, "（五）不予|5.要求确认或|0"), part(2, c3, "|重新出具|", "（六）其他|<|1")},
			[]string{"（五）不予|5.要求确认或/重新出具|0\n（六）其他|<|1"}, "the rest of a label is no row"},
		{"row cut behind its number", []layout.Table{part(1, c3, "（五）不予|5.|0"), part(2, c3, "|要求确认|", "（六）其他|<|1")},
			[]string{"（五）不予|5./要求确认|0\n（六）其他|<|1"}, "the number of an item is no figure of its own"},
		{"row cut before its figures", []layout.Table{part(1, c3, "（五）不予|5.要求确认|"), part(2, c3, "||7", "（六）其他|<|1")},
			[]string{"（五）不予|5.要求确认|7\n（六）其他|<|1"}, "nor are its figures"},
		{"row cut before its label", []layout.Table{part(1, c3, "（五）不予||7"), part(2, c3, "|5.要求确认|", "（六）其他|<|1")},
			[]string{"（五）不予|5.要求确认|7\n（六）其他|<|1"}, "figures may stand above, the label below the break"},
		{"nothing but borders before the break", []layout.Table{part(1, c3, "（四）无法|1.掌握|5", "（五）不予||"), part(2, c3, "|5.要求确认|7", "（六）其他|<|1")},
			[]string{"（四）无法|1.掌握|5\n（五）不予|5.要求确认|7\n（六）其他|<|1"}, ""},
		{"corner left blank", []layout.Table{part(1, c3, "|申请人|<", "^|自然人|总计"), part(2, c3, "一、新收|7|8", "二、结转|0|1")},
			[]string{"|申请人|<\n^|自然人|总计\n一、新收|7|8\n二、结转|0|1"}, "figures under their heading are a row of their own"},
		{"row left blank", []layout.Table{part(1, c3, "（五）不予|5.要求确认|0"), part(2, c3, "|6.另一项|", "（六）其他|<|1")},
			[]string{"（五）不予|5.要求确认|0\n^|6.另一项|\n（六）其他|<|1"}, "a label with a number of its own is a row, though its value is blank"},
		{"header cut", []layout.Table{part(1, []float64{50, 100, 150, 200, 250}, "复议|<|诉讼|<", "结果|总计|未经复议|<"), part(2, []float64{50, 100, 150, 200, 250}, "维持||结果|总计", "1|2|3|4")},
			[]string{"复议|<|诉讼|<\n结果/维持|总计|未经复议|<\n^|^|结果|总计\n1|2|3|4"}, "the header's labels go on behind the break"},
		{"lowest row of a header cut", []layout.Table{part(1, []float64{50, 100, 150, 200, 250}, "复议|<|诉讼|<", "结果维|总计|结果纠|总计"), part(2, []float64{50, 100, 150, 200, 250}, "持||正|", "1|2|3|4")},
			[]string{"复议|<|诉讼|<\n结果维|总计|结果纠|总计\n持||正|\n1|2|3|4"}, "half of the labels might be a row of their own"},
		{"most of the lowest row of a header cut", []layout.Table{part(1, []float64{50, 100, 150, 200, 250}, "复议|<|诉讼|<", "结果维|总计|结果纠|其他结"), part(2, []float64{50, 100, 150, 200, 250}, "持||正|果", "1|2|3|4")},
			[]string{"复议|<|诉讼|<\n结果维/持|总计|结果纠/正|其他结/果\n1|2|3|4"}, ""},
		{"header cut under its corner", []layout.Table{part(1, []float64{50, 100, 150, 200, 250}, "项目|申请人|<|<", "^|自然|法人|<"), part(2, []float64{50, 100, 150, 200, 250}, "|人|企业|机构", "一|2|3|4")},
			[]string{"项目|申请人|<|<\n^|自然/人|法人|<\n^|^|企业|机构\n一|2|3|4"}, ""},
		{"band before its header", []layout.Table{part(1, c3, "许可|550|<", "第（六）项|<|<"), part(2, c3, "信息内容|数量|<", "处罚|4119|<")},
			[]string{"许可|550|<\n第（六）项|<|<\n信息内容|数量|<\n处罚|4119|<"}, ""},
		{"other columns", []layout.Table{part(1, c3, "a|b|c"), part(2, []float64{50, 220, 300, 500}, "d|e|f")},
			[]string{"a|b|c", "d|e|f"}, "another table"},
		{"fewer columns", []layout.Table{part(1, c3, "a|b|c"), part(2, []float64{50, 150, 500}, "四、结转|7")},
			[]string{"a|b|c\n四、结转|7|<"}, "lines that no row of a part has are no reason to part it"},
		{"moved", []layout.Table{part(1, c3, "a|b|c"), part(2, []float64{1060, 1262, 1760, 1961}, "d|e|f")},
			[]string{"a|b|c\nd|e|f"}, "the pages of a scan differ in place and scale"},
		{"three pages", []layout.Table{part(1, c3, "（三）不予|1.秘密|1"), part(2, c3, "|2.法律|2", "^|3.危及|3"), part(3, c3, "|4.保护|4", "（四）无|<|5")},
			[]string{"（三）不予|1.秘密|1\n^|2.法律|2\n^|3.危及|3\n^|4.保护|4\n（四）无|<|5"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pages := make([]layout.Page, len(tt.parts))
			found := make([][]layout.Table, len(tt.parts))
			for i := range tt.parts {
				pages[i] = layout.Page{Number: i + 1, Width: 595, Height: 842}
				found[i] = tt.parts[i : i+1]
			}
			tables.Flow(pages, found)
			var got []string
			for _, p := range pages {
				for _, b := range p.Blocks {
					got = append(got, render(b.Table))
				}
			}
			if strings.Join(got, "\n\n") != strings.Join(tt.want, "\n\n") {
				t.Errorf("got\n%s\nwant\n%s\n%s", strings.Join(got, "\n\n"), strings.Join(tt.want, "\n\n"), tt.reason)
			}
		})
	}
}

func TestJoinBetween(t *testing.T) {
	cols := []float64{50, 150, 500}
	tests := []struct {
		name, between string
		read          float64 // the confidence of what is between: 1 of a text layer
		joined        bool
	}{
		{"nothing", "", 1, true},
		{"said so", "（续表）", 1, true},
		{"heading", "四、行政复议情况", 1, false},
		{"a page number that was not read", "一 7 ·", 0.4, true},
		{"the same of a text layer", "一 7 ·", 1, false},
		{"a heading that was read", "四、行政复议", 0.9, false},
		{"prose that was read", "本年度没有收到申请", 0.9, false},
	}
	for _, tt := range tests {
		a, b := part(1, cols, "a|1"), part(2, cols, "b|2")
		for _, at := range []int{0, 1} { // at the foot of the first page, at the head of the second
			pages := []layout.Page{
				{Number: 1, Width: 595, Height: 842, Words: []layout.Word{word("- 1 -", 280, 800)}},
				{Number: 2, Width: 595, Height: 842, Words: []layout.Word{word("- 2 -", 280, 800)}},
			}
			if tt.between != "" {
				w := word(tt.between, 50, []float64{760, 80}[at])
				w.Confidence = tt.read
				pages[at].Words = append(pages[at].Words, w)
			}
			if tt.name == "said so" && at == 0 {
				continue
			}
			first, second := *clone(&a), *clone(&b)
			tables.Flow(pages, [][]layout.Table{{first}, {second}})
			if joined := len(pages[1].Blocks) == 0; joined != tt.joined {
				t.Errorf("%s between the parts, on page %d: joined is %v", tt.name, at+1, joined)
			}
		}
	}
	// A table goes on over a page that has nothing but a part of it, and a page number that was not read.
	{
		a, b, c := part(1, cols, "a|1"), part(2, cols, "b|2"), part(3, cols, "c|3")
		w := word("人4", 280, 800)
		w.Confidence = 0.6
		pages := []layout.Page{{Number: 1, Width: 595, Height: 842}, {Number: 2, Width: 595, Height: 842, Words: []layout.Word{w}}, {Number: 3, Width: 595, Height: 842}}
		tables.Flow(pages, [][]layout.Table{{a}, {b}, {c}})
		if len(pages[1].Blocks)+len(pages[2].Blocks) > 0 || pages[0].Blocks[0].Table.Rows != 3 {
			t.Errorf("a table over three pages has %d rows", pages[0].Blocks[0].Table.Rows)
		}
	}
	// So it does though the part's header was read as another one, if that page number stands at the page's foot, on its own.
	for _, tt := range []struct {
		between string
		read    float64
		joined  bool
	}{{"冲", 0.26, true}, {"冲", 0.9, false}, {"冲刷了", 0.26, false}} {
		a, b := part(1, cols, "事项|数量", "a|1"), part(2, cols, "b|2")
		b.Cells[1].Text = "二"
		w := word(tt.between, 280, 800)
		w.Confidence = tt.read
		pages := []layout.Page{{Number: 1, Width: 595, Height: 842, Words: []layout.Word{w}}, {Number: 2, Width: 595, Height: 842}}
		tables.Flow(pages, [][]layout.Table{{a}, {b}})
		if joined := len(pages[1].Blocks) == 0; joined != tt.joined {
			t.Errorf("%s read with %.2f between the parts: joined is %v", tt.between, tt.read, joined)
		}
	}
	// A running head that was read differently on each page is one all the same.
	for _, read := range []float64{0.9, 1} {
		a, b := part(1, cols, "a|1"), part(2, cols, "b|2")
		var pages []layout.Page
		for i, head := range []string{"自水区人民政府2025年政府信息公开报告", "白水区人民政府2025年政府信息公开报告"} {
			w := word(head, 50, 30)
			w.Confidence = read
			pages = append(pages, layout.Page{Number: i + 1, Width: 595, Height: 842, Words: []layout.Word{w}})
		}
		tables.Flow(pages, [][]layout.Table{{a}, {b}})
		if joined := len(pages[1].Blocks) == 0; joined != (read < 1) {
			t.Errorf("running heads read with %.1f: joined is %v", read, joined)
		}
	}
	// A table with a header of its own is another one.
	a, b := part(1, cols, "a|1"), part(2, cols, "事项|数量", "b|2")
	w := word("一 7 ·", 50, 80)
	w.Confidence = 0.4
	pages := []layout.Page{{Number: 1, Width: 595, Height: 842}, {Number: 2, Width: 595, Height: 842, Words: []layout.Word{w}}}
	tables.Flow(pages, [][]layout.Table{{a}, {b}})
	if len(pages[1].Blocks) == 0 {
		t.Error("a table with a header of its own was joined over a stray line")
	}
}

func clone(t *layout.Table) *layout.Table {
	u := *t
	u.Cells = slices.Clone(t.Cells)
	return &u
}

func TestPictures(t *testing.T) {
	// A picture that may hold a table keeps its place among the text, and is joined with nothing.
	cols := []float64{50, 150, 500}
	a := part(1, cols, "a|1")
	pages := []layout.Page{
		{Number: 1, Width: 595, Height: 842, Pictures: []*layout.Source{{Box: layout.Rect{X0: 50, Y0: 500, X1: 500, Y1: 700}}}, Words: []layout.Word{word("三、情况", 50, 400)}},
		{Number: 2, Width: 595, Height: 842},
	}
	tables.Flow(pages, [][]layout.Table{{a}, {part(2, cols, "b|2")}})
	b := pages[0].Blocks
	if len(b) != 3 || b[0].Table == nil || b[1].Paragraph == nil || b[2].Table == nil || b[2].Table.Source != pages[0].Pictures[0] || b[2].Table.Picture == "" {
		t.Errorf("blocks %+v", b)
	}
	if len(pages[1].Blocks) != 1 {
		t.Error("a table was joined with a picture")
	}
}

func TestJoinReadings(t *testing.T) {
	// Text read from pixels is unsure: a repeated header is known by being alike, and what two
	// readings make together is as probable as both.
	cols := []float64{50, 150, 500}
	read := func(t layout.Table) layout.Table {
		for i := range t.Cells {
			c := &t.Cells[i]
			if c.Text == "" {
				c.Reading = &layout.Reading{}
				continue
			}
			c.Reading = &layout.Reading{Ink: true, Candidates: []layout.Candidate{{Text: c.Text, Probability: 0.9}}}
		}
		return t
	}
	a := read(part(1, cols, "本年新收申请数量|自然人", "（四）无|1.秘密", "^|2.法律"))
	b := read(part(2, cols, "木年新收申请数暈|自然人", "法提供|3.补正"))
	pages := []layout.Page{{Number: 1, Width: 595, Height: 842}, {Number: 2, Width: 595, Height: 842}}
	tables.Flow(pages, [][]layout.Table{{a}, {b}})
	if len(pages[1].Blocks) != 0 {
		t.Fatal("not joined")
	}
	joined := pages[0].Blocks[0].Table
	if got, want := render(joined), "本年新收申请数量|自然人\n（四）无/法提供|1.秘密\n^|2.法律\n^|3.补正"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if p := joined.At(1, 0).Confidence(); p < 0.80 || p > 0.82 {
		t.Errorf("confidence %g, want 0.81", p)
	}
}

func BenchmarkFlow(b *testing.B) {
	cols := []float64{50, 150, 300, 400, 500}
	for b.Loop() {
		var rows []string
		for i := range 25 {
			rows = append(rows, fmt.Sprintf("%d.项|内容|1|2", i))
		}
		pages := []layout.Page{{Number: 1, Width: 595, Height: 842}, {Number: 2, Width: 595, Height: 842}}
		tables.Flow(pages, [][]layout.Table{{part(1, cols, rows...)}, {part(2, cols, rows...)}})
	}
}
