package statement

import (
	"slices"
	"strings"
)

// count is a number with the words that may say what it counts.
type count struct {
	*sentence
	left, right []token // the words of its clause that belong to no other number
	following   []token // all of the clause behind it
	at          token
	share       bool
	withCarried bool // it holds what was carried over
	// What came of it: how many words behind it it took, and whether it is a difference or of another time, so that
	// its words may belong to the next number: 由2011年的5件增加到2012年的8件.
	used      int
	elsewhere bool
}

// statements gives what the number states.
func (c *count) statements() []Statement {
	f, ok := c.meaning()
	if !ok {
		return nil
	}
	drop, period := c.outOfTime()
	if c.elsewhere = drop || c.difference(); c.elsewhere {
		return nil
	}
	c.speaks(f)
	var out []Statement
	for _, k := range c.kinds(f) {
		if k.key == "" {
			continue
		}
		k.doubt = c.doubts(k, period)
		if st, ok := c.state(k); ok {
			out = append(out, st)
		}
	}
	return out
}

// meaning gathers the words that say what is counted: those before the number; where these name nothing, those
// of the clauses before, or those behind it.
func (c *count) meaning() (features, bool) {
	f := sum(c.left)
	if f.has(negation) {
		return f, false
	}
	if f.head() < 0 {
		if p := sum(c.pending); p.head() >= 0 && !f.strange() {
			if p.has(negation) {
				return f, false
			}
			return sum(slices.Concat(c.pending, c.left)), true
		}
		// 8件予以公开; 对8件申请予以公开
		j := slices.IndexFunc(c.right, func(t token) bool {
			return slices.Contains([]class{granted, partly, refused, exempt, answer}, t.class)
		})
		if j < 0 || sum(c.right[:j]).has(negation, another, carried, means) || c.right[j].class == answer && sum(c.right[:j]).strange() {
			return f, false
		}
		c.used = j + 1
		return sum(slices.Concat(c.left, c.right[:j+1])), true
	}
	if !f.has(request, review, litigation, granted, partly, refused, exempt, fee) {
		// 收到12起政府信息依申请公开; 发布14条主动公开政府信息
		behind := c.right
		if j := slices.IndexFunc(behind, func(t token) bool {
			return slices.Contains([]class{granted, partly, refused, exempt, answer, complete, receive, negation, comparison, among}, t.class)
		}); j >= 0 {
			behind = behind[:j]
		}
		b := sum(behind)
		if b.has(request, review, litigation, information, proactive) {
			c.used = len(behind)
			return sum(slices.Concat(c.left, behind)), true
		}
	}
	return f, true
}

// difference says that the number is how much more or less there is.
func (c *count) difference() bool {
	l := sum(c.left)
	compared := max(l.last[comparison], 0)
	if n := len(c.left); n > 0 {
		i := n - 1
		for i > 0 && c.left[i].class == filler {
			i--
		}
		if c.left[i].class == change {
			compared = max(compared, i+1)
		}
	}
	return compared > l.last[reaching]
}

// outOfTime says that the number is of another time, or may be.
func (c *count) outOfTime() (drop bool, d Doubt) {
	switch c.scope {
	case thisYear:
	case unsaid:
		if c.before == otherYear || c.before == since {
			return false, Period
		}
	case yearEnd, someYear:
		return false, Period
	default:
		if c.clause != unsaid || c.bare {
			return true, Sure
		}
		return false, Period
	}
	return false, Sure
}

// speaks takes note of whom the words before the first head speak.
func (c *count) speaks(f features) {
	var b strings.Builder
	for _, t := range f.tokens[:max(0, f.head())] {
		switch t.class {
		case when, upTo, ever, quantity, among:
		default:
			b.WriteString(t.word)
		}
	}
	w := subject(b.String(), c.reader.in.Issuer)
	if w != nobody {
		c.who = w
	} else if c.who == channel {
		c.who = nobody
	}
}

// doubts adds what makes any number doubtful.
func (c *count) doubts(k kind, period Doubt) Doubt {
	a := k.at.amount
	switch {
	case a.doubt != Sure:
		return a.doubt
	case k.doubt != Sure:
		return k.doubt
	case period != Sure:
		return period
	case c.who == someone:
		return Someone
	case c.who == channel && (k.key == Proactive || k.key == Received || k.key == Answered):
		return Channel
	case a.unit == "" && !c.label():
		return Unit
	}
	return Sure
}

// label says that the words before the number end in 数: a number without a unit is at home there.
func (c *count) label() bool {
	n := len(c.left)
	return n > 0 && strings.HasSuffix(c.left[n-1].word, "数")
}

// state makes a statement, unless the sentence has said it already or the number is a part of what was said.
func (c *count) state(k kind) (Statement, bool) {
	said := slices.Contains(c.stated, k.key) || slices.Contains(c.reader.stated, k.key)
	sure := slices.Contains(c.sure, k.key)
	// 累计5928条，其中本年度新增2110条
	thisYears := c.clause == thisYear && !sure && !slices.Contains(c.reader.sure, k.key)
	handled := k.key == Received || k.key == TakenOn || k.key == Answered // of those received, some are taken on
	if sure && (c.part || handled || k.doubt != Sure) || c.part && !thisYears && (said || k.doubt == Someone) {
		return Statement{}, false
	}
	c.stated = append(c.stated, k.key)
	if k.doubt == Sure {
		c.sure = append(c.sure, k.key)
	}
	a := k.at.amount
	st := Statement{Key: k.key, Number: a.number, Doubt: k.doubt, Raw: c.line.text(k.at.from, a.end), Sentence: c.printed, Offset: c.offset}
	if len(c.line.runes) > longestSentence {
		st.Sentence = c.line.text(max(0, k.at.from-wordsBefore), min(len(c.line.runes), a.end+wordsBehind))
		st.Offset += strings.Index(c.printed, st.Sentence)
	}
	return st, true
}

// A sentence that is longer than longestSentence in characters, such as a whole page without a stop, is shown
// around its number alone.
const (
	longestSentence = 200
	wordsBefore     = 80
	wordsBehind     = 40
)
