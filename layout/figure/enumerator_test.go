package figure_test

import (
	"testing"

	"github.com/nianbao/nianbao/layout/figure"
)

func TestSplitEnumerator(t *testing.T) {
	none := figure.Enumerator{}
	tests := []struct {
		in   string
		enum figure.Enumerator
		rest string
	}{
		{"一、总体情况", figure.Enumerator{Style: '一', N: 1}, "总体情况"},
		{"十二、其他", figure.Enumerator{Style: '一', N: 12}, "其他"},
		{"二十. 其他", figure.Enumerator{Style: '一', N: 20}, "其他"},
		{"（ 三 ）不予公开", figure.Enumerator{Style: '(', N: 3}, "不予公开"},
		{"㈢不予公开", figure.Enumerator{Style: '(', N: 3}, "不予公开"},
		{"⒌重复申请", figure.Enumerator{Style: '1', N: 5}, "重复申请"},
		{"5.重复申请", figure.Enumerator{Style: '1', N: 5}, "重复申请"},
		{"123.", none, "123."},
		{"一般情况", none, "一般情况"},
		{"(一", none, "(一"},
		{"", none, ""},
	}
	for _, tt := range tests {
		if e, rest := figure.SplitEnumerator(tt.in); e != tt.enum || rest != tt.rest {
			t.Errorf("%q: %v %q, want %v %q", tt.in, e, rest, tt.enum, tt.rest)
		}
	}
}

func TestEnumerators(t *testing.T) {
	tests := []struct {
		in                                 string
		item, section, column, enumeration bool
	}{
		{"一、总体情况", true, true, false, true},
		{"（一）受理", true, false, false, true},
		{"①受理", true, false, false, true},
		{"第三章 附则", true, false, false, true},
		{"3.", true, false, false, true},
		{"甲", false, false, true, true},
		{"(2)", true, false, true, true},
		{"2", false, false, true, false},
		{"12", false, false, false, false},
		{"12,", false, false, false, false},
	}
	for _, tt := range tests {
		got := []bool{figure.OpensItem(tt.in), figure.OpensSection(tt.in), figure.NumbersColumn(tt.in), figure.MayEnumerate(tt.in)}
		for i, want := range []bool{tt.item, tt.section, tt.column, tt.enumeration} {
			if got[i] != want {
				t.Errorf("%q as %s: %v, want %v", tt.in, []string{"an item", "a section", "a column's number", "the beginning of a label"}[i], got[i], want)
			}
		}
	}
}
