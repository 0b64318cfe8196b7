package check

import (
	"slices"

	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/report"
)

// lossy are the warnings that mean that something of the document was not read at all.
var lossy = []diag.Code{diag.PageUnreadable, diag.Truncated}

// outcome says in a word what became of a report whose review is written. Whether a document is a
// report at all was found by who saw the document; that stays as it is.
func outcome(r *report.Report) report.Outcome {
	if r.Outcome == report.NotAReport {
		return report.NotAReport
	}
	numbers := false
	for _, p := range r.Tables.Paths() {
		v, _ := r.Tables.Value(p)
		numbers = numbers || v.Number != nil
	}
	switch {
	case !numbers:
		return report.NoNumbers
	case !identified(r),
		slices.ContainsFunc(r.Review, func(v report.Review) bool { return v.Reason == report.IsMissing }),
		slices.ContainsFunc(r.Warnings, func(w report.Warning) bool { return slices.Contains(lossy, w.Code) }):
		return report.Partial
	}
	return report.Complete
}

// identified says that title, issuer and year are known, or that a person said that the report has none.
func identified(r *report.Report) bool {
	for _, path := range report.MetaPaths {
		v, _ := r.Value(path)
		if c := r.Cell(path); v.IsNull() && (c == nil || c.Verdict != report.Confirmed) {
			return false
		}
	}
	return true
}
