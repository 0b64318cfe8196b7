package normalize

import (
	"math"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/normalize/title"
	"github.com/nianbao/nianbao/report"
)

// smallTable is how many cells a table may have that says what a page holds: a web page's 索引号, 名称, 发布机构.
const smallTable = 60

// titleSource is what may say whose report of which year the document is. body is the first paragraph of the
// first chapter.
func titleSource(doc *layout.Document, blocks []layout.Block, paras []*layout.Paragraph, body int) title.Source {
	s := title.Source{Lines: paras, Body: body, Names: doc.Names}
	n := 0
	for _, b := range blocks {
		switch {
		case b.Paragraph != nil && strings.TrimSpace(b.Paragraph.Text) != "":
			n++
		case b.Table != nil && n <= body && len(b.Table.Cells) <= smallTable:
			for _, c := range b.Table.Cells {
				s.Cells = append(s.Cells, c.Text)
			}
		}
	}
	return s
}

// describe puts title, issuer and year into the report, each with its evidence.
func describe(r *report.Report, found title.Found) []diag.Warning {
	var warnings []diag.Warning
	for i, f := range []*title.Fact{found.Title, found.Issuer, found.Year} {
		path := report.MetaPaths[i]
		cell := report.Cell{Path: path, Mark: report.MarkBlank, Verdict: report.Missing, Origin: report.OriginText}
		if f == nil {
			warnings = append(warnings, diag.Warning{Code: diag.MetaMissing, Message: "the report's " + strings.TrimPrefix(path, "/report/") + " was not found"})
		} else {
			cell = metaCell(r, path, f)
			_ = r.Set(path, factValue(path, f)) // a text, or a year of this century
		}
		r.Cells = append(r.Cells, cell)
	}
	return warnings
}

// yearOf is the year that was found, 0 for none.
func yearOf(f title.Found) int {
	if f.Year == nil {
		return 0
	}
	y, err := strconv.Atoi(f.Year.Text)
	if err != nil {
		return 0 // four digits are a number
	}
	return y
}

func factValue(path string, f *title.Fact) report.Value {
	if path != report.YearPath {
		return report.Value{Text: &f.Text}
	}
	y, err := strconv.Atoi(f.Text)
	if err != nil {
		return report.Value{} // four digits are a number
	}
	n := report.Int(int64(y))
	return report.Value{Number: &n}
}

// metaCell is the evidence for a title, an issuer or a year; its note says why it is in doubt.
func metaCell(r *report.Report, path string, f *title.Fact) report.Cell {
	c := report.Cell{Path: path, Raw: f.Raw, Mark: report.MarkText, Note: f.Doubt, Verdict: report.Read, Confidence: math.Round(f.Confidence*1e6) / 1e6, Origin: report.OriginText}
	if f.Page > 0 {
		for _, p := range r.Source.Pages {
			if p.Number == f.Page && p.Route == string(layout.RouteOCR) {
				c.Origin = report.OriginOCR
			}
		}
		page := f.Page
		c.Page = &page
		c.Box = &[4]float64{round(f.Box.X0), round(f.Box.Y0), round(f.Box.X1), round(f.Box.Y1)}
	}
	return c
}
