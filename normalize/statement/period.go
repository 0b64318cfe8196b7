package statement

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/nianbao/nianbao/layout/figure"
)

// span says how a time lies to the year that a report is of.
type span uint8

const (
	unsaid    span = iota
	thisYear       // the report's year, whole
	otherYear      // another year
	partOf         // some months
	yearEnd        // the last day of the report's year
	since          // several years
	someYear       // a year, where the report's is not known
)

// period is a time that a sentence names.
type period struct{ span span }

// expression is a way to name a time. Of those with years, the first two groups hold them.
type expression struct {
	re   *regexp.Regexp
	span func(year int, m []string) span
}

// dates, like times, are made when prose is first looked at: much of a start would go into them. They begin with a digit, or with 自 or 从 before one; the more particular come first.
var dates = sync.OnceValue(func() []expression {
	return []expression{
		{regexp.MustCompile(`^(?:自|从)?(\d{4})年1月1日?(?:零时)?(?:起|开始)?(?:至|到|-|—|–|~)(?:(\d{4})年)?12月(?:31日?)?(?:止|期间|底)?`), func(y int, m []string) span {
			if m[2] != "" && m[2] != m[1] {
				return since
			}
			return whole(y, m[1])
		}},
		{regexp.MustCompile(`^(\d{4})年?(?:-|—|–|~|至|到)(\d{4})学年度?`), func(y int, m []string) span {
			if a, b := whole(y, m[1]), whole(y, m[2]); a == thisYear || b == thisYear {
				return thisYear
			}
			return otherYear
		}},
		{regexp.MustCompile(`^(?:自|从)?(\d{4})年?度?(?:-|—|–|~|至|到)(\d{4})年(?:度|底|末)?`), func(int, []string) span { return since }},
		{regexp.MustCompile(`^(?:自|从)?(\d{4})年度?(?:\d{1,2}月份?(?:\d{1,2}日)?)?[^,;:、\d]{0,12}?(?:以来|至今)`), func(y int, m []string) span {
			if whole(y, m[1]) == thisYear {
				return thisYear
			}
			return since
		}},
		{regexp.MustCompile(`^(?:自|从)(\d{4})年度?(?:\d{1,2}月份?(?:\d{1,2}日)?)?(?:起|开始)`), func(y int, m []string) span {
			if whole(y, m[1]) == thisYear {
				return partOf
			}
			return since
		}},
		{regexp.MustCompile(`^(\d{4})年(?:12月31日|12月底|年底|年末|底|末)`), func(y int, m []string) span {
			if whole(y, m[1]) == thisYear {
				return yearEnd
			}
			return otherYear
		}},
		{regexp.MustCompile(`^(\d{4})年度?(?:1月?(?:-|—|–|~|至|到)12月|全年)`), func(y int, m []string) span { return whole(y, m[1]) }},
		{regexp.MustCompile(`^(\d{4})年度?(?:\d{1,2}月|[上下]半年|第?[一二三四1-4]季度|年?初)`), func(y int, m []string) span {
			if whole(y, m[1]) == thisYear {
				return partOf
			}
			return otherYear
		}},
		{regexp.MustCompile(`^(\d{4})(?:年度|年|学年)`), func(y int, m []string) span { return whole(y, m[1]) }},
		{regexp.MustCompile(`^\d{1,2}年(?:多?来|间|以来|内)`), func(int, []string) span { return since }},
		{regexp.MustCompile(`^(?:12月31日|12月底|年底|年末)`), func(int, []string) span { return yearEnd }},
		{regexp.MustCompile(`^1月?(?:份)?(?:-|—|–|~|至|到)12月(?:份|底)?`), func(int, []string) span { return thisYear }},
		{regexp.MustCompile(`^(?:\d{1,2}月?(?:-|—|–|~|至|到))?\d{1,2}月(?:份|底|末|初|中旬|\d{1,2}日)?`), func(int, []string) span { return partOf }},
		{regexp.MustCompile(`^([012]\d)年度?`), func(y int, m []string) span { return whole(y, "20"+m[1]) }},
	}
})

// times are the others.
var times = sync.OnceValue(func() []expression {
	return []expression{
		{regexp.MustCompile(`^(?:本年度|本年|今年|全年度?|一年来|一年以来|一年中|年度内|年内|本学年度?|当年)(?:以来)?`), func(int, []string) span { return thisYear }},
		{regexp.MustCompile(`^(?:历年来?|近年来?|多年来|以来|(?:近|过去|最近|这)?(?:[一二三四五六七八九十两几]|\d{1,2})年(?:多?来|间|以来|内))`), func(int, []string) span { return since }},
		{regexp.MustCompile(`^(二[〇零○O0][一二三四五六七八九〇零○0-9]{2})年度?`), func(y int, m []string) span {
			return whole(y, figure.Parse(strings.NewReplacer("○", "〇", "O", "〇").Replace(m[1])).Decimal)
		}},
		{regexp.MustCompile(`^(?:上一?年度?|上一?学年度?|去年|往年|前年|前一年|以前年度|下一?年度?|明年|来年|次年)(?:同期|度)?`), func(int, []string) span { return otherYear }},
		{regexp.MustCompile(`^[上下]半年|^第?[一二三四1-4]季度|^(?:每年|每月|每季|月均|年均|日均|平均)`), func(int, []string) span { return partOf }},
		{regexp.MustCompile(`^(?:年底|年末)`), func(int, []string) span { return yearEnd }},
	}
})

// opensTime are the characters with which a time may begin.
const opensTime = "二本今全一年当上去往前以下明来次历近多过最这三四五六七八九十两几第每月日平年"

// longestTime in characters, that expressions need not look at the whole line.
const longestTime = 40

// period reads a time at i.
func (l line) period(i, year int) (period, int) {
	at := i
	if l.runes[i] == '自' || l.runes[i] == '从' {
		at = min(i+1, len(l.runes)-1)
	}
	list := dates
	switch r := l.runes[at]; {
	case '0' <= r && r <= '9':
		if i > 0 && '0' <= l.runes[i-1] && l.runes[i-1] <= '9' {
			return period{}, i
		}
	case at == i && strings.ContainsRune(opensTime, r):
		list = times
	default:
		return period{}, i
	}
	text := string(l.runes[i:min(len(l.runes), i+longestTime)])
	for _, t := range list() {
		if m := t.re.FindStringSubmatch(text); m != nil {
			return period{t.span(year, m)}, i + len([]rune(m[0]))
		}
	}
	return period{}, i
}

// whole tells a printed year from the report's.
func whole(year int, printed string) span {
	if year == 0 {
		return someYear
	}
	if y, err := strconv.Atoi(printed); err == nil && y == year {
		return thisYear
	}
	return otherYear
}
