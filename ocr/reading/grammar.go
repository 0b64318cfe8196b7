package reading

import (
	"strings"

	"github.com/nianbao/nianbao/layout/figure"
)

// malformed is what the odds of a reading that no one would print are multiplied by: two decimal points, groups of other than
// three digits, a zero before other digits, a bracket left open. Small print tells a comma from a full stop badly, but 7.974.940
// is no number and 7,974,940 is. It is not nothing, for what a report prints wrong shall be read wrong where the pixels are clear.
const malformed = .03

// wellFormed reports whether text may stand in a table: a mark, a number with its sign, groups, decimals and a note, or words.
func wellFormed(text string) bool {
	switch text {
	case "", "/", "-", "—", "+":
		return true
	}
	if open, shut := strings.Count(text, "("), strings.Count(text, ")"); open != shut || open > 1 {
		return false
	}
	rest := strings.TrimLeft(text, "0123456789.,+-—")
	head := text[:len(text)-len(rest)]
	if rest != "" && !strings.HasPrefix(rest, "(") && !strings.HasPrefix(rest, string(Other)) {
		return false // a slash within a number
	}
	if rest != "" {
		head = strings.TrimSuffix(head, ".") // the number of an item
	}
	if head == "" {
		return true // words, or a number in brackets
	}
	return figure.WellFormed(head)
}
