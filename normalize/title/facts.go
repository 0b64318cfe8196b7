package title

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/pattern"
)

// fact is one thing that a candidate says.
func (c *candidate) fact(text string) *Fact {
	f := &Fact{Text: text, Raw: c.raw, Page: c.page, Box: c.box, Confidence: c.confidence}
	if !c.firm {
		f.doubt(inferred, "taken from the text: no heading says it")
	}
	return f
}

// doubt lowers a confidence and says why.
func (f *Fact) doubt(confidence float64, why string) {
	if confidence < f.Confidence {
		f.Confidence, f.Doubt = confidence, why
	}
}

// confirm raises a confidence by another place that was read apart and says the same.
func (f *Fact) confirm(other float64) {
	if f.Confidence = 1 - (1-f.Confidence)*(1-other); f.Confidence == 1 {
		f.Doubt = ""
	}
}

// tell puts what a candidate says into what was found.
func (c *candidate) tell(f *Found) {
	if c.title != "" {
		f.Title = c.fact(c.title)
		if c.doubt {
			f.Title.doubt(doubted, "there is more on its line than a title has")
		}
	}
	if c.issuer != "" {
		f.Issuer = c.fact(c.issuer)
		if c.doubt {
			f.Issuer.doubt(doubted, "what stands before the report's name is no usual name of a body")
		}
	}
	if c.year != 0 {
		f.Year = c.fact(strconv.Itoa(c.year))
	}
}

// facts are what a candidate says alone.
func (c *candidate) facts() Found {
	var f Found
	c.tell(&f)
	return f
}

// contradiction is how much less than the best a candidate may say and still put it in doubt.
const contradiction = 2.5

// doubtContradicted lowers the confidence of what another place says otherwise.
func doubtContradicted(f *Found, best *candidate, all []*candidate, period *Fact) {
	for _, c := range all {
		if !c.firm || c.score < best.score-contradiction {
			continue
		}
		if f.Issuer != nil && c.issuer != "" && !strings.Contains(c.issuer, f.Issuer.Text) && !strings.Contains(f.Issuer.Text, c.issuer) {
			f.Issuer.doubt(doubted, fmt.Sprintf("another place says %q", c.issuer))
		}
		if f.Year != nil && c.year != 0 && strconv.Itoa(c.year) != f.Year.Text {
			f.Year.doubt(doubted, fmt.Sprintf("another place says %d", c.year))
		}
	}
	switch {
	case f.Year == nil || period == nil:
	case period.Text != f.Year.Text:
		f.Year.doubt(doubted, fmt.Sprintf("the report says that it covers %s", period.Text))
	default:
		f.Year.confirm(period.Confidence)
	}
}

// complete takes from the other candidates what the best does not say.
func complete(f *Found, best *candidate, all []*candidate) {
	var issuer, year *candidate
	for _, c := range all {
		if c == best || best.year != 0 && c.year != 0 && best.year != c.year {
			continue
		}
		if c.issuer != "" && (issuer == nil || c.score > issuer.score) {
			issuer = c
		}
		if c.year != 0 && (best.issuer == "" || c.issuer == "" || c.issuer == best.issuer) && (year == nil || c.score > year.score) {
			year = c
		}
	}
	if f.Issuer == nil && issuer != nil {
		f.Issuer = issuer.facts().Issuer
	}
	if f.Year == nil && year != nil {
		f.Year = year.facts().Year
	}
}

var (
	// span is the time that a report covers: 自2013年1月1日起至12月31日止. Digits and marks may be lost.
	span = pattern.Of(`(20[0-4]\d)年[\d月日]{2,8}(?:起|始)?[至到—–~-]+(?:(20[0-4]\d)年)?[\d月日]{2,8}`)
	// covers are the words that a sentence on it has.
	covers = pattern.Of(`统计|数据|期限|时限|起止|报告|时间`)
)

// periodLines is how many lines of the body may hold the sentence on the time that the report covers.
const periodLines = 4

// periodOf finds the time that the report says it covers; its year is that of the end.
func periodOf(s Source) *Fact {
	for _, p := range s.Lines[:min(len(s.Lines), max(s.Body+periodLines, 12))] {
		l := newLine(p.Text)
		for _, sentence := range strings.Split(l.text, "。") {
			m := span().FindStringSubmatch(sentence)
			if m == nil || !covers().MatchString(sentence) {
				continue
			}
			end := m[1]
			if m[2] != "" {
				end = m[2]
			}
			if a, b := number4(m[1]), number4(end); b < a || b > a+1 {
				continue
			}
			return &Fact{Text: end, Raw: m[0], Page: p.Page, Box: p.Box, Confidence: p.Confidence}
		}
	}
	return nil
}

func number4(s string) int {
	n, _ := strconv.Atoi(s) // four digits
	return n
}

var (
	// opens finds a year with which a sentence begins, or at whose end something is counted.
	opens = pattern.Of(`(?:^|[。;:)、])(?:截[止至]到?)?(20[0-4]\d)年(?:度|底|末|12月底|12月31日|以来|[,，]|[^\d]|$)`)
	// decisions quote years that are not the report's.
	decisions = pattern.Of(`《[^》]*》|[〔\[(【﹝]` + oneYear + `[〕\])】﹞]|国务院令第?\d+号`)
)

// spokenYear is the year of which most sentences of the body speak, if there is one.
func spokenYear(s Source) *Fact {
	count := map[string]int{}
	first := map[string]*Fact{}
	var order []string
	for _, p := range s.Lines {
		l := newLine(p.Text)
		for _, m := range opens().FindAllStringSubmatch(decisions().ReplaceAllString(l.text, ""), -1) {
			y := m[1]
			if count[y]++; count[y] == 1 {
				order = append(order, y)
				first[y] = &Fact{Text: y, Raw: y + "年", Page: p.Page, Box: p.Box, Confidence: p.Confidence}
			}
		}
	}
	best := ""
	for _, y := range order {
		if best == "" || count[y] > count[best] {
			best = y
		}
	}
	if best == "" {
		return nil
	}
	first[best].doubt(inferred, "taken from the text: no title and no period says it")
	return first[best]
}

var (
	// madeBy is a preamble that names who made the report.
	madeBy = pattern.Of(`本?(?:年度)?(?:报告|年报)由(\p{Han}{2,40}?)(?:根据|依据|依照|按照|遵照|综合|汇总|组织|负责|编制|编写|发布)`)
	// dated is the line of a date under a signature.
	dated = pattern.Of(`^(?:20[0-4]\d|二[〇○零oO0][一二三四五六七八九〇○零]{2})年[\d一二三四五六七八九十]{1,3}月(?:[\d一二三四五六七八九十]{1,3}日)?$`)
)

// lastLines is how many lines from the end a signature may stand.
const lastLines = 8

// otherIssuer finds who made a report whose title names nobody: in the preamble, beside a label, under the text.
func otherIssuer(s Source) *Fact {
	give := func(name, raw string, p *layout.Paragraph, why string) *Fact {
		f := &Fact{Text: name, Raw: raw, Confidence: 1}
		if p != nil {
			f.Page, f.Box, f.Confidence = p.Page, p.Box, p.Confidence
		}
		f.doubt(inferred, why)
		return f
	}
	head := s.Lines[:min(len(s.Lines), s.Body+periodLines)]
	for _, p := range head {
		if m := madeBy().FindStringSubmatch(newLine(p.Text).text); m != nil && looksLikeIssuer(m[1]) && !pronoun().MatchString(m[1]) {
			return give(m[1], m[0], p, "the preamble names it, no title does")
		}
	}
	beside := func(text string, p *layout.Paragraph) *Fact {
		for _, x := range parts(text) {
			name := bare(newLine(strings.FieldsFunc(x.text+" ", func(r rune) bool { return r == ' ' || r == '\t' || r == '\u3000' })[0]).text)
			if issuerLabels[x.label] && looksLikeIssuer(name) && !pronoun().MatchString(name) {
				return give(name, strings.TrimSpace(text), p, fmt.Sprintf("it stands beside %q, no title names it", x.label))
			}
		}
		return nil
	}
	for _, p := range head {
		if short(p) {
			if f := beside(p.Text, p); f != nil {
				return f
			}
		}
	}
	for i, text := range s.Cells {
		if f := beside(text, nil); f != nil {
			return f
		}
		if i > 0 && issuerLabels[strings.TrimRight(newLine(s.Cells[i-1]).text, ":")] {
			if f := beside(s.Cells[i-1]+":"+text, nil); f != nil {
				return f
			}
		}
	}
	for i := max(1, len(s.Lines)-lastLines); i < len(s.Lines); i++ {
		name := bare(newLine(s.Lines[i-1].Text).text)
		if dated().MatchString(newLine(s.Lines[i].Text).text) && looksLikeIssuer(name) && !pronoun().MatchString(name) {
			return give(name, s.Lines[i-1].Text, s.Lines[i-1], "it is the signature, no title names it")
		}
	}
	for _, n := range s.Names {
		if name := newLine(n.Text).text; n.Of == layout.PublisherName && looksLikeIssuer(name) {
			return give(name, n.Text, nil, "the page names it as its source, no title does")
		}
	}
	return nil
}
