package text

import "testing"

func TestLogical(t *testing.T) {
	for _, tt := range []struct{ drawn, want string }{
		{"政府 12", "政府 12"},
		{"Total (3)", "Total (3)"},
		{"לכה ךס", "סך הכל"},
		{")2(שפנל תיפוס", "סופית לנפש(2)"},
		{"(2)שפנל", "לנפש(2)"},
		{"ططق 47 يدنع", "عندي 47 قطط"},
		{"1,234.5 ךס", "סך 1,234.5"},
		{"Jeremy is يمرج in Arabic", "Jeremy is جرمي in Arabic"},
	} {
		if got := logical(tt.drawn); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.drawn, got, tt.want)
		}
	}
}
