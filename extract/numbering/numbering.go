// Package numbering generates the numbers of list paragraphs, which Word's formats do not hold in the
// text: headings such as 一、 and labels such as （一） are often made so.
//
// Lists have nine levels. All instances of a list count with the same counters; an instance may start
// a level anew or define it otherwise. A level starts anew after a paragraph of a higher level.
package numbering

import (
	"strconv"
	"strings"
)

// Levels is the number of levels that a list has.
const Levels = 9

// Level is how one level of a list is numbered.
type Level struct {
	Start  int
	Format string // a name of ST_NumberFormat
	// Text of the number, in which %1 to %9 stand for the counters of the levels.
	Text string
	// Close is set when nothing stands between number and text, not even a blank.
	Close bool
	// Restart is -1 when the level starts anew after every higher one, 0 when it never does, and n
	// when it does after the first n levels only.
	Restart int
	// Legal levels show all counters in Arabic digits.
	Legal bool
}

// List is an abstract list and its counters.
type List struct {
	Levels [Levels]*Level
	value  [Levels]int
	used   [Levels]bool
}

// Instance is a use of a list.
type Instance struct {
	List *List
	// Start has the levels that this instance starts anew, and at what.
	Start map[int]int
	// Override has the levels that this instance defines otherwise.
	Override  map[int]*Level
	restarted [Levels]bool
}

func (in *Instance) level(i int) *Level {
	if o := in.Override[i]; o != nil {
		return o
	}
	return in.List.Levels[i]
}

func (in *Instance) first(i int) int {
	if v, ok := in.Start[i]; ok {
		return v
	}
	if l := in.level(i); l != nil {
		return l.Start
	}
	return 1
}

// Next counts a paragraph on a level and gives its number with what separates it from the text, ""
// when the level is not defined, shows nothing, or shows a bullet.
func (in *Instance) Next(lvl int) string {
	if in.List == nil || lvl < 0 || lvl >= Levels || in.level(lvl) == nil {
		return ""
	}
	l, this := in.List, in.level(lvl)
	if _, ok := in.Start[lvl]; ok && !in.restarted[lvl] {
		l.used[lvl] = false
	}
	in.restarted[lvl] = true
	if l.used[lvl] {
		l.value[lvl]++
	} else {
		l.value[lvl], l.used[lvl] = in.first(lvl), true
	}
	for i := range lvl { // what stands under a number that nobody wrote counts it all the same, as Word does
		if in.level(i) != nil && !l.used[i] {
			l.value[i], l.used[i] = in.first(i), true
		}
	}
	for i := lvl + 1; i < Levels; i++ {
		if d := in.level(i); d == nil || d.Restart < 0 || lvl < d.Restart {
			l.used[i] = false
		}
	}
	if this.Format == "bullet" {
		return ""
	}
	var b strings.Builder
	for i := 0; i < len(this.Text); i++ {
		if this.Text[i] != '%' || i+1 >= len(this.Text) || this.Text[i+1] < '1' || this.Text[i+1] > '0'+Levels {
			b.WriteByte(this.Text[i])
			continue
		}
		i++
		k := int(this.Text[i] - '1')
		v := l.value[k]
		if !l.used[k] { // a level that is not defined, or one below
			v = in.first(k)
		}
		f := "decimal"
		if d := in.level(k); d != nil && (!this.Legal || d.Format == "decimalZero") {
			f = d.Format
		}
		b.WriteString(Format(v, f))
	}
	if b.Len() > 0 && !this.Close {
		b.WriteByte(' ')
	}
	return b.String()
}

// Format writes a number in a number format of the standard (ST_NumberFormat). Formats that Chinese
// documents do not use are written as decimal numbers.
func Format(v int, name string) string {
	cycle := func(set string, more func(int) string) string {
		if r := []rune(set); v >= 1 && v <= len(r) {
			return string(r[v-1])
		}
		return more(v)
	}
	switch name {
	case "none":
		return ""
	case "decimalZero":
		if v >= 0 && v < 10 {
			return "0" + strconv.Itoa(v)
		}
	case "upperRoman":
		return roman(v)
	case "lowerRoman":
		return strings.ToLower(roman(v))
	case "upperLetter", "lowerLetter":
		return letters(v, name == "upperLetter")
	case "chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand", "japaneseCounting", "koreanCounting":
		return chinese(v, "零一二三四五六七八九", "十百千", false)
	case "chineseLegalSimplified":
		return chinese(v, "零壹贰叁肆伍陆柒捌玖", "拾佰仟", true)
	case "ideographLegalTraditional":
		return chinese(v, "零壹貳參肆伍陸柒捌玖", "拾佰仟", true)
	case "ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital":
		return digits(v, "〇一二三四五六七八九")
	case "decimalFullWidth", "decimalFullWidth2":
		return digits(v, "０１２３４５６７８９")
	case "ideographTraditional":
		return cycle("甲乙丙丁戊己庚辛壬癸", strconv.Itoa)
	case "ideographZodiac":
		return cycle("子丑寅卯辰巳午未申酉戌亥", strconv.Itoa)
	case "decimalEnclosedCircle", "decimalEnclosedCircleChinese":
		return cycle("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", strconv.Itoa)
	case "decimalEnclosedParen":
		return cycle("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇", func(v int) string { return "(" + strconv.Itoa(v) + ")" })
	case "decimalEnclosedFullstop":
		return cycle("⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛", func(v int) string { return strconv.Itoa(v) + "." })
	case "ideographEnclosedCircle":
		return cycle("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉", strconv.Itoa)
	}
	return strconv.Itoa(v)
}

func digits(v int, set string) string {
	r := []rune(set)
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return r[c-'0']
		}
		return c
	}, strconv.Itoa(v))
}

// chinese writes a number as it is spoken; formal keeps the 一 before 十.
func chinese(v int, set, units string, formal bool) string {
	const limit = 9999
	d, u := []rune(set), append([]rune{0}, []rune(units)...)
	if v < 0 || v > limit {
		return strconv.Itoa(v)
	}
	if v == 0 {
		return string(d[0])
	}
	s := strconv.Itoa(v)
	var b strings.Builder
	zero := false
	for i, c := range s {
		place := len(s) - 1 - i
		if c == '0' {
			zero = true
			continue
		}
		if zero {
			b.WriteRune(d[0])
			zero = false
		}
		if formal || i > 0 || c != '1' || place != 1 {
			b.WriteRune(d[c-'0'])
		}
		if place > 0 {
			b.WriteRune(u[place])
		}
	}
	return b.String()
}

func roman(v int) string {
	const limit = 3999
	if v < 1 || v > limit {
		return strconv.Itoa(v)
	}
	var b strings.Builder
	for _, p := range []struct {
		v int
		s string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for v >= p.v {
			b.WriteString(p.s)
			v -= p.v
		}
	}
	return b.String()
}

// letters counts A to Z, AA to ZZ, as Word does.
func letters(v int, upper bool) string {
	const limit = 26 * 20
	if v < 1 || v > limit {
		return strconv.Itoa(v)
	}
	c := 'a'
	if upper {
		c = 'A'
	}
	return strings.Repeat(string(c+rune((v-1)%26)), (v-1)/26+1)
}
