package sheet

import (
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/extract/flow"
)

// style is what a cell's style says of how its value is seen.
type style struct {
	border bool
	font   excelize.Font
	code   string // the number format, "" where the library's own text is taken
}

func styleOf(f *excelize.File, name, at string, known map[int]style) (style, error) {
	id, err := f.GetCellStyle(name, at)
	if err != nil {
		return style{}, err
	}
	if st, ok := known[id]; ok {
		return st, nil
	}
	var st style
	if s, err := f.GetStyle(id); err == nil { // a style that is not there says nothing
		for _, line := range s.Border {
			st.border = st.border || line.Style > 0
		}
		if s.Font != nil {
			st.font = *s.Font
		}
		if s.CustomNumFmt != nil {
			st.code = *s.CustomNumFmt
		} else if s.NumFmt > 0 && s.NumFmt < 1<<16 {
			st.code = builtin[uint16(s.NumFmt)]
		}
		if !plain(st.code) {
			st.code = ""
		}
	}
	known[id] = st
	return st, nil
}

// plain says that a format has only sections that show writes as Excel does: no dates, fractions or
// conditions, and no General, whose text the library writes with more digits.
func plain(code string) bool {
	for _, section := range split(code) {
		f := parse(section)
		if f.date || f.strange || strings.Contains(section, "General") || strings.Contains(section, "[<") || strings.Contains(section, "[>") || strings.Contains(section, "[=") {
			return false
		}
	}
	return code != "" && !strings.HasPrefix(code, "@")
}

// displayed gives what a cell shows; text is what the library makes of its value. A formula without
// its result is computed. Lost is a cell whose value cannot be told or is struck out.
func displayed(f *excelize.File, name, at, text string, st style, noZeros bool) (_ string, lost bool, err error) {
	kind, err := f.GetCellType(name, at)
	if err != nil {
		return "", false, err
	}
	raw, number := text, kind == excelize.CellTypeNumber || kind == excelize.CellTypeUnset
	formula := ""
	if text == "" {
		if formula, err = f.GetCellFormula(name, at); err != nil {
			return "", false, err
		}
	}
	switch {
	case formula != "":
		if raw, err = f.CalcCellValue(name, at, excelize.Options{RawCellValue: true}); err == nil {
			text, err = f.CalcCellValue(name, at)
		}
		// A result that is a blank text is one only where the type of the cell says that it is a text.
		if err != nil || raw == "" && kind != excelize.CellTypeFormula {
			return "", true, nil
		}
		number = true
	case number:
		if raw, err = f.GetCellValue(name, at, excelize.Options{RawCellValue: true}); err != nil {
			return "", false, err
		}
	case kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString:
		text, lost, err = written(f, name, at, text, st.font)
		return flow.Clean(text), lost, err
	}
	if v, err := strconv.ParseFloat(raw, 64); err == nil && number {
		switch {
		case v == 0 && noZeros:
			text = ""
		case st.code != "":
			text = show(v, st.code, false)
		}
	}
	struck := st.font.Strike && text != ""
	return flow.Clean(inked(text, st.font)), struck, nil
}

// written gives a text without its struck runs, raised and lowered digits as notes. Lost is a text
// of which nothing is left.
func written(f *excelize.File, name, at, text string, font excelize.Font) (_ string, lost bool, err error) {
	runs, err := f.GetCellRichText(name, at)
	if err != nil {
		return "", false, err
	}
	marked := font.Strike || font.VertAlign != ""
	for _, r := range runs {
		marked = marked || r.Font != nil && (r.Font.Strike || r.Font.VertAlign != "")
	}
	if !marked {
		return text, false, nil
	}
	var b strings.Builder
	for _, r := range runs {
		if r.Font == nil {
			r.Font = &font
		}
		b.WriteString(inked(r.Text, *r.Font))
	}
	left := strings.TrimSpace(b.String())
	return b.String(), left == "" && text != "", nil
}

// inked is a text in a font: nothing where it is struck out.
func inked(text string, font excelize.Font) string {
	switch {
	case font.Strike:
		return ""
	case font.VertAlign == "superscript":
		return flow.Superscript(text)
	case font.VertAlign == "subscript":
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return '₀' + r - '0'
			}
			return r
		}, text)
	}
	return text
}
