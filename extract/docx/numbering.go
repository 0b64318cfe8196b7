package docx

import (
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/extract/xmltree"
)

// levels is the number of levels that a list has.
const levels = 9

// numbering generates the numbers of list paragraphs, which are not in the text: headings such as
// 一、 and labels such as （一） are often made so.
type numbering struct {
	lists     map[string]*list    // by w:abstractNumId
	instances map[string]instance // by w:numId
	restarted map[string]bool     // instance and level whose start override was used
}

// list is an abstract list: its levels and its counters, which all its instances share.
type list struct {
	level     [levels]*level
	link      string // numbering style that defines the levels instead
	styleName string // numbering style that these levels define
	value     [levels]int
	used      [levels]bool
}

type level struct {
	start         int
	format, text  string
	suffix, style string
	restart       int // -1: after every higher level; 0: never; n: after levels up to n
	legal         bool
}

type instance struct {
	list  string
	start map[int]int
	level map[int]*level
}

func (r *reader) loadNumbering() error {
	r.numbers = numbering{lists: map[string]*list{}, instances: map[string]instance{}, restarted: map[string]bool{}}
	n, err := r.related("numbering")
	if n == nil || err != nil {
		return err
	}
	for _, k := range n.Kids {
		switch k.Name {
		case "w:abstractNum":
			l := &list{link: val(k.Kid("w:numStyleLink")), styleName: val(k.Kid("w:styleLink"))}
			for _, lvl := range k.Kids {
				if i, ok := index(lvl, "w:lvl"); ok {
					l.level[i] = readLevel(lvl)
				}
			}
			r.numbers.lists[k.Attr("w:abstractNumId")] = l
		case "w:num":
			in := instance{list: val(k.Kid("w:abstractNumId")), start: map[int]int{}, level: map[int]*level{}}
			for _, o := range k.Kids {
				i, ok := index(o, "w:lvlOverride")
				if !ok {
					continue
				}
				if s := o.Kid("w:startOverride"); s != nil {
					in.start[i] = number(s, 1)
				}
				if lvl := o.Kid("w:lvl"); lvl != nil {
					in.level[i] = readLevel(lvl)
				}
			}
			r.numbers.instances[k.Attr("w:numId")] = in
		}
	}
	return nil
}

func index(n *xmltree.Node, name string) (int, bool) {
	i, err := strconv.Atoi(n.Attr("w:ilvl"))
	return i, n.Name == name && err == nil && i >= 0 && i < levels
}

func readLevel(n *xmltree.Node) *level {
	l := &level{
		start: number(n.Kid("w:start"), 0), format: val(n.Kid("w:numFmt")), text: val(n.Kid("w:lvlText")),
		suffix: val(n.Kid("w:suff")), style: val(n.Kid("w:pStyle")), restart: number(n.Kid("w:lvlRestart"), -1), legal: on(n.Kid("w:isLgl")),
	}
	if alt := n.Kid("mc:AlternateContent"); alt != nil && l.format == "" {
		l.format = val(alt.Kid("mc:Fallback").Kid("w:numFmt"))
	}
	if on(n.Kid("w:rPr").Kid("w:vanish")) {
		l.text = ""
	}
	return l
}

// label gives the number of a paragraph with what separates it from the text, "" when it has none.
func (r *reader) label(props *xmltree.Node) string {
	id, lvl := r.listOf(props)
	in, ok := r.numbers.instances[id]
	if !ok {
		return ""
	}
	l := r.numbers.resolve(in.list, r)
	if l == nil {
		return ""
	}
	at := func(i int) *level {
		if o := in.level[i]; o != nil {
			return o
		}
		return l.level[i]
	}
	this := at(lvl)
	if this == nil {
		return ""
	}
	first := func(i int) int {
		if v, ok := in.start[i]; ok {
			return v
		}
		if at(i) == nil {
			return 1
		}
		return at(i).start
	}
	if key := id + "/" + strconv.Itoa(lvl); !r.numbers.restarted[key] {
		r.numbers.restarted[key] = true
		if _, ok := in.start[lvl]; ok {
			l.used[lvl] = false
		}
	}
	if l.used[lvl] {
		l.value[lvl]++
	} else {
		l.value[lvl], l.used[lvl] = first(lvl), true
	}
	for i := lvl + 1; i < levels; i++ {
		if d := at(i); d == nil || d.restart < 0 || lvl < d.restart {
			l.used[i] = false
		}
	}
	if this.format == "bullet" {
		return ""
	}
	var b strings.Builder
	for i := 0; i < len(this.text); i++ {
		if this.text[i] != '%' || i+1 >= len(this.text) || this.text[i+1] < '1' || this.text[i+1] > '0'+levels {
			b.WriteByte(this.text[i])
			continue
		}
		i++
		k := int(this.text[i] - '1')
		v := l.value[k]
		if !l.used[k] {
			v = first(k)
		}
		f := "decimal"
		if d := at(k); d != nil && (!this.legal || d.format == "decimalZero") {
			f = d.format
		}
		b.WriteString(format(v, f))
	}
	if b.Len() > 0 && this.suffix != "nothing" {
		b.WriteByte(' ')
	}
	return b.String()
}

// listOf gives the list instance and level of a paragraph, from itself or from its style.
func (r *reader) listOf(props *xmltree.Node) (string, int) {
	num := props.Kid("w:numPr")
	id, lvl := val(num.Kid("w:numId")), number(num.Kid("w:ilvl"), -1)
	if id == "" {
		r.chain(r.styleOf(props), func(styleID string, s *style) bool {
			num := s.paragraph.Kid("w:numPr")
			id = val(num.Kid("w:numId"))
			if id == "" {
				return false
			}
			if lvl < 0 {
				lvl = number(num.Kid("w:ilvl"), -1)
			}
			if l := r.numbers.resolve(r.numbers.instances[id].list, r); lvl < 0 && l != nil {
				for i, d := range l.level {
					if d != nil && d.style == styleID {
						lvl = i
					}
				}
			}
			return true
		})
	}
	return id, min(max(lvl, 0), levels-1)
}

// resolve follows the links from an abstract list to the one that defines its levels.
func (n *numbering) resolve(id string, r *reader) *list {
	l := n.lists[id]
	const longest = 8
	for range longest {
		if l == nil || l.link == "" {
			return l
		}
		s := r.styles[l.link]
		if s == nil {
			return l
		}
		target := n.lists[n.instances[val(s.paragraph.Kid("w:numPr").Kid("w:numId"))].list]
		if target == nil || target == l {
			return l
		}
		l = target
	}
	return nil
}

// format writes a number in a number format of the standard (ST_NumberFormat). Formats that Chinese
// documents do not use are written as decimal numbers.
func format(v int, name string) string {
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
