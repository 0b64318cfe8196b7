// Package statement finds the quantities that the prose of a report states: how many requests were
// received, answered, how many items published, what was charged.
//
// It reads sentence by sentence: words are sorted by what they do (token.go, words.go), and a number
// takes its meaning from the words before it in its clause, from those behind it where there are none, and
// from the clauses before that have no number. Whose number it is and of which time is told beside it
// (subject.go, period.go). A number of another year, of a part, of a difference or of two kinds together is no
// statement. One that may be what is looked for is a doubtful statement, for a person to decide on;
// what cannot be is left out.
//
// The words are those that reports use: 收办 counts what was received and what was carried over, 受理 and 收到
// what was received. 不予公开信息10条 counts information that is kept closed, and no answers.
package statement

import (
	"strconv"

	"golang.org/x/text/unicode/norm"

	"github.com/nianbao/nianbao/layout/pattern"
	"github.com/nianbao/nianbao/report"
)

// Key names a quantity. Where the 2014 form has it, the key is that form's.
type Key string

// The quantities.
const (
	Proactive     Key = "proactive_total"
	Received      Key = "requests_received"
	TakenOn       Key = "requests_taken_on" // received and carried over from the year before
	Answered      Key = "requests_answered"
	Granted       Key = "answered_granted"
	PartlyGranted Key = "answered_partly_granted"
	Refused       Key = "answered_refused"
	Review        Key = "review_total"
	Litigation    Key = "litigation_total"
	FeesYuan      Key = "fees_yuan"
)

// Path is the JSON pointer of the quantity in the output.
func (k Key) Path() string { return "/tables/narrative/" + string(k) }

// Doubt says why a number may not be what its key says.
type Doubt string

// The doubts. Sure is none.
const (
	Sure     Doubt = ""
	Estimate Doubt = "estimate" // 300余条: no exact number
	Range    Doubt = "range"    // 3至5件
	Someone  Doubt = "someone"  // of an office that may not be the issuer
	Channel  Doubt = "channel"  // of one way of publishing, or of making a request
	Period   Doubt = "period"   // until a day, or of a year that is not surely the report's
	Kind     Doubt = "kind"     // 办结12件: near to what the key says, and not the same
	Unit     Doubt = "unit"     // without a unit, or with one that counts something else
	Share    Doubt = "share"    // a share of something else follows
	Combined Doubt = "combined" // of two kinds together
)

// AlsoSays opens the note of a number that the text gives in another way elsewhere; that other number follows.
const AlsoSays = "also "

// Statement is one quantity in one sentence.
type Statement struct {
	Key    Key
	Number report.Number // what is printed; with a Doubt of Estimate or Range no exact number
	Doubt  Doubt
	// Raw is the number as it is printed, with the words that make it an estimate; with its unit where that is none
	// of the key's: 1.2万元.
	Raw string
	// Sentence is the part of a sentence that says it, as printed, and Offset where that begins in the text, in
	// bytes.
	Sentence string
	Offset   int
}

// Context is what is known of a text before it is read.
type Context struct {
	Year   int    // the report's, 0 where it is not known
	Issuer string // whose report it is, "" where that is not known
}

// Find gives the statements of a text in order, sure ones and doubtful ones.
func Find(text string, in Context) []Statement {
	if in.Year == 0 {
		in.Year = onlyYear(text)
	}
	r := reader{in: in, text: text}
	return r.read()
}

var (
	anyYear = pattern.Of(`(20\d\d)年`)
	titled  = pattern.Of(`《[^》]*》|[〔［\[(（][^〕］\])）]*[〕］\])）]`)
)

// onlyYear is the year that a text speaks of where it names no other one, 0 where it does. Those in the names of
// documents do not count.
func onlyYear(text string) int {
	year := ""
	for _, m := range anyYear().FindAllStringSubmatch(titled().ReplaceAllString(norm.NFKC.String(text), ""), -1) {
		if year != "" && m[1] != year {
			return 0
		}
		year = m[1]
	}
	y, err := strconv.Atoi(year)
	if err != nil {
		return 0
	}
	return y
}

// Settled is what a text says of one quantity after all of its sentences.
type Settled struct {
	Statement
	// Also is another sure statement of the same quantity with another number, nil where none is.
	Also *Statement
}

// Says says that a sure statement of the quantity gives a number.
func (s Settled) Says(n report.Number) bool {
	return s.Number.Equal(n.Decimal) || s.Also != nil && s.Also.Number.Equal(n.Decimal)
}

// Settle gives each quantity once, in the order in which they are first stated: the first sure statement,
// or, where there is none, the first doubtful one.
func Settle(found []Statement) []Settled {
	var out []Settled
	at := map[Key]int{}
	for _, s := range found {
		i, ok := at[s.Key]
		switch {
		case !ok:
			at[s.Key] = len(out)
			out = append(out, Settled{Statement: s})
		case out[i].Doubt != Sure && s.Doubt == Sure:
			out[i] = Settled{Statement: s}
		case s.Doubt == Sure && out[i].Also == nil && !s.Number.Equal(out[i].Number.Decimal):
			out[i].Also = &s
		}
	}
	return out
}
