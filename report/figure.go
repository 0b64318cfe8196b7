package report

import "github.com/nianbao/nianbao/layout/figure"

// Figure is what the text of a value cell says.
type Figure struct {
	Number *Number // in the field's unit; nil when no number is printed
	Mark   Mark
	Note   string // what stood beside the number
	// OtherUnit is set where the number is printed in another unit than the field's, or in one that may be read
	// as another; Unsure says why the text may mean something else too.
	OtherUnit bool
	Unsure    string
}

// ParseFigure reads the text of a value cell of which nothing is known; see figure.Parse.
func ParseFigure(text string) Figure { return FigureIn(figure.Field{}, text) }

// FigureIn reads the text of a value cell of a field.
func FigureIn(field figure.Field, text string) Figure {
	f := field.Parse(text)
	out := Figure{Mark: Mark(f.Kind), Note: f.Note, OtherUnit: f.OtherUnit, Unsure: f.Unsure}
	if f.Decimal != "" {
		n, err := ParseNumber(f.Decimal)
		if err != nil {
			return Figure{Mark: MarkText}
		}
		out.Number = &n
	}
	return out
}

// IsNothing says that a text is a way of printing no number.
func IsNothing(raw string) bool { return figure.IsNothing(raw) }
