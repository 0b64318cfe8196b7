package normalize

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/normalize/title"
	"github.com/nianbao/nianbao/report"
)

// paragraphs of a run of blocks that say something.
func paragraphs(blocks []layout.Block) []*layout.Paragraph {
	var out []*layout.Paragraph
	for _, b := range blocks {
		if b.Paragraph != nil && strings.TrimSpace(b.Paragraph.Text) != "" {
			out = append(out, b.Paragraph)
		}
	}
	return out
}

// prose puts title, issuer and year into the report, and its text, cut into the form's sections.
func prose(r *report.Report, doc *layout.Document, blocks []layout.Block, main *form.Form) []diag.Warning {
	paras := paragraphs(blocks)
	heads := headings(paras, main)
	firstHead := len(paras)
	for i, h := range heads {
		if h != nil {
			firstHead = i
			break
		}
	}
	warnings := describe(r, titleSource(doc, blocks, paras, firstHead))
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
	r.Sections = sections
	return warnings
}

// chaptersOf chooses the form whose sections a report without tables has: the national one of which most are
// there; of several, the newest that was in force in its year, else the oldest.
func chaptersOf(s title.Source, forms form.Set) *form.Form {
	year := yearOf(title.Find(s))
	var best *form.Form
	most := -1
	for _, f := range slices.Backward(forms.National()) {
		n := 0
		for _, h := range headings(s.Lines, f) {
			if h != nil && h.key != "" {
				n++
			}
		}
		if n > most || n == most && year >= f.From {
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

// narrow resolves compatibility forms and drops white space, in which titles abound.
func narrow(s string) string {
	return strings.Join(strings.Fields(norm.NFKC.String(s)), "")
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
