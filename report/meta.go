package report

import "strings"

// MetaPaths are the pointers of what a report says of itself, in their order.
var MetaPaths = [...]string{TitlePath, IssuerPath, YearPath}

// IsMeta says that a pointer is of what a report says of itself, and of no number of a table.
func IsMeta(path string) bool { return strings.HasPrefix(path, "/report/") }

// The years that a report can be of.
const (
	firstYear = 1990
	lastYear  = 2100
)
