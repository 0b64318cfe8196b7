package report

import "github.com/nianbao/nianbao/layout/figure"

// Figure is what the text of a value cell says.
type Figure struct {
	Number *Number // nil when no number is printed
	Mark   Mark
	Note   string // what stood beside the number
}

// ParseFigure reads the text of a value cell; see figure.Parse.
func ParseFigure(text string) Figure {
	f := figure.Parse(text)
	out := Figure{Mark: Mark(f.Kind), Note: f.Note}
	if f.Decimal != "" {
		if n, err := ParseNumber(f.Decimal); err == nil {
			out.Number = &n
		}
	}
	return out
}

// IsNothing says that a text is a way of printing no number.
func IsNothing(raw string) bool { return figure.IsNothing(raw) }
