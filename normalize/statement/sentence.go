package statement

import (
	"regexp"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/layout/pattern"
)

// sentence is what is known while one is read.
type sentence struct {
	reader  *reader
	printed string // the part that is being read, and where it stands in the text
	offset  int
	line    line
	// before is the scope of the sentence before; scope is this one's so far, and clause that of the clause alone.
	before, scope, clause span
	bare                  bool    // the time stands alone in its clause, so that it holds for the next
	who                   who     // of whom the sentence speaks
	part                  bool    // 其中 was said
	stated, sure          []Key   // in the sentence: all, and those without a doubt
	pending               []token // of the clauses without a number since the last one with
	asked, proactive      bool    // requests, or what was published unasked, were spoken of
}

// read gives the statements of a run of clauses.
func (s *sentence) read(tokens []token) []Statement {
	var out []Statement
	var clause []token
	var notes [][]token // bracketed remarks in the clause, with the tokens before each
	depth := 0
	var note []token
	end := func(stop class) {
		out = append(out, s.clauseOf(clause, notes, stop)...)
		clause, notes = nil, nil
	}
	for _, t := range tokens {
		switch {
		case t.class == opening:
			depth++
			if depth == 1 {
				note = nil
			}
		case t.class == closing && depth > 0:
			if depth--; depth == 0 {
				notes = append(notes, note)
			}
		case depth > 0:
			note = append(note, t)
		case t.class == comma, t.class == colon:
			end(t.class)
		default:
			clause = append(clause, t)
		}
	}
	if depth > 0 {
		notes = append(notes, note)
	}
	end(other)
	return out
}

// clauseOf reads one clause, and then the remarks in its brackets.
func (s *sentence) clauseOf(tokens []token, notes [][]token, stop class) []Statement {
	f := sum(tokens)
	if f.has(request, refused, answer) && !f.has(review, litigation) {
		s.asked = true
	}
	s.proactive = s.proactive || f.has(proactive)
	if f.has(among) {
		s.part = true
	}
	if stop == colon && len(tokens) <= 12 && !s.counts(tokens) {
		if t := about(tokens); t != noTopic {
			s.reader.topic = t
		}
	}
	out := s.numbers(tokens)
	if len(notes) > 0 {
		scope, part, who, pending := s.scope, s.part, s.who, s.pending
		for _, n := range notes {
			s.part = true
			s.pending = nil
			out = append(out, s.read(n)...)
		}
		s.scope, s.part, s.who, s.pending = scope, part, who, pending
	}
	return out
}

// counts says that a run of words holds a number that counts something.
func (s *sentence) counts(tokens []token) bool {
	return slices.ContainsFunc(tokens, func(t token) bool { return t.class == quantity && t.amount.unit != "" })
}

// isCount says that a figure can be one that is looked for: it has a unit that requests, items, reviews or money
// are counted in.
func (t token) isCount() bool {
	return t.class == quantity && !t.amount.share && slices.Contains(counted, t.amount.unit)
}

// inPhrase says that a number in words is part of a phrase and counts nothing: 一条龙服务, 一次性.
func (t token) inPhrase(right []token) bool {
	return t.amount.words && len(right) > 0 && right[0].class == other && right[0].from == t.to
}

// counted are the units of the quantities.
var counted = []string{"件", "条", "份", "宗", "项", "起", "次", "例", "封", "则", "篇", "个", "条次", "件次", "元", "万元", "人次"}

// numbers reads the numbers of a clause, each with the words before and behind it.
func (s *sentence) numbers(tokens []token) []Statement {
	var out []Statement
	s.clause = unsaid
	from := 0 // the first word that belongs to no number yet
	found := false
	for i := 0; i < len(tokens); i++ {
		switch t := tokens[i]; {
		case t.class == when || t.class == upTo || t.class == ever:
			s.time(tokens, i)
		case t.isCount() && !t.inPhrase(tokens[i+1:]) || t.isLabelled(tokens[from:i], tokens[i+1:]):
			c := count{sentence: s, left: tokens[from:i], right: tokens[i+1:], at: t}
			if j := slices.IndexFunc(c.right, token.isCount); j >= 0 {
				c.right = c.right[:j]
			}
			c.share = follows(shareBehind(), s.line, t.to)
			c.withCarried = follows(carriedBehind(), s.line, t.to)
			c.following = tokens[i+1:]
			st := c.statements()
			out = append(out, st...)
			found = found || !c.elsewhere
			if c.elsewhere {
				s.pending = recent(append(s.pending, c.left...))
			}
			i += c.used
			from = i + 1
		}
	}
	if found {
		s.pending = nil
	}
	s.pending = recent(append(s.pending, tokens[min(from, len(tokens)):]...))
	s.bare = s.clause != unsaid && sum(tokens).head() < 0 && !sum(tokens).has(other, another)
	return out
}

// longestPending is how many words before a clause may still say what its number counts.
const longestPending = 60

func recent(tokens []token) []token { return tokens[max(0, len(tokens)-longestPending):] }

var (
	// shareBehind is a share that follows a number: of what it is a part, that is.
	shareBehind = pattern.Of(`^[,(]?占[^,;]{0,20}%`)
	// carriedBehind says that a number holds what was carried over.
	carriedBehind = pattern.Of(`^[,(](?:其中)?(?:含|包括|包含)[^,;]{0,12}结转`)
)

// follows says that an expression matches behind a place in a line.
func follows(re *regexp.Regexp, l line, at int) bool {
	return re.MatchString(string(l.runes[at:min(len(l.runes), at+longestTime)]))
}

// isLabelled says that a figure without a unit stands at a label and ends there: 收到申请数：21, 部分公开67.
func (t token) isLabelled(left, right []token) bool {
	if t.class != quantity || t.amount.share || t.amount.unit != "" || len(left) == 0 || len(right) > 0 && right[0].class != list {
		return false
	}
	l := left[len(left)-1]
	return slices.Contains(heads, l.class) || l.class == filler && strings.HasSuffix(l.word, "数") && sum(left).head() >= 0
}

// time takes a word of time into account.
func (s *sentence) time(tokens []token, i int) {
	before := token{}
	if i > 0 {
		before = tokens[i-1]
	}
	now := tokens[i].period.span
	switch {
	case tokens[i].class == ever && s.scope != unsaid:
		return // 2012年累计: of that year
	case tokens[i].class == ever && s.before == thisYear:
		now = thisYear
	case tokens[i].class != when:
		if s.scope == thisYear {
			return
		}
		now = yearEnd
	case before.class == comparison, strings.Contains("与同和跟", before.word) && before.word != "" && sum(tokens[i:]).has(comparison):
		return
	case i+1 < len(tokens) && tokens[i+1].class == carried:
		return
	case before.class == upTo:
		if s.scope == thisYear && now != otherYear && now != since {
			return
		}
		if now == thisYear || now == partOf {
			now = yearEnd
		}
	}
	s.scope, s.clause = now, now
}
