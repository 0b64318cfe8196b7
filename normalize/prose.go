package normalize

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/report"
)

// prose finds title, issuer and year, and cuts the text into the form's sections.
func prose(blocks []layout.Block, forms form.Set, main *form.Form, file string) (report.Meta, []report.Section, []diag.Warning) {
	var paras []*layout.Paragraph
	tables := map[int]bool{} // paragraphs that a table follows
	for _, b := range blocks {
		switch {
		case b.Paragraph != nil && strings.TrimSpace(b.Paragraph.Text) != "":
			paras = append(paras, b.Paragraph)
		case b.Table != nil:
			tables[len(paras)] = true
		}
	}
	if main == nil {
		main = chapters(paras, forms)
	}
	heads := headings(paras, main)
	firstHead := len(paras)
	for i, h := range heads {
		if h != nil {
			firstHead = i
			break
		}
	}
	meta := findMeta(paras, firstHead)
	var warnings []diag.Warning
	for _, m := range []struct {
		what string
		gone bool
	}{{"title", meta.Title == ""}, {"issuer", meta.Issuer == ""}, {"year", meta.Year == nil}} {
		if m.gone && len(paras) > 0 {
			warnings = append(warnings, diag.Warning{Code: diag.MetaMissing, Message: "the report's " + m.what + " was not found"})
		}
	}
	sections := []report.Section{}
	for i := firstHead; i < len(paras); i++ {
		p := paras[i]
		if h := heads[i]; h != nil {
			sections = append(sections, report.Section{Key: h.key, Heading: oneLine(h.heading), Text: strings.TrimSpace(h.rest), Pages: []int{}, Confidence: p.Confidence})
		} else {
			s := &sections[len(sections)-1]
			if s.Text != "" {
				s.Text += "\n"
			}
			s.Text += strings.TrimSpace(p.Text)
			s.Confidence = min(s.Confidence, p.Confidence)
		}
		s := &sections[len(sections)-1]
		if p.Page > 0 && (len(s.Pages) == 0 || s.Pages[len(s.Pages)-1] < p.Page) {
			s.Pages = append(s.Pages, p.Page)
		}
	}
	if len(sections) > 0 {
		seen := map[string]bool{}
		for _, s := range sections {
			seen[s.Key] = true
		}
		for _, s := range main.Sections {
			if !s.Optional && !seen[s.Key] {
				warnings = append(warnings, diag.Warning{Code: diag.SectionMissing, Message: "the report has no section " + strconv.Quote(s.Heading)})
			}
		}
	}
	return meta, sections, warnings
}

// chapters chooses the form whose sections a report without tables has: the national one of which most are
// there; of several, the newest that was in force in its year, else the oldest.
func chapters(paras []*layout.Paragraph, forms form.Set) *form.Form {
	year := findMeta(paras, titleLines).Year
	var best *form.Form
	most := -1
	for _, f := range slices.Backward(forms.National()) {
		n := 0
		for _, h := range headings(paras, f) {
			if h != nil && h.key != "" {
				n++
			}
		}
		if n > most || n == most && year != nil && *year >= f.From {
			best, most = f, n
		}
	}
	return best
}

// heading is a paragraph that opens a section. Where the whole chapter is one paragraph, rest is
// what follows the heading in it.
type heading struct {
	key, heading, rest string
}

// maxHeading is the longest heading in characters; the longest official one has 36.
const maxHeading = 46

// headings finds the paragraphs that open a section: 一、 and a name, or a name of the form alone.
// Official names win; a numbered chapter that no form knows opens a section without a key.
func headings(paras []*layout.Paragraph, f *form.Form) []*heading {
	out := make([]*heading, len(paras))
	targets := make([]target, len(f.Sections))
	for i, s := range f.Sections {
		targets[i] = newTarget(s.Heading, s.Aliases, nil)
	}
	used := map[string]bool{}
	for i, p := range paras {
		line := strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(p.Text), "#"))
		head, rest := line, ""
		if j := strings.IndexAny(line, "\n。：:"); j > 0 && len([]rune(line[:j])) <= maxHeading {
			head, rest = line[:j], strings.TrimLeft(line[j:], "\n。：:")
		}
		e, body := figure.SplitEnumerator(head)
		if len([]rune(head)) > maxHeading {
			// The heading may run on into its text without a stop.
			if e.Style != '一' {
				continue
			}
			head, rest = cutHeading(line, targets)
			if head == "" {
				continue
			}
			_, body = figure.SplitEnumerator(head)
		}
		n := newName(body)
		best, at := 0.0, -1
		for j := range targets {
			if used[f.Sections[j].Key] {
				continue
			}
			if s, _ := likeness(label{leaf: n}, targets[j]); s > best {
				best, at = s, j
			}
		}
		switch {
		case at >= 0 && (best >= sureSimilarity && (e.Style != 0 && e.Style != '1' && e.Style != '(' || p.Heading > 0 || best >= 0.95 && e.Style == 0 && rest == "") || e.Style == '一' && best >= minSimilarity):
			used[f.Sections[at].Key] = true
			out[i] = &heading{f.Sections[at].Key, head, rest}
		case e.Style == '一' && len(n.full) <= 24 && rest == "" && !strings.HasSuffix(head, "；"):
			out[i] = &heading{"", head, rest}
		}
	}
	return out
}

// cutHeading finds an official heading at the start of a paragraph that runs on.
func cutHeading(line string, targets []target) (head, rest string) {
	rs := []rune(line)
	for n := min(maxHeading, len(rs)); n >= 5; n-- {
		_, body := figure.SplitEnumerator(string(rs[:n]))
		for _, t := range targets {
			for _, m := range t.names {
				if newName(body).similarity(m) >= 0.97 && len(newName(body).full) == len(m.full) {
					return string(rs[:n]), string(rs[n:])
				}
			}
		}
	}
	return "", ""
}

var (
	yearPattern   = regexp.MustCompile(`(20[0-4]\d)\s*(?:年度|年)`)
	hanYear       = regexp.MustCompile(`(二[〇○零ＯO0][一二三四五六七八九〇○零]{2})\s*(?:年度|年)`)
	periodPattern = regexp.MustCompile(`(20[0-4]\d)\s*年\s*1\s*月\s*1\s*日[^。]{0,12}?(?:起|至|到|—|-|－)`)
	titleEnd      = regexp.MustCompile(`(?:政府|政务)?信息公开(?:工作)?(?:情况)?(?:的)?(?:年度)?(?:工作)?(?:报告|年报)|政务公开(?:工作)?年度报告`)
	emptyBrackets = regexp.MustCompile(`[（(][^（）()]*[）)]`)
)

// titleLines is how many lines before the first heading may hold the title, and titleParts over how
// many lines it may go.
const (
	titleLines = 12
	titleParts = 4
	// longestTitle in characters.
	longestTitle = 70
	// titleTrim are marks around a title that are none of it: quotes, and specks read as marks.
	titleTrim = "《》“”‘’\"'`·—-_~*:：,，、;；.。|^ "
)

var strayComma = regexp.MustCompile(`[，,、.·]`)

// furniture tells lines of a web page and of the preamble from titles.
var furniture = regexp.MustCompile(`[。；>＞»]|本报告|索引号|首页|当前位置|根据《`)

func findMeta(paras []*layout.Paragraph, firstHead int) report.Meta {
	var m report.Meta
	n := min(len(paras), max(firstHead, 1), titleLines)
	best, score := -1, 0
	for i := 0; i < n; i++ {
		for k := 1; k <= titleParts && i+k <= n; k++ {
			if k > 1 && (strings.ContainsAny(paras[i].Text, ":：") || titleEnd.MatchString(narrow(paras[i].Text))) {
				break // page furniture (发布日期：…), or a title that needs no second line
			}
			t := joined(paras[i : i+k])
			if k > 1 {
				t = strayComma.ReplaceAllString(t, "") // a speck between the lines of a title
			}
			if head := titleEnd.FindStringIndex(t); head != nil && head[1] <= len(t)-len("根据") && strings.Contains(t[head[1]:], "根据《") {
				t = t[:head[1]] // the preamble runs on in the same paragraph
			}
			if !titleEnd.MatchString(narrow(t)) || len([]rune(t)) > longestTitle || furniture.MatchString(t) {
				continue
			}
			s := 1
			if looksLikeIssuer(issuerOf(t)) {
				s += 2
			}
			if _, ok := yearOf(t); ok {
				s++
			}
			if s > score {
				m.Title, best, score = t, i, s
			}
			break
		}
	}
	// A title that begins with the year or the name of the report has its issuer on the lines before.
	if best > 0 && issuerOf(m.Title) == "" {
		for k := 1; k <= 2 && best-k >= 0; k++ {
			t := joined(paras[best-k : best])
			if looksLikeIssuer(t) {
				m.Title = t + m.Title
				break
			}
		}
	}
	m.Title = strings.Trim(m.Title, titleTrim)
	m.Issuer = issuerOf(m.Title)
	if y, ok := yearOf(m.Title); ok {
		m.Year = &y
	}
	all := paras[:min(len(paras), max(firstHead+4, titleLines))]
	if m.Year == nil {
		for _, p := range all {
			if x := periodPattern.FindStringSubmatch(narrow(p.Text)); x != nil {
				y, _ := strconv.Atoi(x[1])
				m.Year = &y
				break
			}
		}
	}
	return m
}

// narrow resolves compatibility forms and drops white space, in which titles abound.
func narrow(s string) string {
	return strings.Join(strings.Fields(norm.NFKC.String(s)), "")
}

func joined(ps []*layout.Paragraph) string {
	var b strings.Builder
	for _, p := range ps {
		b.WriteString(strings.TrimLeft(oneLine(p.Text), "# "))
	}
	return tidy(b.String())
}

// tidy takes blanks out of a line of Chinese and keeps those between Latin words.
func tidy(s string) string {
	rs := []rune(strings.Join(strings.Fields(s), " "))
	var b strings.Builder
	for i, r := range rs {
		if r == ' ' && i > 0 && i+1 < len(rs) && (rs[i-1] > 127 || rs[i+1] > 127) {
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func oneLine(s string) string { return tidy(strings.ReplaceAll(s, "\n", " ")) }

func yearOf(title string) (int, bool) {
	t := narrow(title)
	if x := yearPattern.FindStringSubmatch(t); x != nil {
		y, err := strconv.Atoi(x[1])
		return y, err == nil
	}
	if x := hanYear.FindStringSubmatch(t); x != nil {
		y := 0
		for _, r := range x[1] {
			y = y*10 + figure.Han(r)
		}
		return y, true
	}
	return 0, false
}

// issuerOf takes year and kind of report off a title; what is left is whose it is.
func issuerOf(title string) string {
	t := narrow(title)
	loc := titleEnd.FindStringIndex(t)
	if loc == nil {
		return ""
	}
	t = t[:loc[0]]
	t = yearPattern.ReplaceAllString(t, "")
	t = hanYear.ReplaceAllString(t, "")
	t = emptyBrackets.ReplaceAllString(t, "")
	t = strings.TrimPrefix(t, "关于")
	t = strings.Trim(t, titleTrim)
	for _, suffix := range []string{"的", "关于", "年度"} {
		t = strings.TrimSuffix(t, suffix)
	}
	return strings.Trim(t, titleTrim)
}

var issuerEnd = regexp.MustCompile(`(?:政府|办公室|办公厅|委员会|办事处|局|厅|委|部|处|院|中心|署|乡|镇|县|区|市|省|街道|银行|大学|学院|医院|公司|协会)$`)

func looksLikeIssuer(s string) bool {
	n := len([]rune(s))
	return n >= 2 && n <= 40 && issuerEnd.MatchString(narrow(s)) && !strings.ContainsAny(s, "。；：:")
}
