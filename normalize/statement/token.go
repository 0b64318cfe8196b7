package statement

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nianbao/nianbao/layout/figure"
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
			add(token{class: quantity, amount: a, to: j}, i)
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

// Words that make an estimate of a number: before it, behind it, and behind its unit.
var (
	vagueBefore = []string{"将近", "接近", "大约", "大概", "超过", "不足", "不到", "不少于", "至少", "约", "近", "逾", "超"}
	vagueBehind = []string{"余", "多", "几", "来"}
	vagueAfter  = []string{"余", "多", "左右", "以上", "以下", "上下", "不等"}
	// several are words that make of a power of ten some of them: 数十条.
	some   = []string{"好几", "数", "几", "上"}
	powers = []string{"万亿", "亿", "万", "千", "百"}
	ranges = []string{"-", "—", "~", "至", "到", "–"}
)

// one passes over one of some words at i.
func (l line) one(i int, words []string) int {
	for _, w := range words {
		if l.starts(i, w) {
			return i + utf8.RuneCountInString(w)
		}
	}
	return i
}

// notBefore are characters behind which a number counts nothing: 第二十条, 每一件; and in words, 统一, 唯一.
const (
	notBefore        = "第.每逐"
	notBeforeInWords = "同哪任单另唯某统专进"
)

// amount reads a number with what stands before and behind it: 约320条, 300余条, 1.2万条, 三件. What it comes to,
// package figure says.
func (l line) amount(i int) (amount, int) {
	start := l.one(i, vagueBefore)
	if j := l.one(start, some); j > start && j < len(l.runes) && strings.ContainsRune("十百千万", l.runes[j]) {
		start = j
	}
	end := l.number(start)
	if end == start {
		return amount{}, i
	}
	a := amount{words: !figure.IsDigit(l.runes[start])}
	someOf := false // 信息数十条 may be ten, and some tens
	if i > 0 {
		before := l.runes[i-1]
		someOf = a.words && strings.ContainsRune("数几", before)
		if figure.IsDigit(before) || figure.IsNumeral(before) || unicode.Is(unicode.Latin, before) || strings.ContainsRune(notBefore, before) ||
			a.words && strings.ContainsRune(notBeforeInWords, before) {
			return amount{}, i
		}
	}
	inRange := false
	if j := l.one(end, ranges); j > end && l.number(j) > j {
		end, inRange = l.number(j), true
	}
	end = l.one(end, vagueBehind)
	if !l.starts(end, "万元") && !l.starts(end, "亿元") {
		end = l.one(end, powers)
	}
	a.end = l.one(end, vagueBehind)
	after := a.end
	switch {
	case l.starts(after, "%"), l.starts(after, "‰"):
		a.share = true
		after++
	case l.starts(after, "个百分点"):
		a.share = true
	default:
		after = l.one(after, countUnits)
		a.unit = string(l.runes[a.end:after])
	}
	if a.words && a.unit == "" {
		return amount{}, i // 一是, 三安全一稳定
	}
	if j := l.one(after, vagueAfter); j > after {
		after, a.end = j, j
	}
	a.read(string(l.runes[i:after]), inRange)
	if someOf {
		a.doubt = Estimate
	}
	if a.scaled {
		a.end = after
	}
	return a, after
}

// read takes what package figure says of the number.
func (a *amount) read(text string, inRange bool) {
	if a.share {
		return
	}
	field := figure.Field{}
	if strings.HasSuffix(a.unit, "元") {
		field.Unit = "元"
	}
	f := field.Parse(text)
	n, err := report.ParseNumber(f.Decimal)
	switch {
	case inRange || f.Unsure != "":
		a.doubt = Range
	case err != nil:
		a.doubt = Estimate
	}
	if err == nil {
		a.number, a.scaled = n, f.OtherUnit
	}
}

// number gives the end of a number at i, in digits (1,204; 0.5; 1 204) or in words.
func (l line) number(i int) int {
	digit := func(j int) bool { return j < len(l.runes) && '0' <= l.runes[j] && l.runes[j] <= '9' }
	j := i
	for digit(j) {
		j++
	}
	if j == i {
		for j < len(l.runes) && figure.IsNumeral(l.runes[j]) {
			j++
		}
		return j
	}
	for {
		switch {
		case j >= len(l.runes):
			return j
		case l.runes[j] == ',' && digit(j+1) && digit(j+2) && digit(j+3) && !digit(j+4):
			j += 4
		case (l.runes[j] == '.' || l.runes[j] == ' ') && digit(j+1):
			for j++; digit(j); j++ {
			}
		default:
			return j
		}
	}
}
