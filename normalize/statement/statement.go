// Package statement finds the quantities that the prose of a report states: how many requests were
// received, answered, how many items published, what was charged.
//
// Each kind of statement is a pattern over one sentence. A pattern that could mean two things is
// left out: what is found must be worth a person's look when a table says otherwise. The words are
// those that reports use (forms.md section 6): 收办 counts what was received and what was carried
// over, 受理 and 收到 what was received; what others than the issuer did is no statement of its own.
package statement

import (
	"regexp"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"github.com/nianbao/nianbao/layout/figure"
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

// Statement is one quantity in one sentence.
type Statement struct {
	Key      Key
	Number   report.Number
	Sentence string
}

// number is a count in a sentence; (?:…) before it must not take its digits.
const number = figure.InProse

type pattern struct {
	key Key
	re  *regexp.Regexp
}

// patterns are made when prose is first looked at: most of a start would go into them.
var patterns = sync.OnceValue(func() []pattern {
	return []pattern{
		{TakenOn, regexp.MustCompile(`收办(?:各类)?(?:政府)?信息公开申请[^\d,，。；]{0,6}` + number + `(?:件|份|条|宗|项)`)},
		{Received, regexp.MustCompile(`(?:收到|受理|接到|接收|新收)(?:各类|公民、法人(?:和|或|及)其他组织(?:的|提出的)?)?(?:有效)?(?:依申请公开(?:政府信息)?|(?:政府|政务)?信息公开|公开政府信息(?:的)?|依申请)(?:的)?申请(?:数|共|共计|总数)?[^\d,，。；]{0,4}` + number + `(?:件|份|条|宗|项)`)},
		{Proactive, regexp.MustCompile(`主动公开(?:各类)?(?:政府|政务)?信息(?:数|共|共计|总数|总计|合计|约)?[^\d,，。；]{0,4}` + number + `(?:余)?(?:条|件|项)`)},
		{Answered, regexp.MustCompile(`(?:答复|办结)(?:依申请公开|(?:政府)?信息公开)(?:申请)?[^\d,，。；]{0,4}` + number + `(?:件|份|条|宗|项)`)},
		{Granted, regexp.MustCompile(`(?:同意公开|予以公开)(?:答复)?(?:的)?(?:数)?[^\d,，。；]{0,3}` + number + `(?:件|份|条|宗|项)`)},
		{PartlyGranted, regexp.MustCompile(`(?:同意部分公开|部分公开)(?:答复)?(?:的)?(?:数)?[^\d,，。；]{0,3}` + number + `(?:件|份|条|宗|项)`)},
		{Refused, regexp.MustCompile(`(?:不予公开|不同意公开|否决公开)(?:答复)?(?:的)?(?:数)?[^\d,，。；]{0,3}` + number + `(?:件|份|条|宗|项)`)},
		{Review, regexp.MustCompile(`(?:发生|引发|收到|被申请)?(?:因政府信息公开(?:工作|申请)?(?:被)?(?:申请|提起)?的?)?行政复议(?:案件)?(?:数)?[^\d,，。；、]{0,3}` + number + `(?:件|起|宗|例)`)},
		{Litigation, regexp.MustCompile(`(?:发生|引发|收到|被提起)?(?:因政府信息公开(?:工作|申请)?(?:被)?(?:提起)?的?)?行政诉讼(?:案件)?(?:数)?[^\d,，。；、]{0,3}` + number + `(?:件|起|宗|例)`)},
		{FeesYuan, regexp.MustCompile(`收取(?:的)?(?:依申请公开|(?:政府)?信息公开)?(?:的)?(?:信息处理费|信息提供费|检索费、?复制费|费用)[^\d,，。；]{0,6}` + number + `元`)},
	}
})

var sentenceEnd = regexp.MustCompile(`[。；\n]`)

// Find gives the statements of a text in order, at most one of a kind in each sentence.
func Find(text string) []Statement {
	var out []Statement
	for _, sentence := range sentenceEnd.Split(text, -1) {
		s := strings.Join(strings.Fields(norm.NFKC.String(sentence)), "")
		if s == "" {
			continue
		}
		for _, p := range patterns() {
			m := p.re.FindStringSubmatch(s)
			if m == nil {
				continue
			}
			n, err := report.ParseNumber(strings.ReplaceAll(m[1], ",", ""))
			if err != nil {
				continue
			}
			out = append(out, Statement{p.key, n, strings.TrimSpace(sentence)})
		}
	}
	return out
}
