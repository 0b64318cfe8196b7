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
	ground flow.Ground
	look   look
	code   string // the number format, "" where the library's own text is taken
	mute   bool   // texts are not shown
}

func styleOf(f *excelize.File, name, at string, known map[int]style) (style, error) {
	id, err := f.GetCellStyle(name, at)
	if err != nil {
		return style{}, err
	}
	if st, ok := known[id]; ok {
		return st, nil
	}
	st := style{ground: flow.White}
	if s, err := f.GetStyle(id); err == nil { // a style that is not there says nothing
		for _, line := range s.Border {
			st.border = st.border || line.Style > 0
		}
		st.ground = groundOf(s.Fill)
		if s.Font != nil {
			st.look = lookOf(f, *s.Font)
		}
		if s.CustomNumFmt != nil {
			st.code = *s.CustomNumFmt
		} else if s.NumFmt > 0 && s.NumFmt < 1<<16 {
			st.code = builtin[uint16(s.NumFmt)]
		}
		st.mute = mute(st.code)
		if !plain(st.code) {
			st.code = ""
		}
	}
	known[id] = st
	return st, nil
}

// groundOf gives the ground that a cell has of its fill.
func groundOf(fill excelize.Fill) flow.Ground {
	const solid = 1
	switch {
	case fill.Type == "" || fill.Type == "pattern" && fill.Pattern == 0:
		return flow.White
	case fill.Type != "pattern" || fill.Pattern != solid || len(fill.Color) == 0:
		return flow.Ground{}
	}
	c, ok := flow.Hex(opaque(fill.Color[0]))
	return flow.Ground{Color: c, Known: ok}
}

// opaque leaves out how much is seen through a color: spreadsheets do not show it.
func opaque(color string) string {
	const digits = 6
	return color[max(0, len(color)-digits):]
}

// plain says that a format has only sections that show writes as Excel does: no dates or fractions, and no General, whose text the library writes with more digits.
func plain(code string) bool {
	for _, section := range split(code) {
		f := parse(section)
		if f.date || f.strange || strings.Contains(section, "General") {
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
		if st.mute {
			raw, err = f.GetCellValue(name, at, excelize.Options{RawCellValue: true})
			return cell{lost: flow.Clean(raw) != ""}, err
		}
		return written(f, text, runs, st), nil
	}
	if v, err := strconv.ParseFloat(raw, 64); err == nil && number {
		switch {
		case v == 0 && noZeros:
			text = ""
		case st.code != "":
			if text = show(v, st.code, false); text == "" && v != 0 {
				return cell{lost: true}, nil // its format hides it
			}
		}
	}
	return join(st.ground, ink{text, st.look}), nil
}

// written gives a text of several runs, each in its font.
func written(f *excelize.File, text string, runs []excelize.RichTextRun, st style) cell {
	var inks []ink
	for _, r := range runs {
		in := ink{r.Text, st.look}
		if r.Font != nil {
			in.look = lookOf(f, *r.Font)
		}
		inks = append(inks, in)
	}
	if len(inks) == 0 || !slices.ContainsFunc(inks, func(i ink) bool { return i.look != inks[0].look }) {
		in := ink{text, st.look}
		if len(inks) > 0 {
			in.look = inks[0].look
		}
		return join(st.ground, in) // the library's text is as it stands in the cell
	}
	return join(st.ground, inks...)
}

// lookOf gives the look of a font.
func lookOf(f *excelize.File, font excelize.Font) look {
	l := look{struck: font.Strike, told: true} // what says no color is black
	switch font.VertAlign {
	case "superscript":
		l.rise = 1
	case "subscript":
		l.rise = -1
	}
	if color := f.GetBaseColor(font.Color, font.ColorIndexed, font.ColorTheme); color != "" {
		l.color, l.told = flow.Hex(opaque(excelize.ThemeColor(opaque(color), font.ColorTint)))
	} else if font.ColorTheme != nil {
		const lightest = 0 // of the theme, which is paper
		l.color, l.told = flow.Paper, *font.ColorTheme == lightest
	}
	return l
}

// look is how a run of text is shown.
type look struct {
	struck bool
	rise   int        // above the line, or below it
	color  flow.Color // of the text, where told is set
	told   bool
}

// ink is a run of text and its look.
type ink struct {
	text string
	look
}

// join gives the cell that runs of text make on a ground: nothing of what is struck out or, having the color of its ground, not seen; raised and lowered
// digits are the marks of notes. Such a color is believed of figures alone: the ground of a heading may be another one for reasons that are not read.
func join(ground flow.Ground, runs ...ink) cell {
	var b strings.Builder
	var c cell
	held := false
	for _, r := range runs {
		blank := flow.Clean(r.text) == ""
		held = held || !blank
		switch {
		case r.struck:
			c.struck = c.struck || !blank
		case r.told && ground.Hides(r.color) && figure.Bare(strings.TrimSpace(r.text)):
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
