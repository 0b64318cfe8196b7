package normalize

import (
	"strings"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/normalize/title"
)

// A report's body: as many chapters, or a table of as many cells. What is less is a mention: a link to another year's, a list.
const (
	bodyChapters = 2
	bodyCells    = 8
	// alikeIssuers is how like two names are of which poor print may be the whole difference: one character of five.
	alikeIssuers = 0.75
)

// Split parts a document that holds several reports, one behind the other, each under its own title: those of two years, those
// of several bodies. Most documents hold one, and come back as they are. The parts share the document's pages and pictures;
// only the document itself is to be closed.
func Split(doc *layout.Document) []*layout.Document {
	var starts []start
	for i := range doc.Pages {
		for k, b := range doc.Pages[i].Blocks {
			if b.Paragraph == nil {
				continue
			}
			if issuer, year, ok := title.Whole(b.Paragraph.Text); ok {
				starts = append(starts, start{page: i, block: k, issuer: issuer, year: year})
			}
		}
	}
	starts = reports(doc, starts)
	if len(starts) < 2 {
		return []*layout.Document{doc}
	}
	out := make([]*layout.Document, len(starts))
	for i, s := range starts {
		if i == 0 {
			s.page, s.block = 0, 0 // what stands before the first title is of its report
		}
		end := start{page: len(doc.Pages)}
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		out[i] = between(doc, s, end)
		if i > 0 {
			out[i].Names = nil // what the file says of itself is of the first
		}
	}
	return out
}

// start is the place of a title.
type start struct {
	page, block int
	issuer      string
	year        int
}

// reports leaves the titles that begin a report: those with a body before the next one, of another body or year than the one
// before. A running head is none, though poor print made another of it: chapters go on behind it that began before, or none is there to tell.
func reports(doc *layout.Document, starts []start) []start {
	var out []start
	for i, s := range starts {
		end := start{page: len(doc.Pages)}
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		body := between(doc, s, end)
		if !hasBody(body) {
			continue
		}
		if n := len(out); n > 0 {
			before := out[n-1]
			if before.year == s.year && before.issuer == s.issuer {
				continue
			}
			first := firstChapter(body)
			alike := editSimilarity([]rune(before.issuer), []rune(s.issuer), alikeIssuers) >= alikeIssuers
			if first > 1 || first == 0 && alike && doc.Pages[s.page].Route == layout.RouteOCR {
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

// firstChapter is the number of the first chapter of a document, 0 where it has none.
func firstChapter(doc *layout.Document) int {
	for _, p := range doc.Pages {
		for _, b := range p.Blocks {
			if b.Paragraph == nil {
				continue
			}
			if e, _ := figure.SplitEnumerator(strings.TrimLeft(b.Paragraph.Text, "# ")); e.Style == '一' {
				return e.N
			}
		}
	}
	return 0
}

// hasBody says that more than a title stands in a document.
func hasBody(doc *layout.Document) bool {
	chapters := 0
	for _, p := range doc.Pages {
		for _, b := range p.Blocks {
			switch {
			case b.Table != nil && len(b.Table.Cells) >= bodyCells:
				return true
			case b.Paragraph != nil:
				if e, _ := figure.SplitEnumerator(strings.TrimLeft(b.Paragraph.Text, "# ")); e.Style == '一' {
					chapters++
				}
			}
		}
	}
	return chapters >= bodyChapters
}

// between gives the part of a document from one place to another. Pages of which nothing is in it are left out.
func between(doc *layout.Document, from, to start) *layout.Document {
	d := *doc
	d.Pages, d.Close = nil, nil
	for i := from.page; i <= min(to.page, len(doc.Pages)-1); i++ {
		p := doc.Pages[i]
		if i == to.page {
			p.Blocks = p.Blocks[:to.block]
		}
		if i == from.page {
			p.Blocks = p.Blocks[min(from.block, len(p.Blocks)):]
		}
		if len(p.Blocks) > 0 || i > from.page && i < to.page {
			d.Pages = append(d.Pages, p)
		}
	}
	return &d
}
