package normalize

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
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

// prose is the text of a document: its paragraphs, those of them that open chapters, and what it says of itself.
type prose struct {
	paras []*layout.Paragraph
	heads []*heading
	found title.Found
}

func readProse(doc *layout.Document, blocks []layout.Block, forms form.Set) prose {
	p := prose{paras: paragraphs(blocks)}
	p.heads = headings(p.paras, forms)
	body := slices.IndexFunc(p.heads, func(h *heading) bool { return h != nil })
	if body < 0 {
		body = len(p.paras)
	}
	p.found = title.Find(titleSource(doc, blocks, p.paras, body))
	return p
}

// put puts title, issuer and year into the report, and the text, cut into chapters. main is the form of its tables.
func (p prose) put(r *report.Report, forms form.Set, main *form.Form) []diag.Warning {
	warnings := describe(r, p.found)
	paras, heads := withoutFurniture(p.paras, p.heads, forms)
	r.Sections = sections(paras, heads)
	r.Preamble = preamble(paras, heads, r.Meta.Title)
	if main == nil {
		main = binding(r, forms)
	}
	return append(warnings, missingSections(r, main)...)
}

// sections are the chapters of a text. One that has none is a chapter without a name.
func sections(paras []*layout.Paragraph, heads []*heading) []report.Section {
	out := []report.Section{}
	begun := slices.ContainsFunc(heads, func(h *heading) bool { return h != nil })
	for i, p := range paras {
		switch h := heads[i]; {
		case h != nil:
			out = append(out, report.Section{Key: h.key, Heading: oneLine(h.heading), Text: strings.TrimSpace(h.rest), Pages: []int{}, Confidence: p.Confidence})
		case len(out) == 0 && begun:
			continue // the title, and what stands between it and the first chapter
		case len(out) == 0:
			out = append(out, report.Section{Text: strings.TrimSpace(p.Text), Pages: []int{}, Confidence: p.Confidence})
		default:
			s := &out[len(out)-1]
			if s.Text != "" {
				s.Text += "\n"
			}
			s.Text += strings.TrimSpace(p.Text)
			s.Confidence = min(s.Confidence, p.Confidence)
		}
		s := &out[len(out)-1]
		if p.Page > 0 && (len(s.Pages) == 0 || s.Pages[len(s.Pages)-1] < p.Page) {
			s.Pages = append(s.Pages, p.Page)
		}
	}
	return out
}

// leastPreamble is how many characters a line must have to be of a preamble and not of a page's menu.
const leastPreamble = 15

// preamble is the text between the title and the first chapter, nil where there is none.
func preamble(paras []*layout.Paragraph, heads []*heading, title string) *report.Preamble {
	body := slices.IndexFunc(heads, func(h *heading) bool { return h != nil })
	var out *report.Preamble
	for _, p := range paras[:max(body, 0)] {
		text := strings.TrimSpace(p.Text)
		s := narrow(text)
		if len([]rune(s)) < leastPreamble || !strings.ContainsAny(s, "。,;:、") || strings.Contains(narrow(title), s) {
			continue
		}
		if out == nil {
			out = &report.Preamble{Pages: []int{}, Confidence: 1}
		} else {
			out.Text += "\n"
		}
		out.Text += text
		out.Confidence = min(out.Confidence, p.Confidence)
		if n := len(out.Pages); p.Page > 0 && (n == 0 || out.Pages[n-1] < p.Page) {
			out.Pages = append(out.Pages, p.Page)
		}
	}
	return out
}

// boundSince is the first year of which every report must have the chapters of the form that was in force; for the
// year before the notice only encouraged them (国办公开办函〔2019〕60号).
const boundSince = 2020

// binding is the form whose chapters a report without tables must have, nil for none.
func binding(r *report.Report, forms form.Set) *form.Form {
	if r.Meta.Year == nil || *r.Meta.Year < boundSince {
		return nil
	}
	for _, f := range forms.National() {
		if f.From <= *r.Meta.Year {
			return f
		}
	}
	return nil
}

// likeliestForm is the form whose chapters a report has that has no tables: the national one of which most names
// are there; of several, the newest that was in force in its year, else the oldest.
func likeliestForm(heads []*heading, year *int, forms form.Set) *form.Form {
	var best *form.Form
	most := -1
	for _, f := range slices.Backward(forms.National()) {
		n := 0
		for _, h := range heads {
			if h != nil && slices.ContainsFunc(f.Sections, func(s form.Section) bool { return s.Key == h.key && isNamed(s, h.name) }) {
				n++
			}
		}
		if n > most || n == most && year != nil && *year >= f.From {
			best, most = f, n
		}
	}
	return best
}

// isNamed says that a heading is one of a section's names.
func isNamed(s form.Section, n name) bool {
	return slices.ContainsFunc(append([]string{s.Heading}, s.Aliases...), func(text string) bool { return n.similarityOver(newName(text), isName) >= isName })
}

// missingSections names the chapters that a report with others lacks.
func missingSections(r *report.Report, f *form.Form) []diag.Warning {
	seen := map[string]bool{}
	for _, s := range r.Sections {
		seen[s.Key] = true
	}
	delete(seen, "")
	var out []diag.Warning
	if f != nil && len(seen) > 0 {
		for _, s := range f.Sections {
			if !s.Optional && !seen[s.Key] {
				out = append(out, diag.Warning{Code: diag.SectionMissing, Message: "the report has no section " + strconv.Quote(s.Heading)})
			}
		}
	}
	return out
}

// tidy takes blanks out of a line of Chinese and keeps those between Latin words.
func tidy(s string) string { return title.Tidy(s) }

func oneLine(s string) string { return tidy(strings.ReplaceAll(s, "\n", " ")) }
