// Package title finds what an annual report says of itself: its title, whose report it is, of which year.
//
// Every place that may say it is read alike, as year, issuer and the report's name with what a page puts
// around them taken off (labels, breadcrumbs, document numbers, the site's name). The reading that says most
// wins; the others confirm it or put it in doubt. Nothing is taken from what only surrounds the report. What
// was inferred, or contradicts itself, or stands alone in a scan has a confidence that says so.
package title

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/pattern"
)

// Limits in characters.
const (
	longestTitle  = 70
	longestIssuer = 40
	// longestLine is that of a line that may be a title with what a page puts beside it, maxLines how many
	// lines before the body are looked at, and titleParts over how many of them a title may go.
	longestLine = 400
	maxLines    = 400
	titleParts  = 4
)

// Confidences of what a text says in so many words but not where a title stands.
const (
	// inferred: the body speaks of the year, a signature or a label names the body.
	inferred = 0.9
	// doubted: something was left out, or another place says otherwise.
	doubted = 0.8
)

// Source is a document as far as it may say what it is.
type Source struct {
	// Lines are its paragraphs in order; those before Body stand before the first chapter.
	Lines []*layout.Paragraph
	Body  int
	// Cells are the texts of small tables before the body, in order: pages say there what they hold.
	Cells []string
	// Names are what the file says outside of its text.
	Names []layout.Name
}

// Fact is one thing found, with where it stands. It is nil when it was found nowhere.
type Fact struct {
	Text string // as it is given out
	// Raw is what was read, never altered.
	Raw        string
	Page       int // 0 where the format has no pages
	Box        layout.Rect
	Confidence float64
	// Doubt says in words why the confidence is less than 1; "" where a recogniser's is all.
	Doubt string
}

// Found is what a document says of itself. Year is the year as four digits.
type Found struct {
	Title, Issuer, Year *Fact
	// Headed says that a title stands where titles stand; Stated that the text says what it is.
	Headed, Stated bool
	// Titles counts the titles of different reports where titles stand: several make a list of reports.
	Titles int
}

// candidate is a reading and its place.
type candidate struct {
	reading
	score      float64
	raw        string
	page       int
	box        layout.Rect
	confidence float64
	firm       bool // a heading, or what the file says it is: not a mention
	stated     bool // the text says that this is what it is
}

// Scores of a candidate, beside the weight of its kind.
const (
	namesIssuer = 2.0
	namesYear   = 2.0
	usualIssuer = 0.5
	wholeLine   = 0.5
	asHeading   = 0.5
	onPage      = 1.0
	ofArticle   = 0.75
	ofPage      = 0.5
	joinedLine  = -0.25
	inDoubt     = -1.0
	inCrumbs    = -2.5
	inProse     = -3.0
	inProperty  = -1.5
	agreeing    = 0.5
)

// Find reads all that may say it.
func Find(s Source) Found {
	s.Body = min(max(s.Body, 0), len(s.Lines))
	period := periodOf(s)
	all := candidates(s)
	best := choose(all, period)
	f := Found{}
	whose := map[string]bool{}
	for _, c := range all {
		f.Stated = f.Stated || c.stated
		if c.firm && c.issuer != "" && c.year != 0 {
			whose[fmt.Sprint(c.issuer, c.year)] = true
		}
	}
	f.Titles, f.Headed = len(whose), best != nil && best.firm
	if best != nil {
		best.tell(&f)
		doubtContradicted(&f, best, all, period)
		complete(&f, best, all)
	}
	if f.Issuer == nil {
		f.Issuer = otherIssuer(s)
	}
	switch {
	case f.Year != nil:
	case period != nil:
		f.Year = period
	default:
		f.Year = spokenYear(s)
	}
	return f
}

// candidates are all readings of all places.
func candidates(s Source) (all []*candidate) {
	for i, n := range s.Names {
		for _, p := range parts(n.Text) {
			l := newLine(p.text)
			r, ok := read(l)
			if !ok {
				continue
			}
			c := &candidate{reading: r, raw: strings.TrimSpace(p.text), confidence: 1, firm: true}
			c.score = c.weigh(l) + map[layout.NameOf]float64{layout.ArticleName: ofArticle, layout.PageName: ofPage, layout.PropertyName: inProperty}[n.Of]
			c.score -= 0.01 * float64(i)
			c.firm = n.Of != layout.PropertyName
			all = append(all, c)
		}
	}
	defer func() {
		// 政府信息公开年报 without an issuer and a year is a room of the site, not a report in it.
		all = slices.DeleteFunc(all, func(c *candidate) bool { return c.issuer == "" && c.year == 0 })
	}()
	head := s.Lines[:min(s.Body, maxLines)]
	if s.Body == 0 { // a chapter's heading was seen at once, or in the title
		head = s.Lines[:min(len(s.Lines), 1)]
	}
	for i := range head {
		all = append(all, titleAt(head, i)...)
		if c := stated(head[i]); c != nil {
			all = append(all, c)
		}
	}
	for _, text := range s.Cells {
		for _, p := range parts(text) {
			if p.label == "" || titleLabels[p.label] {
				l := newLine(p.text)
				if r, ok := read(l); ok {
					c := &candidate{reading: r, raw: strings.TrimSpace(p.text), confidence: 1, firm: true}
					c.score = c.weigh(l)
					all = append(all, c)
				}
			}
		}
	}
	return all
}

// weigh is the score of what a candidate says.
func (c *candidate) weigh(l line) float64 {
	s := c.weight
	if c.issuer != "" {
		s += namesIssuer
		if looksLikeIssuer(c.issuer) {
			s += usualIssuer
		}
	}
	if c.year != 0 {
		s += namesYear
	}
	if c.doubt {
		s += inDoubt
	}
	if len([]rune(c.title)) >= len(l.at)-1 {
		s += wholeLine
	}
	return s
}

// titleAt are the readings of line i, alone and with the lines after it; and with the issuer's line before it,
// where the title names none.
func titleAt(lines []*layout.Paragraph, i int) []*candidate {
	var out []*candidate
	if !short(lines[i]) {
		return opening(lines[i])
	}
	for k := 1; k <= titleParts && i+k <= len(lines); k++ {
		if k > 1 && (!short(lines[i+k-1]) || !joins(lines[i+k-2], lines[i+k-1])) {
			break
		}
		found := readLines(lines[i : i+k])
		out = append(out, found...)
		if len(found) > 0 {
			break // a title that needs no further line
		}
	}
	for _, c := range out {
		if i+1 < len(lines) && c.year == 0 {
			c.addYear(lines[i+1])
		}
		if c.issuer != "" || c.year == 0 {
			continue
		}
		for _, at := range []int{i - 1, i + 1} {
			if w := withIssuer(c, lines, i, at); w != nil {
				out = append(out, w)
				break
			}
		}
	}
	return out
}

// yearLine is a line of a title page that holds the year alone: （2013年度）.
var yearLine = pattern.Of(`^[(（\[]?` + aYear + `[)）\]]?$`)

// addYear gives a title the year on the line below it.
func (c *candidate) addYear(p *layout.Paragraph) {
	l := newLine(p.Text)
	if !yearLine().MatchString(l.text) || !strings.Contains(l.text, "年") {
		return
	}
	c.year = yearIn(l.text)
	c.score += namesYear + joinedLine
	c.title += Tidy(p.Text)
	c.raw += "\n" + p.Text
	c.confidence = min(c.confidence, p.Confidence)
	c.box = union(c.page, c.box, p)
}

// withIssuer is a title that names no issuer with the line beside it, where that holds a name and nothing else.
func withIssuer(c *candidate, lines []*layout.Paragraph, i, at int) *candidate {
	if at < 0 || at >= len(lines) || len([]rune(lines[at].Text)) > longestIssuer {
		return nil
	}
	l := newLine(lines[at].Text)
	name := bare(l.text)
	if !looksLikeIssuer(name) || pronoun().MatchString(name) {
		return nil
	}
	w := *c
	w.issuer = name
	w.score += namesIssuer + usualIssuer + joinedLine
	first, second := lines[at], lines[i]
	if at < i {
		w.title = Tidy(lines[at].Text) + c.title
	} else {
		first, second = second, first
	}
	w.raw = first.Text + "\n" + second.Text
	w.confidence = min(w.confidence, lines[at].Confidence)
	w.box = union(c.page, c.box, lines[at])
	return &w
}

// joins says that a title may go on from one line to the next.
func joins(a, b *layout.Paragraph) bool {
	for _, p := range []*layout.Paragraph{a, b} {
		if strings.ContainsAny(p.Text, ":：。；>＞»|") || len([]rune(p.Text)) > longestTitle {
			return false
		}
	}
	return !pageWords().MatchString(newLine(a.Text).text) && !dateLine().MatchString(newLine(b.Text).text)
}

var (
	// pageWords are lines of a page with which no title begins.
	pageWords = pattern.Of(`^(?:正文|全文|首页|政府信息公开|政务公开|信息公开|年度报告|年报|政府信息公开(?:工作)?年报|打印|关闭|目录|附件\d*|登录|注册|分享|返回|\[?打印本页\]?|[(]?\d{4}[-年./]\d{1,2}.*)$`)
	// dateLine is a line that begins with a date; it is part of no title.
	dateLine = pattern.Of(`^[(]?20\d\d(?:[-./]|年\d{1,2}月)`)
)

// readLines reads lines as one title, and the labelled pieces of a single line each on its own.
func readLines(lines []*layout.Paragraph) []*candidate {
	var texts []string
	box, page, conf := layout.Rect{}, lines[0].Page, 1.0
	heading := false
	for _, p := range lines {
		texts = append(texts, strings.TrimSpace(p.Text))
		box = union(page, box, p)
		conf = min(conf, p.Confidence)
		heading = heading || p.Heading == 1 || p.Heading == 2
	}
	raw := strings.Join(texts, "\n")
	var out []*candidate
	add := func(text string, extra float64) bool {
		l := newLine(text)
		l.scanned = conf < 1
		r, ok := read(l)
		if !ok {
			return false
		}
		c := &candidate{reading: r, raw: raw, page: page, box: box, confidence: conf, firm: extra > inCrumbs}
		c.score = c.weigh(l) + onPage + extra + joinedLine*float64(len(lines)-1)
		if heading {
			c.score += asHeading
		}
		out = append(out, c)
		return true
	}
	if len(lines) > 1 {
		add(strings.Join(texts, ""), 0)
		return out
	}
	cut := parts(lines[0].Text)
	for _, p := range cut {
		extra := 0.0
		switch {
		case crumbLabels[p.label]:
			extra = inCrumbs
		case p.label != "" && !titleLabels[p.label]:
			continue
		}
		if add(p.text, extra) && out[len(out)-1].issuer != "" {
			continue
		}
		for _, w := range strings.Fields(p.text) { // breadcrumbs and the title with blanks between them
			add(w, extra)
		}
	}
	return out
}

// opening reads a long paragraph that begins with a title and runs on into the text.
func opening(p *layout.Paragraph) []*candidate {
	rs := []rune(p.Text)
	l := newLine(string(rs[:min(len(rs), 2*longestTitle)]))
	r, ok := read(l)
	if !ok || !strings.HasPrefix(newLine(p.Text[:min(len(p.Text), len(r.title)+40)]).text, newLine(r.title).text) {
		return nil
	}
	c := &candidate{reading: r, raw: r.title, page: p.Page, box: p.Box, confidence: p.Confidence, firm: true}
	c.score = c.weigh(l) + onPage
	return []*candidate{c}
}

// saying are the words with which a preamble says what follows; documents that it quotes are left out before.
var (
	saying = pattern.Of(`(?:公布|发布|编制|公开|形成|编写|撰写|提交)(?:了|完成|并公布|并发布)?`)
	quoted = pattern.Of(`[《〈][^》〉]*[》〉]`)
)

// named is a preamble's title in quotation marks: 现发布《甲县2022年政府信息公开工作年度报告》.
var named = pattern.Of(`(?:公布|发布|编制|公开|形成)(?:了|本)?[《〈"“]([^》〉"”]*)[》〉"”]`)

// stated reads what a preamble says that it is the preamble of: 现公布甲市2017年政府信息公开工作年度报告.
func stated(p *layout.Paragraph) *candidate {
	if len([]rune(p.Text)) < 12 || !strings.ContainsAny(p.Text, "公") {
		return nil
	}
	give := func(r reading, phrase line) *candidate {
		c := &candidate{reading: r, raw: r.title, page: p.Page, box: p.Box, confidence: p.Confidence, stated: true}
		c.score = c.weigh(phrase) + inProse
		if c.issuer == "" {
			c.title = "" // 现公布本单位2013年度报告 names no title
		}
		return c
	}
	if m := named().FindStringSubmatch(p.Text); m != nil {
		phrase := newLine(m[1])
		if r, ok := read(phrase); ok && !r.doubt && len([]rune(newLine(r.title).text)) == len(phrase.at) {
			return give(r, phrase)
		}
	}
	l := newLine(quoted().ReplaceAllString(p.Text, ""))
	for _, sentence := range strings.FieldsFunc(l.text, func(r rune) bool { return strings.ContainsRune("。;,", r) }) {
		for _, at := range saying().FindAllStringIndex(sentence, -1) {
			phrase := newLine(sentence[at[1]:])
			r, ok := read(phrase)
			if !ok || r.year == 0 && r.issuer == "" || r.issuer != "" && !looksLikeIssuer(r.issuer) || !strings.HasPrefix(phrase.text, r.title) {
				continue
			}
			return give(r, phrase)
		}
	}
	return nil
}

func union(page int, box layout.Rect, p *layout.Paragraph) layout.Rect {
	if p.Page != page {
		return box
	}
	return box.Union(p.Box)
}

// choose gives the candidate that says most; of equals the one nearest to the text.
func choose(all []*candidate, period *Fact) *candidate {
	for _, c := range all {
		for _, d := range all {
			if d != c && d.firm && d.issuer == c.issuer && d.year == c.year && c.issuer != "" {
				c.score += agreeing
				break
			}
		}
		if period != nil && c.year != 0 && yearIn(period.Text) == c.year {
			c.score += agreeing
		}
	}
	var best *candidate
	for _, c := range all {
		if best == nil || c.score >= best.score {
			best = c
		}
	}
	return best
}

// Whole reads a line that is a report's title and nothing else: whose report it is, of which year. It is false where the line
// leaves one of them open, or says more.
func Whole(text string) (issuer string, year int, ok bool) {
	if len([]rune(text)) > longestTitle {
		return "", 0, false
	}
	r, ok := read(newLine(strings.TrimLeft(text, "# ")))
	if !ok || r.doubt || r.issuer == "" || r.year == 0 || r.weight < usual {
		return "", 0, false
	}
	return r.issuer, r.year, true
}

// usual is the weight of the names that a report's title has: less is 情况总结 or a table's.
const usual = 2
