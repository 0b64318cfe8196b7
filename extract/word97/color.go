package word97

import "github.com/nianbao/nianbao/extract/flow"

// palette are the sixteen colors of Word ([MS-DOC] 2.9.119), from 1 on; 0 is the one that a program chooses.
var palette = []flow.Color{
	{}, {0, 0, 255}, {0, 255, 255}, {0, 255, 0}, {255, 0, 255}, {255, 0, 0}, {255, 255, 0}, flow.Paper,
	{0, 0, 128}, {0, 128, 128}, {0, 128, 0}, {128, 0, 128}, {128, 0, 0}, {128, 128, 0}, {128, 128, 128}, {192, 192, 192},
}

func sixteen(n int) (flow.Color, bool) {
	if n < 1 || n > len(palette) {
		return flow.Color{}, false
	}
	return palette[n-1], true
}

// trueColor reads a COLORREF; false is the color that a program chooses.
func trueColor(b []byte) (flow.Color, bool) {
	if len(b) < 4 || b[3] != 0 {
		return flow.Color{}, false
	}
	return flow.Color{b[0], b[1], b[2]}, true
}

// shade reads a shading of ten bytes (SHD): its two colors and the pattern of the first upon the second.
func shade(b []byte) flow.Ground {
	if len(b) < 10 {
		return flow.White
	}
	front, fronted := trueColor(b)
	back, backed := trueColor(b[4:])
	return patterned(front, fronted, back, backed, u16(b, 8))
}

// oldShade reads a shading of two bytes (SHD80).
func oldShade(v int) flow.Ground {
	front, fronted := sixteen(v & 0x1F)
	back, backed := sixteen(v >> 5 & 0x1F)
	return patterned(front, fronted, back, backed, v>>10)
}

func patterned(front flow.Color, fronted bool, back flow.Color, backed bool, pattern int) flow.Ground {
	const clear, solid = 0, 1
	switch {
	case pattern == clear && !backed, pattern == 0xFFFF, pattern == 0x3F:
		return flow.White
	case pattern == clear:
		return flow.Ground{Color: back, Known: true}
	case pattern == solid:
		return flow.Ground{Color: front, Known: true} // black where a program chooses
	case fronted && backed && front.Near(back):
		return flow.Ground{Color: front, Known: true}
	}
	return flow.Ground{}
}
