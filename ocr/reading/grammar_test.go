package reading

import "testing"

func TestWellFormed(t *testing.T) {
	for _, c := range []struct {
		text   string
		want   bool
		reason string
	}{
		{"", true, "blank"}, {"/", true, "mark"}, {"—", true, "mark"}, {"-", true, "mark"},
		{"0", true, "zero"}, {"120", true, "number"}, {"7,974,940", true, "groups"}, {"1,234.56", true, "groups and decimals"},
		{"0.1234", true, "decimals"}, {"-12", true, "sign"}, {"+173", true, "sign"}, {"—5", true, "a long minus"},
		{"22(□□□□16□)", true, "note"}, {"(3)", true, "number in brackets"}, {"251000□", true, "unit"}, {"□□□", true, "words"},
		{"□/□", true, "words"}, {"□07□", true, "words"}, {"1.□□□", true, "item"},
		{"7.974.940", false, "two points"}, {"7,974.94,0", false, "a group after the point"}, {"79,40", false, "short group"},
		{"1234,567", false, "long first group"}, {",123", false, "empty group"}, {"12.", false, "no decimals"},
		{".5", false, "no whole part"}, {"0,123", false, "groups of a fraction"}, {"05", false, "leading zero"}, {"3)", false, "bracket never opened"},
		{"(3", false, "bracket left open"}, {"8/0", false, "slash in a number"}, {"--1", false, "two signs"}, {"1-", false, "sign behind"},
	} {
		if got := wellFormed(c.text); got != c.want {
			t.Errorf("%q (%s): %v", c.text, c.reason, got)
		}
	}
}
