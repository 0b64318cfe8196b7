package check

import (
	"slices"

	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
)

// named are the title, the issuer and the year where they were not found, or not read as surely as a number that
// no sum holds must be.
func named(r *report.Report) []report.Review {
	if r.Outcome == report.NotAReport {
		return nil
	}
	var out []report.Review
	for _, path := range report.MetaPaths {
		c := r.Cell(path)
		switch {
		case c == nil || c.Verdict == report.Confirmed:
		case c.Verdict == report.Missing:
			detail := "not found in the document"
			if slices.ContainsFunc(r.Warnings, func(w report.Warning) bool { return w.Code == diag.ProseSkipped }) {
				detail = "not found where it was looked for: the prose was not read (--tables-only)"
			}
			out = append(out, report.Review{Path: path, Reason: report.IsMissing, Detail: detail})
		case c.Confidence < minAgreed:
			detail := c.Note
			if detail == "" {
				detail = "hardly read"
			}
			out = append(out, report.Review{Path: path, Reason: report.LowConfidence, Detail: detail})
		}
	}
	return out
}
