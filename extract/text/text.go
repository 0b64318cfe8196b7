// Package text reads plain text and Markdown: reports as somebody copied them from a page.
//
// Tables come as lines with tabs (what browsers and spreadsheets put on the clipboard), as Markdown
// pipe tables, or as HTML inside Markdown. Spans are lost in the first two: the grid is given as it
// stands. Lines that are no table are paragraphs, one a line, with headings where # tells them.
package text

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/extract/charset"
	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/extract/html"
	"github.com/nianbao/nianbao/extract/kind"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/layout/pattern"
)

// maxBytes of one text; the longest reports have a few hundred kilobytes.
const maxBytes = 32 << 20

// Read gives the blocks of a text. Errors wrap diag.ErrEmpty, diag.ErrTooLarge, or diag.ErrFormat for
// what is no text.
func Read(data []byte) (*layout.Document, []diag.Warning, error) {
	if len(data) == 0 {
		return nil, nil, diag.ErrEmpty
	}
	if len(data) > maxBytes {
		return nil, nil, fmt.Errorf("%w: %d bytes of text", diag.ErrTooLarge, len(data))
	}
	t := charset.Decode(data, "")
	if !kind.Readable(t.Text) {
		return nil, nil, fmt.Errorf("%w: not a text", diag.ErrFormat)
	}
	if flow.Clean(t.Text) == "" {
		return nil, nil, diag.ErrEmpty
	}
	var warnings []diag.Warning
	// Plain text has no place to declare its encoding; UTF-8 proves itself.
	if t.Encoding != charset.UTF8 || t.Lost > 0 {
		m := "the text was read as " + t.Encoding
		if t.Lost > 0 {
			m += fmt.Sprintf(", %d characters could not be decoded", t.Lost)
		}
		warnings = append(warnings, diag.Warning{Code: diag.EncodingGuessed, Message: m})
	}
	return flow.Document(blocks(t.Text)), warnings, nil
}

var (
	heading   = pattern.Of(`^ {0,3}(#{1,6})(|[^#].*?)[ \t]*#*[ \t]*$`)
	underline = pattern.Of(`^ {0,3}(=+|-{3,})[ \t]*$`)
	rule      = pattern.Of(`^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$`)
	escape    = pattern.Of("\\\\([\\\\`*_{}\\[\\]()#+\\-.!|<>~])")
	strong    = pattern.Of(`\*\*([^*\n]+)\*\*|__([^_\n]+)__`)
	tableTag  = pattern.Of(`(?i)<table[\s>]`)
	tableEnd  = pattern.Of(`(?i)</table\s*>`)
)

func blocks(text string) []layout.Block {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n", "\u2028", "\n", "\u2029", "\n").Replace(text)
	lines := strings.Split(text, "\n")
	var out []layout.Block
	for i := 0; i < len(lines); {
		line := lines[i]
		if at := tableTag().FindStringIndex(line); at != nil {
			out = append(out, paragraph(line[:at[0]])...)
			b, next := markup(lines, i, at[0])
			out, i = append(out, b...), next
			continue
		}
		if n := tabbed(lines[i:]); n > 0 {
			if stacked(lines[i : i+n]) {
				for _, l := range lines[i : i+n] {
					out = append(out, paragraph(l)...)
				}
			} else {
				out = append(out, grid(trimmed(cells(lines[i:i+n])))...)
			}
			i += n
			continue
		}
		if n := piped(lines[i:]); n > 0 {
			out, i = append(out, pipes(lines[i:i+n])...), i+n
			continue
		}
		if i+1 < len(lines) && strings.TrimSpace(line) != "" && underline().MatchString(lines[i+1]) && strings.HasPrefix(strings.TrimSpace(lines[i+1]), "=") {
			out, i = append(out, titled(line, 1)...), i+2
			continue
		}
		out, i = append(out, paragraph(line)...), i+1
	}
	return out
}

// paragraph gives one line as a block, none when it is blank.
func paragraph(line string) []layout.Block {
	if m := heading().FindStringSubmatch(line); m != nil {
		return titled(m[2], len(m[1]))
	}
	if underline().MatchString(line) {
		return nil // a line drawn across the page
	}
	return titled(line, 0)
}

func titled(line string, level int) []layout.Block {
	if t := flow.Clean(plain(line)); t != "" {
		return []layout.Block{flow.Paragraph(t, level)}
	}
	return nil
}

// plain takes Markdown's marks out of a line.
func plain(s string) string {
	s = strong().ReplaceAllString(s, "$1$2")
	return escape().ReplaceAllString(s, "$1")
}

// markup reads an HTML table that starts in a line, and gives the line after it.
func markup(lines []string, i, at int) ([]layout.Block, int) {
	depth := 0
	var b strings.Builder
	for j := i; j < len(lines); j++ {
		l := lines[j]
		if j == i {
			l = l[at:]
		}
		b.WriteString(l + "\n")
		depth += len(tableTag().FindAllString(l, -1)) - len(tableEnd().FindAllString(l, -1))
		if depth <= 0 {
			i = j
			break
		}
		i = j
	}
	out, err := html.Blocks(b.String())
	if err != nil {
		return nil, i + 1
	}
	return out, i + 1
}

// tabbed gives the number of lines from the first on that make a table with tabs, 0 for none. A
// single line with a tab is prose. Inside a table an editor may have taken trailing tabs away, so a
// line without tabs belongs to it when lines with tabs stand on both sides.
func tabbed(lines []string) int {
	if !strings.Contains(lines[0], "\t") || strings.TrimSpace(lines[0]) == "" {
		return 0
	}
	n, rows := 0, 0
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		if k := quoted(lines[i:]); k > 1 {
			i += k - 1
			n, rows = i+1, rows+1
			continue
		}
		if strings.TrimSpace(l) == "" && !strings.Contains(l, "\t") {
			break
		}
		if heading().MatchString(l) && !strings.Contains(l, "\t") {
			break
		}
		if strings.Contains(l, "\t") {
			n, rows = i+1, rows+1
			continue
		}
		const gap = 2 // lines without tabs in a row
		if i-n >= gap {
			break
		}
	}
	if rows < 2 && strings.Count(lines[0], "\t") < 2 {
		return 0
	}
	return n
}

// stacked says that lines with tabs are cells that stand one under the other, each behind a tab: browsers
// copy cells so that hold paragraphs.
func stacked(lines []string) bool {
	alone, all := 0, 0
	for _, l := range lines {
		if strings.Contains(l, "\t") {
			all++
		}
		if strings.HasPrefix(l, "\t") && !strings.Contains(strings.TrimSpace(l), "\t") && strings.Count(l, "\t") == 1 {
			alone++
		}
	}
	return 2*alone > all
}

// quoted gives the number of lines over which a row goes on because a spreadsheet quoted a cell with
// line ends in it; 1 when it does not.
func quoted(lines []string) int {
	const longest = 12
	open := false
	for i := range min(len(lines), longest) {
		for j, f := range strings.Split(lines[i], "\t") {
			if j > 0 || i == 0 {
				if open = strings.HasPrefix(f, `"`); !open {
					continue
				}
				f = f[1:]
			}
			if open && strings.HasSuffix(strings.ReplaceAll(f, `""`, ""), `"`) {
				open = false
			}
		}
		if !open {
			return i + 1
		}
	}
	return 1
}

// cells parts lines with tabs into cells.
func cells(lines []string) [][]string {
	var out [][]string
	for i := 0; i < len(lines); {
		k := quoted(lines[i:])
		row := strings.Split(strings.Join(lines[i:i+k], "\n"), "\t")
		for j, c := range row {
			if len(c) >= 2 && strings.HasPrefix(c, `"`) && strings.HasSuffix(c, `"`) && (k > 1 || strings.Contains(c, `""`)) {
				c = strings.ReplaceAll(c[1:len(c)-1], `""`, `"`)
			}
			row[j] = flow.Clean(c)
		}
		out, i = append(out, row), i+k
	}
	return out
}

// piped gives the number of lines of a table in pipes, 0 when there is none: as Markdown has it, in pipes on
// both sides, or with a pipe behind every cell.
func piped(lines []string) int {
	if len(lines) < 2 || !strings.Contains(lines[0], "|") {
		return 0
	}
	run := func(from int, is func(string) bool) int {
		for from < len(lines) && is(lines[from]) {
			from++
		}
		return from
	}
	switch {
	case rule().MatchString(lines[1]):
		return run(2, func(l string) bool { return strings.Contains(l, "|") && strings.TrimSpace(l) != "" })
	case framed(lines[0]):
		if n := run(1, framed); n >= 2 {
			return n
		}
	case closed(lines[0]):
		n, wide := run(1, closed), 0
		for _, l := range lines[:n] {
			if strings.Count(l, "|") > 1 {
				wide++
			}
		}
		if n >= 2 && 2*wide > n { // else the cells stand one under the other
			return n
		}
	}
	return 0
}

func framed(line string) bool {
	l := strings.TrimSpace(line)
	return len(l) > 2 && strings.HasPrefix(l, "|") && strings.HasSuffix(l, "|")
}

// closed says that a line's last cell has a pipe behind it.
func closed(line string) bool {
	l := strings.TrimSpace(line)
	return strings.HasSuffix(l, "|") && strings.Trim(l, "| ") != ""
}

func pipes(lines []string) []layout.Block {
	// A pipe before the first cell is none of the walls between them, but where no pipe stands before the
	// first line's: there it ends a blank cell.
	framed := strings.HasPrefix(strings.TrimSpace(lines[0]), "|")
	var rows [][]string
	for i, l := range lines {
		// The rule under the head may be of single dashes; further down those are values.
		if rule().MatchString(l) && (i == 1 || strings.Contains(l, "---")) {
			continue
		}
		l = strings.TrimSpace(l)
		if framed {
			l = strings.TrimPrefix(l, "|")
		}
		rows = append(rows, row(l))
	}
	return grid(trimmed(rows))
}

// row parts a line without its outer blanks at its pipes, except those that are escaped.
func row(l string) []string {
	var out []string
	var b strings.Builder
	for i := 0; i < len(l); i++ {
		switch {
		case l[i] == '\\' && i+1 < len(l) && l[i+1] == '|':
			b.WriteByte('|')
			i++
		case l[i] == '|':
			out = append(out, b.String())
			b.Reset()
		default:
			b.WriteByte(l[i])
		}
	}
	if strings.TrimSpace(b.String()) != "" || !strings.HasSuffix(l, "|") {
		out = append(out, b.String())
	}
	for i, c := range out {
		c = breaks().ReplaceAllString(c, "\n")
		out[i] = flow.Clean(plain(c))
	}
	return out
}

var breaks = pattern.Of(`(?i)<br\s*/?>`)

// trimmed takes the blanks from the ends of rows of labels: there they stand for the columns that a
// merged cell covers. In a row with values they may be blank values, which are a statement.
func trimmed(rows [][]string) [][]string {
	for i, cells := range rows {
		if slices.ContainsFunc(cells, figure.Begins) {
			continue
		}
		for len(cells) > 1 && cells[len(cells)-1] == "" {
			cells = cells[:len(cells)-1]
		}
		rows[i] = cells
	}
	return rows
}

func grid(rows [][]string) []layout.Block {
	t := &layout.Table{Rows: len(rows)}
	for i, cells := range rows {
		cells = cells[:min(len(cells), flow.MaxColumns)]
		t.Cols = max(t.Cols, len(cells))
		for j, c := range cells {
			t.Cells = append(t.Cells, layout.Cell{Row: i, Col: j, RowSpan: 1, ColSpan: 1, Text: c})
		}
	}
	return []layout.Block{{Table: t}}
}
