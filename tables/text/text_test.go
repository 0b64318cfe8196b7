package text_test

import (
	"testing"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/tables/text"
)

// word sets text at size 10 with its upper left corner at x, y.
func word(s string, x, y float64) layout.Word {
	width := 0.0
	for _, r := range s {
		if r < 0x80 {
			width += 5
		} else {
			width += 10
		}
	}
	return layout.Word{Text: s, Box: layout.Rect{X0: x, Y0: y, X1: x + width, Y1: y + 10}, Size: 10, Confidence: 1}
}

func vertical(s string, x, y float64) layout.Word {
	return layout.Word{Text: s, Box: layout.Rect{X0: x, Y0: y, X1: x + 10, Y1: y + 10*float64(len([]rune(s)))}, Size: 10, Vertical: true, Confidence: 1}
}

// turned sets Latin text upwards from y, its lines from left to right.
func turned(s string, x, y float64) layout.Word {
	return layout.Word{Text: s, Box: layout.Rect{X0: x, Y0: y - 5*float64(len(s)), X1: x + 10, Y1: y}, Size: 10, Vertical: true, Up: true, Confidence: 1}
}

func TestCell(t *testing.T) {
	tests := []struct {
		name   string
		words  []layout.Word
		width  float64
		want   string
		reason string
	}{
		{"none", nil, 50, "", ""},
		{"one", []layout.Word{word("12", 0, 0)}, 50, "12", ""},
		{"order", []layout.Word{word("组织", 0, 24), word("公益", 0, 12), word("社会", 0, 0)}, 50, "社会\n公益\n组织", "lines from top to bottom, whatever the file's order"},
		{"pieces", []layout.Word{word("确认", 21, 0), word("要求", 0, 0)}, 50, "要求确认", "no blank between Han"},
		{"figures apart", []layout.Word{word("12", 0, 0), word("34", 16, 0)}, 80, "12 34", "two numbers stay two"},
		{"figures touching", []layout.Word{word("12", 0, 0), word("34", 10.5, 0)}, 80, "1234", ""},
		{"wide gap", []layout.Word{word("总", 0, 0), word("计", 30, 0)}, 80, "总 计", ""},
		{"column of single Han", []layout.Word{word("自", 0, 0), word("然", 0, 12), word("人", 0, 24)}, 14, "自然人", "a narrow cell sets one character a line"},
		{"rows of single figures", []layout.Word{word("1", 0, 0), word("2", 0, 12)}, 80, "1\n2", "figures under each other are no number"},
		{"broken number", []layout.Word{word("11398", 0, 0), word("889", 0, 12)}, 36, "11398889", "the cell has no room for one more digit"},
		{"the longer below", []layout.Word{word("113", 0, 0), word("98889", 0, 12)}, 36, "113\n98889", "a cell breaks a number where it is full: these are two"},
		{"two numbers", []layout.Word{word("11398", 0, 0), word("889", 0, 12)}, 90, "11398\n889", "the cell has room: these are two"},
		{"vertical", []layout.Word{vertical("办理结果", 0, 0), vertical("三、本年度", 14, 0)}, 30, "三、本年度办理结果", "columns run from right to left"},
		{"turned", []layout.Word{turned("of", 0, 57), turned("Registered", 12, 100), turned("Number", 0, 90), turned("voters", 12, 47)}, 30, "Number of\nRegistered voters", "upwards, lines from left to right"},
		{"uneven base line", []layout.Word{word("其他", 0, 0), word("结果", 22, 3)}, 60, "其他结果", "a few points up or down are one line"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := text.Cell(tt.words, tt.width); got != tt.want {
				t.Errorf("text %q, want %q: %s", got, tt.want, tt.reason)
			}
		})
	}
}
