package sheet

import (
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/layout/figure"
)

// style is what a cell's style says of how its value is seen.
type style struct {
	border bool
	filled bool // it has a ground of its own
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
		st.filled = s.Fill.Type != "" && (s.Fill.Type != "pattern" || s.Fill.Pattern > 0) && !slices.ContainsFunc(s.Fill.Color, func(c string) bool { return strings.HasSuffix(strings.ToUpper(c), "FFFFFF") })
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
// its result is computed.
func displayed(f *excelize.File, name, at, text string, st style, noZeros bool) (cell, error) {
	kind, err := f.GetCellType(name, at)
	if err != nil {
		return cell{}, err
	}
	raw, number := text, kind == excelize.CellTypeNumber || kind == excelize.CellTypeUnset
	formula := ""
	if text == "" {
		if formula, err = f.GetCellFormula(name, at); err != nil {
			return cell{}, err
		}
	}
	switch {
	case formula != "":
		if raw, err = f.CalcCellValue(name, at, excelize.Options{RawCellValue: true}); err == nil {
			text, err = f.CalcCellValue(name, at)
		}
		// A result that is a blank text is one only where the type of the cell says that it is a text.
		if err != nil || raw == "" && kind != excelize.CellTypeFormula {
			return cell{lost: true}, nil
		}
		number = true
	case number:
		if raw, err = f.GetCellValue(name, at, excelize.Options{RawCellValue: true}); err != nil {
			return cell{}, err
		}
	case kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString:
		runs, err := f.GetCellRichText(name, at)
		if err != nil {
			return cell{}, err
		}
		return written(text, runs, st), nil
	}
	if v, err := strconv.ParseFloat(raw, 64); err == nil && number {
		switch {
		case v == 0 && noZeros:
			text = ""
		case st.code != "":
			text = show(v, st.code, false)
		}
	}
	return join(ink{text, inkOf(st.font, st.filled)}), nil
}

// written gives a text of several runs, each in its font.
func written(text string, runs []excelize.RichTextRun, st style) cell {
	plain := inkOf(st.font, st.filled)
	var inks []ink
	marked := plain != look{}
	for _, r := range runs {
		in := ink{r.Text, plain}
		if r.Font != nil {
			in.look = inkOf(*r.Font, st.filled)
		}
		marked = marked || in.look != look{}
		inks = append(inks, in)
	}
	if !marked || len(inks) == 0 {
		return join(ink{text, plain})
	}
	return join(inks...)
}

// inkOf gives the look of a font; filled says that the cell has a ground of its own.
func inkOf(font excelize.Font, filled bool) look {
	l := look{struck: font.Strike, white: !filled && white(font)}
	switch font.VertAlign {
	case "superscript":
		l.rise = 1
	case "subscript":
		l.rise = -1
	}
	return l
}

func white(font excelize.Font) bool {
	const lightest = 0 // of the theme
	return strings.HasSuffix(strings.ToUpper(font.Color), "FFFFFF") || font.ColorTheme != nil && *font.ColorTheme == lightest && font.ColorTint > -0.1
}

// look is how a run of text is shown.
type look struct {
	struck, white bool
	rise          int // above the line, or below it
}

// ink is a run of text and its look.
type ink struct {
	text string
	look
}

// join gives the cell that runs of text make: nothing of what is struck out or, being white, not seen on the paper; raised and lowered
// digits are the marks of notes. White is believed of figures alone: the ground of a heading may be dark for reasons that are not read.
func join(runs ...ink) cell {
	var b strings.Builder
	var c cell
	held := false
	for _, r := range runs {
		blank := flow.Clean(r.text) == ""
		held = held || !blank
		switch {
		case r.struck:
			c.struck = c.struck || !blank
		case r.white && figure.Bare(strings.TrimSpace(r.text)):
		case r.rise > 0:
			b.WriteString(flow.Superscript(r.text))
		case r.rise < 0:
			b.WriteString(flow.Subscript(r.text))
		default:
			b.WriteString(r.text)
		}
	}
	c.text = flow.Clean(b.String())
	c.lost = c.text == "" && held
	return c
}
