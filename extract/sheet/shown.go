package sheet

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/layout/pattern"
)

// style is what a cell's style says of how its value is seen.
type style struct {
	border bool
	ground flow.Ground
	look   look
	code   string // the number format, "" where the library's own text is taken
	format string // the number format, whatever it is
	mute   bool   // texts are not shown
	date   bool   // numbers are shown as dates
	shrink bool   // what does not fit is shown smaller
	odd    bool   // what is shown may be other than what the format makes: filled up, indented, crossed out
}

// farIn is an indent that leads out of most cells.
const farIn = 15

func (f *reading) styleOf(name, at string) (style, error) {
	id, err := f.GetCellStyle(name, at)
	if err != nil {
		return style{}, err
	}
	if st, ok := f.styles[id]; ok {
		return st, nil
	}
	st := style{ground: flow.White}
	if s, err := f.GetStyle(id); err == nil { // a style that is not there says nothing
		for _, line := range s.Border {
			cross := strings.HasPrefix(line.Type, "diagonal")
			st.border = st.border || line.Style > 0 && !cross
			st.odd = st.odd || line.Style > 0 && cross
		}
		if a := s.Alignment; a != nil {
			st.odd = st.odd || a.Horizontal == "fill" || a.Indent >= farIn
			st.shrink = a.ShrinkToFit
		}
		st.ground, st.look = f.plain(id)
		if s.CustomNumFmt != nil {
			st.format = *s.CustomNumFmt
		} else if s.NumFmt > 0 && s.NumFmt < 1<<16 {
			st.format = builtin[uint16(s.NumFmt)]
		}
		st.code, st.mute = st.format, mute(st.format)
		if !plain(st.code) {
			st.code = ""
		}
		for _, section := range split(st.format) {
			of := parse(section)
			st.date, st.odd = st.date || of.date, st.odd || of.filled || of.parted || of.thousandths > 0
		}
	}
	f.styles[id] = st
	return st, nil
}

// plain gives the ground and the look of a format of cells.
func (f *reading) plain(id int) (flow.Ground, look) {
	ground, l := flow.White, look{told: true}
	if f.Styles == nil || f.Styles.CellXfs == nil || id < 0 || id >= len(f.Styles.CellXfs.Xf) {
		return ground, l
	}
	xf := f.Styles.CellXfs.Xf[id]
	if n := xf.FillID; n != nil && f.Styles.Fills != nil && *n >= 0 && *n < len(f.Styles.Fills.Fill) && f.Styles.Fills.Fill[*n] != nil {
		switch fill := f.Styles.Fills.Fill[*n]; {
		case fill.GradientFill != nil:
			ground = flow.Ground{}
		case fill.PatternFill != nil && fill.PatternFill.PatternType != "" && fill.PatternFill.PatternType != "none":
			dots, behind := flow.Color{}, flow.Paper // where it says nothing
			known, told := true, true
			if k := fill.PatternFill.FgColor; k != nil {
				dots, known = colorOf(f.File, k.Auto, k.RGB, k.Indexed, k.Theme, k.Tint)
			}
			if k := fill.PatternFill.BgColor; k != nil {
				behind, told = colorOf(f.File, k.Auto, k.RGB, k.Indexed, k.Theme, k.Tint)
			}
			ground = flow.Ground{Color: dots, Known: known}
			if fill.PatternFill.PatternType != "solid" && (!told || !dots.Near(behind)) {
				ground = flow.Ground{} // of two colors
			}
		}
	}
	if n := xf.FontID; n != nil && f.Styles.Fonts != nil && *n >= 0 && *n < len(f.Styles.Fonts.Font) && f.Styles.Fonts.Font[*n] != nil {
		font := f.Styles.Fonts.Font[*n]
		l = look{struck: font.Strike.Value(), told: true, size: font.Sz.Value(), rise: rises[font.VertAlign.Value()]}
		if k := font.Color; k != nil {
			l.color, l.told = colorOf(f.File, k.Auto, k.RGB, k.Indexed, k.Theme, k.Tint)
		}
	}
	return ground, l
}

// rises are the places above and below the line.
var rises = map[string]int{"superscript": 1, "subscript": -1}

// colorOf gives a color as a file names it: by itself, by its number in the palette, or in the theme.
func colorOf(f *excelize.File, auto bool, rgb string, indexed int, theme *int, tint float64) (flow.Color, bool) {
	const text, paper = 64, 65 // of the system
	const lightest, darkest = 0, 1
	base := ""
	switch {
	case auto:
		return flow.Color{}, true
	case theme != nil:
		if base = map[int]string{lightest: "FFFFFF", darkest: "000000"}[*theme]; f.Theme != nil {
			base = opaque(f.GetBaseColor("", 0, theme))
		}
	case rgb != "":
		base = opaque(rgb)
	case indexed == text:
		base = "000000"
	case indexed == paper:
		base = "FFFFFF"
	default:
		base = opaque(f.GetBaseColor("", indexed, nil))
	}
	if _, ok := flow.Hex(base); !ok {
		return flow.Color{}, false
	}
	return flow.Hex(opaque(excelize.ThemeColor(base, tint)))
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
func (f *reading) displayed(name, at, text string, st style, noZeros bool) (cell, error) {
	kind, err := f.GetCellType(name, at)
	if err != nil {
		return cell{}, err
	}
	raw, number := text, kind == excelize.CellTypeNumber || kind == excelize.CellTypeUnset
	formula := ""
	if number || kind == excelize.CellTypeFormula || text == "" {
		if formula, err = f.GetCellFormula(name, at); err != nil {
			return cell{}, err
		}
	}
	circular := formula != "" && f.circular(name, at, formula)
	stale := circular || formula != "" && changing().MatchString(formula)
	switch {
	case formula != "" && (f.code || circular && text == ""):
		return cell{lost: true}, nil
	case formula != "" && text == "":
		if raw, text, err = f.compute(name, at); err != nil || raw == "" && kind != excelize.CellTypeFormula {
			// A result that is a blank text is one only where the type of the cell says that it is a text.
			return cell{lost: true}, nil
		}
		number = true
	case number:
		if raw, err = f.GetCellValue(name, at, excelize.Options{RawCellValue: true}); err != nil {
			return cell{}, err
		}
		if formula != "" {
			stale = stale || f.anew && f.differs(name, at, raw)
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
		c := written(f.File, text, runs, st)
		c.struck = c.struck || st.odd && figure.Bare(c.text)
		return c, nil
	}
	look := st.look
	v, err := strconv.ParseFloat(raw, 64)
	number = number && err == nil
	if number {
		section, _ := choose(split(st.format), v)
		if of := parse(section); of.colored {
			look.color, look.told = of.color, true
		}
		switch {
		case v == 0 && noZeros:
			text = ""
		case st.code != "":
			if text = show(v, st.code, false); text == "" && v != 0 {
				return cell{lost: true}, nil // its format hides it
			}
		}
	}
	c := join(st.ground, ink{text, look})
	c.struck = c.struck || (stale || st.odd || number && st.date) && figure.Bare(c.text)
	c.number, c.value, c.look, c.ground = number, v, look, st.ground
	if number && !st.shrink {
		c.need = needed(c.text, st.format == "" || st.format == "General", look.size)
	}
	return c, nil
}

// changing are the functions whose results are others each time that the workbook is opened.
var changing = pattern.Of(`(?i)\b(?:TODAY|NOW|RAND|RANDBETWEEN|RANDARRAY)\(`)

// compute gives the result of a formula, raw and as its format shows it.
func (f *reading) compute(name, at string) (raw, text string, err error) {
	if f.computed <= 0 || f.spent > timeComputed {
		return "", "", errTooMany
	}
	began := time.Now()
	defer func() { f.computed, f.spent = f.computed-1, f.spent+time.Since(began) }()
	if raw, err = f.CalcCellValue(name, at, excelize.Options{RawCellValue: true}); err == nil {
		text, err = f.CalcCellValue(name, at)
	}
	return raw, text, err
}

var errTooMany = errors.New("too many formulas without results")

// differs says that a formula's result is another than the one that the file holds.
func (f *reading) differs(name, at, held string) bool {
	now, _, err := f.compute(name, at)
	a, err0 := strconv.ParseFloat(held, 64)
	b, err1 := strconv.ParseFloat(now, 64)
	const rounding = 1e-9
	return err != nil || err0 != nil || err1 != nil || math.Abs(a-b) > rounding*math.Max(1, math.Abs(a))
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

// lookOf gives the look of the font of a run.
func lookOf(f *excelize.File, font excelize.Font) look {
	l := look{struck: font.Strike, told: true, size: font.Size, rise: rises[font.VertAlign]} // what says no color is black
	const cut = 4                                                                            // digits that the library leaves of a color of six that begins with FF
	if font.Color != "" || font.ColorIndexed != 0 || font.ColorTheme != nil {
		rgb := font.Color
		if len(rgb) == cut {
			rgb = "FF" + rgb
		}
		l.color, l.told = colorOf(f, false, rgb, font.ColorIndexed, font.ColorTheme, font.ColorTint)
	}
	return l
}

// look is how a run of text is shown.
type look struct {
	struck bool
	rise   int        // above the line, or below it
	color  flow.Color // of the text, where told is set
	told   bool
	size   float64 // in points, 0 where nobody says
}

// smallest in points is the size up to which print is not seen; leastSmaller by how much figures are smaller than those beside them where they
// may be the mark of a note.
const smallest, leastSmaller = 2, 1.25

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
	last := 0.0 // size of the run before
	for _, r := range runs {
		blank := flow.Clean(r.text) == ""
		held = held || !blank
		if before := b.String(); before != "" && !blank && r.rise == 0 && !r.struck && last > 0 && r.size > 0 && math.Max(last, r.size) >= leastSmaller*math.Min(last, r.size) &&
			figure.IsDigit(rune(before[len(before)-1])) && figure.IsDigit(rune(r.text[0])) {
			c.struck = true
		}
		last = r.size
		switch {
		case r.size > 0 && r.size <= smallest:
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
