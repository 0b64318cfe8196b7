package normalize

import (
	"strings"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
)

// unitOf finds the unit that a cell prints, beside a number or alone.
func unitOf(s string) string {
	if f := figure.Parse(s); f.Decimal != "" {
		return f.Unit
	}
	return unitIn(s)
}

// unitIn finds the unit in words that are no number.
func unitIn(s string) string {
	s = strings.Join(strings.Fields(s), "")
	for _, u := range []string{"万元", "亿元", "人次"} {
		if strings.Contains(s, u) {
			return u
		}
	}
	if u := strings.Trim(s, "()（）"); figure.IsUnit(u) {
		return u
	}
	if !strings.Contains(s, "单位") {
		return ""
	}
	if us := figure.StatedUnits(s); len(us) > 0 {
		return us[0]
	}
	return ""
}

// field says what is known of the place of a form's field.
func (f *fit) field(fd form.Field) figure.Field {
	out := figure.Field{Unit: fd.Unit(), Signed: fd.Signed}
	if fd.Col.UnitKey != "" {
		out.Unit = f.units[unitPath(fd.Path, fd.Col.UnitKey)]
		return out
	}
	if out.Unit == "" {
		out.Unit = figure.Count
	}
	h := f.hits[fd.Path]
	for _, c := range h.beside {
		if c != h.cell && states(c.Text, &out) {
			return out
		}
	}
	if h.over == nil || !states(h.over.Text, &out) {
		states(f.caption, &out)
	}
	return out
}

// unitPath is where a report says the unit of a value that it chooses itself.
func unitPath(path, key string) string { return path[:strings.LastIndex(path, "/")+1] + key }

// states says whether a text states in which unit a field's figures are, and keeps that where it is another than
// the field's own. What lists several units for one kind of thing does not say it.
func states(text string, f *figure.Field) bool {
	if !strings.ContainsAny(text, figure.Powers) {
		return false // most texts are labels
	}
	stated := ""
	for _, u := range figure.StatedUnits(text) {
		if !figure.SameKind(u, f.Unit) {
			continue
		}
		if stated != "" && !figure.SameUnit(u, stated) {
			return false
		}
		stated = u
	}
	if stated == "" {
		return false
	}
	if !figure.SameUnit(stated, f.Unit) {
		f.Stated = stated
	}
	return true
}

// captionLines is how many paragraphs above a table may be its caption.
const captionLines = 2

// captions gives what is said of units just above each table.
func captions(blocks []layout.Block) map[*layout.Table]string {
	out := map[*layout.Table]string{}
	for i, b := range blocks {
		if b.Table == nil {
			continue
		}
		for k := i - 1; k >= max(0, i-captionLines) && blocks[k].Paragraph != nil; k-- {
			if s := blocks[k].Paragraph.Text; isCaption(s) {
				out[b.Table] = s
				break
			}
		}
	}
	return out
}

// isCaption says that a text does little else than state a table's units.
func isCaption(s string) bool {
	s = strings.TrimLeft(narrow(s), "(（")
	return len([]rune(s)) <= longestCaption && (strings.HasPrefix(s, "单位") || strings.HasPrefix(s, "單位")) && len(figure.StatedUnits(s)) > 0
}

// longestCaption in characters: 单位：件、条、次、人次、万元 has less.
const longestCaption = 24
