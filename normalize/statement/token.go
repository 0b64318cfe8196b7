package statement

import (
	"slices"
	"strings"
	"unicode"

	"github.com/nianbao/nianbao/report"
)

// token is a word of a line.
type token struct {
	class    class
	word     string
	from, to int    // in the line's characters
	amount   amount // of a figure
	period   period // of a when
}

// amount is a number as a sentence gives it.
type amount struct {
	number report.Number
	doubt  Doubt // why it is no exact number: an estimate, a range
	unit   string
	scaled bool // it was written in 万 or 亿
	words  bool // it was written in words: 三件
	share  bool // a percentage
	// label is where the number itself ends in the line, without its unit.
	end int
}

// countUnits are what reports count with, the longest first. Those without a kind count something
// else than what is looked for: persons, meetings, days.
var countUnits = []string{"人次", "件次", "条次", "篇次", "人", "名", "天", "日", "个工作日", "个月", "小时", "分钟", "年", "月", "家", "所", "处", "部", "册", "期", "场", "块", "台", "类", "种", "级", "轮", "批", "倍", "字", "万元", "亿元", "元", "件", "条", "份", "宗", "项", "起", "次", "例", "封", "则", "篇", "个", "号", "版"}

// longestName of a document in characters.
const longestName = 120

// read cuts a line into tokens.
func (l line) read(year int) []token {
	var out []token
	unknown := -1
	flush := func(i int) {
		if unknown >= 0 {
			out = append(out, token{class: other, word: string(l.runes[unknown:i]), from: unknown, to: i})
			unknown = -1
		}
	}
	add := func(t token, i int) {
		flush(i)
		t.from, t.word = i, string(l.runes[i:t.to])
		out = append(out, t)
	}
	for i := 0; i < len(l.runes); {
		if j := l.reading(i); j > i { // 規(guī)定: how a character is read
			flush(i)
			i = j
			continue
		}
		if l.runes[i] == '《' { // the years in the name of a document are not what is spoken of
			if j := slices.Index(l.runes[i:min(len(l.runes), i+longestName)], '》'); j > 0 {
				add(token{class: other, to: i + j + 1}, i)
				i += j + 1
				continue
			}
		}
		if p, j := l.period(i, year); j > i {
			add(token{class: when, period: p, to: j}, i)
			i = j
			continue
		}
		if a, j := l.amount(i); j > i {
			add(token{class: figure, amount: a, to: j}, i)
			i = j
			continue
		}
		if e, ok := l.word(i); ok {
			add(token{class: e.class, to: i + e.length}, i)
			i += e.length
			continue
		}
		switch {
		case !unicode.IsLetter(l.runes[i]) && !unicode.IsDigit(l.runes[i]): // quotes say nothing: “同意公开”的7件
			flush(i)
		case unknown < 0:
			unknown = i
		}
		i++
	}
	flush(len(l.runes))
	return out
}

func (l line) word(i int) (entry, bool) {
	for _, e := range lexicon()[l.runes[i]] {
		if l.starts(i, e.word) {
			return e, true
		}
	}
	return entry{}, false
}

// reading skips the reading of a character in brackets, which some sites put behind each: 數(shù)據(jù).
func (l line) reading(i int) int {
	if l.runes[i] != '(' {
		return i
	}
	for j := i + 1; j < len(l.runes); j++ {
		switch r := l.runes[j]; {
		case r == ')' && j > i+1:
			return j + 1
		case !unicode.Is(unicode.Latin, r) && !unicode.Is(unicode.Mn, r):
			return i
		}
	}
	return i
}

// hanNumerals are the digits and the powers of ten of numbers in words.
var hanNumerals = map[rune]int64{'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9, '十': 10, '百': 100, '千': 1000}

// amount reads a number with what stands before and behind it: 约320条, 300余条, 1.2万条, 三件.
func (l line) amount(i int) (amount, int) {
	var a amount
	j := i
	for _, w := range []string{"将近", "接近", "大约", "大概", "超过", "不足", "不到", "不少于", "至少", "约", "近", "逾", "超"} {
		if l.starts(j, w) {
			j += len([]rune(w))
			a.doubt = Estimate
			break
		}
	}
	for _, w := range []string{"数", "几", "上"} { // 数十条
		if l.starts(j, w) && j+1 < len(l.runes) && strings.ContainsRune("十百千万", l.runes[j+1]) {
			j++
			a.doubt = Estimate
			break
		}
	}
	before := rune(0)
	if i > 0 {
		before = l.runes[i-1]
	}
	k, digits := l.digits(j)
	inWords := k == j
	if inWords {
		if k, digits = l.numeral(j); k == j {
			return a, i
		}
	}
	n, err := report.ParseNumber(digits)
	_, numeral := hanNumerals[before]
	if err != nil || numeral || unicode.IsDigit(before) || unicode.Is(unicode.Latin, before) || strings.ContainsRune("第.", before) {
		return a, i
	}
	if inWords && strings.ContainsRune("每逐同哪任单另唯某统专进", before) {
		return a, i
	}
	a.number, a.words, j = n, inWords, k
	if m := l.rangeEnd(j); m > j {
		a.doubt, j = Range, m
	}
	vagueBehind := func() {
		for _, w := range []string{"余", "多", "几", "来"} {
			if l.starts(j, w) {
				a.doubt = Estimate
				j += len([]rune(w))
			}
		}
	}
	vagueBehind()
	for _, s := range []struct {
		word  string
		scale int64
	}{{"万亿", 1e12}, {"亿", 1e8}, {"万", 1e4}, {"千", 1e3}, {"百", 1e2}} {
		if l.starts(j, s.word) && !l.starts(j, "万元") && !l.starts(j, "亿元") {
			a.number, a.scaled = multiply(a.number, s.scale), true
			j += len([]rune(s.word))
			break
		}
	}
	vagueBehind()
	a.end = j
	switch {
	case l.starts(j, "%") || l.starts(j, "‰") || l.starts(j, "个百分点"):
		a.share = true
		j++
	default:
		for _, u := range countUnits {
			if l.starts(j, u) {
				a.unit = u
				j += len([]rune(u))
				break
			}
		}
	}
	if inWords && a.unit == "" && !a.share {
		return amount{}, i // 一是, 三安全一稳定
	}
	vagueEnd := j
	for _, w := range []string{"余", "多", "左右", "以上", "以下", "上下", "不等", "之多"} {
		if l.starts(j, w) {
			if w != "之多" {
				a.doubt = Estimate
			}
			j += len([]rune(w))
			break
		}
	}
	if j > vagueEnd {
		a.end = j
	}
	return a, j
}

// multiply multiplies without the places that a factor leaves empty: 1.2万 is 12000.
func multiply(n report.Number, factor int64) report.Number {
	m, err := report.ParseNumber(n.Mul(report.Int(factor).Decimal).String())
	if err != nil {
		return n
	}
	return m
}

// numeral reads a number in words: 三, 十二, 一百零三.
func (l line) numeral(i int) (int, string) {
	var total, digit int64
	j := i
	positional := true
	for j < len(l.runes) {
		v, ok := hanNumerals[l.runes[j]]
		if !ok {
			break
		}
		switch {
		case v >= 10:
			positional = false
			if digit == 0 {
				digit = 1
			}
			total += digit * v
			digit = 0
		case positional && j > i:
			digit = digit*10 + v
		default:
			digit = v
		}
		j++
		if j-i > 8 {
			return i, ""
		}
	}
	if j == i {
		return i, ""
	}
	return j, report.Int(total + digit).String()
}

// rangeEnd gives the end of the second number of a range: 3-5件, 三至五件.
func (l line) rangeEnd(j int) int {
	for _, w := range []string{"-", "—", "~", "至", "到", "–", "－"} {
		if l.starts(j, w) {
			m := j + len([]rune(w))
			if k, _ := l.digits(m); k > m {
				return k
			}
			if k, _ := l.numeral(m); k > m {
				return k
			}
		}
	}
	return j
}
