package sheet

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/layout/pattern"
)

// builtin are the number formats that files name without saying them ([MS-XLS] 2.4.126), those with a
// currency sign left out, since files say these.
var builtin = map[uint16]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
	5: "#,##0;-#,##0", 6: "#,##0;-#,##0", 7: "#,##0.00;-#,##0.00", 8: "#,##0.00;-#,##0.00", 12: "# ?/?", 13: "# ??/??", 48: "##0.0E+0", 49: "@",
	27: `yyyy"年"m"月"`, 28: `m"月"d"日"`, 29: `m"月"d"日"`, 30: "m-d-yy", 31: `yyyy"年"m"月"d"日"`, 32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss", 36: `yyyy"年"m"月"`,
	45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 50: `yyyy"年"m"月"`, 51: `m"月"d"日"`, 52: `yyyy"年"m"月"`, 53: `m"月"d"日"`, 54: `m"月"d"日"`, 55: "h:mm", 56: "h:mm:ss",
	57: `yyyy"年"m"月"`, 58: `m"月"d"日"`,
	14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
	37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
	41: `#,##0;-#,##0;"-"`, 43: `#,##0.00;-#,##0.00;"-"`,
}

// show writes a number in a number format. Formats of fractions and of scientific notation, which
// these reports do not use, are shown as General.
func show(v float64, code string, date1904 bool) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	section, v := choose(split(code), v)
	f := parse(section)
	switch {
	case f.strange:
		return general(v)
	case f.general || code == "":
		return f.before + general(v) + f.after
	case f.date:
		return date(v, date1904)
	case !f.digits:
		return f.before // only text, such as "-" for zero, or nothing at all
	}
	if f.percent {
		v *= 100
	}
	for range f.thousandths {
		v /= 1000
	}
	s := strconv.FormatFloat(round(v, f.decimals), 'f', f.decimals, 64)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
		if strings.Trim(s, "0.") == "" {
			sign = ""
		}
	}
	whole, fraction, _ := strings.Cut(s, ".")
	fraction = strings.TrimRight(fraction, "0") + strings.Repeat("0", max(0, f.fixed-len(strings.TrimRight(fraction, "0"))))
	if whole == "0" && f.least == 0 {
		whole = ""
	}
	for len(whole) < f.least {
		whole = "0" + whole
	}
	if f.group {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "," + whole[i:]
		}
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if f.percent {
		whole += "%"
	}
	return sign + f.before + whole + f.after
}

// choose gives the section in which a number is shown, and the number as that shows it. The sections of a format are those of positive and negative
// numbers and of zero, unless they say other conditions; what meets none is shown by the last.
func choose(sections []string, v float64) (string, float64) {
	if len(sections) > 3 {
		sections = sections[:3] // the fourth is that of texts
	}
	first := condition().FindStringSubmatch(sections[0])
	if first == nil {
		switch {
		case len(sections) >= 2 && v < 0 && condition().FindString(sections[1]) == "":
			return sections[1], -v
		case len(sections) >= 3 && v == 0:
			return sections[2], v
		}
		return sections[0], v
	}
	if meets(v, first) || len(sections) == 1 {
		return sections[0], v
	}
	if len(sections) == 2 {
		return sections[1], v
	}
	if second := condition().FindStringSubmatch(sections[1]); second != nil && meets(v, second) {
		return sections[1], v
	} else if second == nil && v < 0 {
		return sections[1], -v
	}
	return sections[2], v
}

// condition is what a section may ask of a number.
var condition = pattern.Of(`^(?:\[[^<>=\]]*\])*\[(<=|>=|<>|<|>|=)(-?[0-9.]+)\]`)

func meets(v float64, c []string) bool {
	than, err := strconv.ParseFloat(c[2], 64)
	if err != nil {
		return false
	}
	switch c[1] {
	case "<":
		return v < than
	case ">":
		return v > than
	case "<=":
		return v <= than
	case ">=":
		return v >= than
	case "=":
		return v == than
	}
	return v != than
}

// mute says that a format shows no text.
func mute(code string) bool {
	const texts = 3 // the section of texts
	sections := split(code)
	return len(sections) > texts && strings.TrimSpace(sections[texts]) == ""
}

// round rounds half away from zero on the decimal digits, as spreadsheets do.
func round(v float64, decimals int) float64 {
	const exact = 15 // decimal digits that a float64 always holds
	if s, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', exact, 64), 64); err == nil {
		v = s
	}
	p := math.Pow10(decimals)
	if math.Abs(v*p) < 1<<52 {
		return math.Copysign(math.Floor(math.Abs(v*p)+0.5+1e-9), v) / p
	}
	return v
}

func general(v float64) string {
	const digits = 11 // that General shows at most; longer numbers it shows with an exponent
	if math.Abs(v) >= 1e11 {
		return strconv.FormatFloat(v, 'E', 5, 64)
	}
	s := strconv.FormatFloat(v, 'g', digits, 64)
	if f, err := strconv.ParseFloat(s, 64); err == nil && (f == 0 || math.Abs(f) >= 1e-9) {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return s
}

func date(v float64, date1904 bool) string {
	day := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if date1904 {
		day = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	const last = 2958466 // 9999-12-31
	if v < 0 || v >= last {
		return general(v)
	}
	t := day.Add(time.Duration(math.Floor(v))*24*time.Hour + time.Duration(math.Round((v-math.Floor(v))*86400))*time.Second)
	switch {
	case v < 1:
		return t.Format("15:04:05")
	case v == math.Floor(v):
		return t.Format("2006-01-02")
	}
	return t.Format("2006-01-02 15:04:05")
}

// numberFormat is one section of a format.
type numberFormat struct {
	before, after          string
	least, fixed, decimals int // digits: before the point at least, after it at least and at most
	thousandths            int // commas at the end, each a division by a thousand
	group, percent         bool
	digits, date, general  bool
	strange                bool
	filled, parted         bool // a character fills the cell; literals stand among the digits, or are digits
	color                  flow.Color
	colored                bool
}

// named are the colors that a format may name; others are numbers in the palette.
var colorNames = map[string]flow.Color{
	"black": {}, "white": flow.Paper, "red": {255, 0, 0}, "green": {0, 255, 0}, "blue": {0, 0, 255}, "yellow": {255, 255, 0}, "magenta": {255, 0, 255}, "cyan": {0, 255, 255},
}

// colorNamed reads the name of a color in brackets.
func colorNamed(s string) (flow.Color, bool) {
	s = strings.ToLower(s)
	if c, ok := colorNames[s]; ok {
		return c, true
	}
	rest, ok := strings.CutPrefix(s, "color")
	n, err := strconv.Atoi(strings.TrimSpace(rest))
	if !ok || err != nil || n < 1 || n > colors {
		return flow.Color{}, false
	}
	return flow.Hex(usual[6*(n-1) : 6*n])
}

// bracket reads what stands in brackets, and gives what is shown of it.
func (f *numberFormat) bracket(inside string) string {
	if c, ok := colorNamed(inside); ok {
		f.color, f.colored = c, true
		return ""
	}
	if sign, ok := strings.CutPrefix(inside, "$"); ok {
		sign, _, _ = strings.Cut(sign, "-")
		return sign
	}
	switch strings.ToLower(inside) {
	case "h", "m", "s", "hh", "mm", "ss":
		f.date = true
	}
	return ""
}

func parse(section string) numberFormat {
	var f numberFormat
	r := []rune(section)
	point, after := false, false
	literal := func(s string) {
		after = after || f.digits && s != ""
		f.parted = f.parted || strings.ContainsFunc(s, figure.IsDigit)
		if f.digits {
			f.after += s
		} else {
			f.before += s
		}
	}
	for i := 0; i < len(r); i++ {
		switch c := r[i]; c {
		case '"':
			for i++; i < len(r) && r[i] != '"'; i++ {
				literal(string(r[i]))
			}
		case '\\':
			if i++; i < len(r) {
				literal(string(r[i]))
			}
		case '_': // the width of a character
			i++
		case '*': // a character to fill with
			i++
			f.filled = f.filled || i < len(r) && r[i] != ' '
		case '[': // a colour, a condition, a locale with perhaps a currency sign
			end := i
			for end < len(r) && r[end] != ']' {
				end++
			}
			literal(f.bracket(string(r[i+1 : min(end, len(r))])))
			i = end
		case '0', '#', '?':
			f.digits, f.parted = true, f.parted || after
			switch {
			case point:
				f.decimals++
				if c == '0' {
					f.fixed = f.decimals
				}
			case c == '0':
				f.least++
			}
		case '.':
			point, f.digits = true, true
		case ',':
			if i+1 < len(r) && strings.ContainsRune("0#?", r[i+1]) {
				f.group = true
			} else if f.digits {
				f.thousandths++
			}
		case '%':
			f.percent = true
		case '@':
			f.general = true
		case 'y', 'Y', 'm', 'M', 'd', 'D', 'h', 'H', 's', 'S':
			f.date = true
		case 'e', 'E', '/':
			f.strange = true
		case 'G', 'g':
			if rest := string(r[i:]); len(rest) >= len("General") && strings.EqualFold(rest[:len("General")], "General") {
				f.general, f.digits = true, true
				i += len("General") - 1
			}
		default:
			literal(string(c))
		}
	}
	if f.date {
		f.strange = false
	}
	return f
}

// split parts a format at its semicolons, except those in quotes.
func split(code string) []string {
	var out []string
	start, quoted := 0, false
	for i := 0; i < len(code); i++ {
		switch {
		case code[i] == '"':
			quoted = !quoted
		case code[i] == '\\':
			i++
		case code[i] == ';' && !quoted:
			out = append(out, code[start:i])
			start = i + 1
		}
	}
	return append(out, code[min(start, len(code)):])
}
