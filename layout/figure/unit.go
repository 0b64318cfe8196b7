package figure

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/nianbao/nianbao/layout/pattern"
)

// Count is the unit of a field that counts things of any kind.
const Count = "个"

// unit is what a number is counted in: things or 元, or a power of ten of these.
type unit struct {
	money bool
	exp   int
	bare  bool // the power alone: of things, or of what the field is in
}

var (
	money  = []string{"元", "元整", "圆", "圓"}
	things = []string{"件", "件次", "条", "条次", "條", "个", "個", "次", "人", "人次", "篇", "篇次", "项", "项次", "項", "份", "份次", "宗", "家", "起",
		"部", "例", "页", "张", "期", "场", "场次", "批", "批次", "册", "本", "户", "名", "位", "则", "处", "种", "类", "卷", "幅", "台", "款", "支", "班"}
	zeros = map[rune]int{'十': 1, '百': 2, '千': 3, '万': 4, '萬': 4, '亿': 8, '億': 8}
)

// parseUnit reads the words of a unit: 件, 万元, 百万元, 万件, 万.
func parseUnit(s string) (unit, bool) {
	s = strings.TrimPrefix(s, "人民币")
	exp, of := powerOf(s)
	u := unit{exp: exp}
	switch {
	case of == "":
		u.bare = true
		return u, s != ""
	case slices.Contains(money, of):
		u.money = true
		return u, true
	}
	return u, slices.Contains(things, of)
}

// powerOf takes the power of ten off a unit: 百, 千, 万, 亿, and what is said of them together.
func powerOf(s string) (exp int, of string) {
	of = s
	for _, r := range s {
		z := zeros[r]
		if z == 0 || exp >= 8 || exp > 0 && z < 4 || exp >= 4 && z < 8 {
			break
		}
		exp += z
		of = of[len(string(r)):]
	}
	if exp == zeros['十'] {
		return 0, s // 十 alone is part of a number
	}
	return exp, of
}

// Powers are the characters without which a unit is of things one by one.
const Powers = "百千万萬亿億元圆圓"

// longestUnit in characters: 万亿元整.
const longestUnit = 6

// SameUnit says that two units measure the same to the same power of ten: 件 and 条 do, 元 and 万元 do not.
func SameUnit(a, b string) bool {
	x, ok := parseUnit(a)
	y, known := parseUnit(b)
	return ok && known && x.money == y.money && x.exp == y.exp
}

// SameKind says that two units measure the same kind of thing, money or things that are counted, whatever the
// power of ten. A power alone is of neither.
func SameKind(a, b string) bool {
	x, ok := parseUnit(a)
	y, known := parseUnit(b)
	return ok && known && !x.bare && !y.bare && x.money == y.money
}

// IsUnit says that a text is a unit and nothing else.
func IsUnit(s string) bool {
	_, ok := parseUnit(s)
	return ok
}

var (
	stating  = pattern.Of(`单位[:：为是]?([^)）\]】〕;；。]+)`)
	brackets = pattern.Of(`[(（\[【〔]([^()（）\[\]【】〔〕]{1,12})[)）\]】〕]`)
	listing  = pattern.Of(`[、,，/和及]`)
)

// StatedUnits gives the units that a label, a heading or a caption says that its figures are in: 收费金额（单位：万元）,
// （元）, 单位：件、万元. A text that is a unit itself states that.
func StatedUnits(label string) []string {
	s := strings.Join(strings.Fields(norm.NFKC.String(label)), "")
	s = strings.ReplaceAll(s, "單位", "单位")
	if IsUnit(s) {
		return []string{s}
	}
	var lists []string
	if m := stating().FindStringSubmatch(s); m != nil {
		lists = append(lists, m[1])
	} else {
		for _, m := range brackets().FindAllStringSubmatch(s, -1) {
			lists = append(lists, m[1])
		}
	}
	var out []string
	for _, l := range lists {
		for _, u := range listing().Split(l, -1) {
			if IsUnit(u) {
				out = append(out, u)
			}
		}
	}
	return out
}
