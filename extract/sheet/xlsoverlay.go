package sheet

import (
	"encoding/binary"
	"math"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/layout/figure"
)

// ruledRange is a range whose cells a rule may strike out, or show in another color or format.
type ruledRange struct {
	merge
	struck, colored, formatted bool
	ink                        flow.Color
	ground                     flow.Ground
	filled                     bool
	meets                      func(v float64) bool
}

// overlay reads a record that says what lies over cells, or changes their look.
func (s *sheetReader) overlay(r record) {
	d := r.data()
	switch r.id {
	case recDrawing:
		s.anchors = append(s.anchors, anchors(d)...)
	case recObject:
		const comment, list, chart = 0x19, 0x14, 0x05
		if len(s.anchors) == 0 {
			return
		}
		first := s.anchors[0]
		s.anchors = s.anchors[1:]
		if kind := u16(d, 4); kind != comment && kind != list {
			s.over = append(s.over, first)
		}
	case recRuleRanges:
		s.ranges = nil
		for i := range int(u16(d, 12)) {
			at := 14 + 8*i
			if at+8 > len(d) {
				break
			}
			s.ranges = append(s.ranges, merge{int(u16(d, at)), int(u16(d, at+4)), int(u16(d, at+2)), int(u16(d, at+6))})
		}
	case recRule:
		rule := s.rule(d)
		for _, m := range s.ranges {
			rule.merge = m
			s.ruled = append(s.ruled, rule)
		}
	}
}

// anchors gives the ranges of the cells that shapes lie over ([MS-ODRAW], [MS-XLS] 2.5.193).
func anchors(d []byte) []merge {
	const container, anchor, group = 0xF, 0xF010, 0xF003
	var out []merge
	for len(d) >= 8 {
		version, kind, size := d[0]&0xF, u16(d, 2), int(u32(d, 4))
		body := d[8:]
		if version == container {
			d = body // what it holds comes next
			continue
		}
		if size > len(body) {
			size = len(body)
		}
		if kind == anchor && size >= 18 {
			m := merge{int(u16(body, 6)), int(u16(body, 2)), int(u16(body, 14)), int(u16(body, 10))}
			if u16(body, 16) == 0 && m.row1 > m.row0 {
				m.row1--
			}
			if u16(body, 12) == 0 && m.col1 > m.col0 {
				m.col1--
			}
			out = append(out, m)
		}
		d = body[size:]
	}
	return out
}

// rule reads what a conditional format changes ([MS-XLS] 2.4.42).
func (s *sheetReader) rule(d []byte) ruledRange {
	const (
		head                                   = 12 // before the formats
		numbers, fonts, aligns, borders, fills = 1 << 25, 1 << 26, 1 << 27, 1 << 28, 1 << 29
		userFormat                             = 1
	)
	var out ruledRange
	kind, operator := byte(0), byte(0)
	if len(d) > 1 {
		kind, operator = d[0], d[1]
	}
	flags := u32(d, 6)
	at := head
	if flags&numbers != 0 {
		out.formatted = true
		if u16(d, 10)&userFormat != 0 {
			at += int(u16(d, at))
		} else {
			at += 2
		}
	}
	if flags&fonts != 0 {
		const size, style, kept, ink, strikes, none = 118, 68, 88, 80, 0x80, 0xFFFFFFFF
		out.struck = u32(d, at+style)&strikes != 0 && u32(d, at+kept)&strikes == 0
		if c := u32(d, at+ink); c != none {
			out.ink, out.colored = s.color(uint16(c))
		}
		at += size
	}
	if flags&aligns != 0 {
		at += 8
	}
	if flags&borders != 0 {
		at += 8
	}
	if flags&fills != 0 {
		const back = 7
		colors := u16(d, at+2)
		c, ok := s.color(colors >> back & 0x7F)
		out.ground, out.filled = flow.Ground{Color: c, Known: ok}, true
	}
	formulas := int(u16(d, 2)) + int(u16(d, 4)) // at the end
	out.meets = meets97(kind, operator, d[max(0, len(d)-formulas):])
	return out
}

// meets97 says whether a number meets a rule; true where nobody knows.
func meets97(kind, operator byte, formula []byte) func(float64) bool {
	const cellIs = 1
	a, rest, ok := literal(formula)
	if kind != cellIs || !ok {
		return func(float64) bool { return true }
	}
	b, _, both := literal(rest)
	names := []string{"", "between", "notBetween", "equal", "notEqual", "greaterThan", "lessThan", "greaterThanOrEqual", "lessThanOrEqual"}
	if int(operator) >= len(names) || operator <= 2 && !both {
		return func(float64) bool { return true }
	}
	return func(v float64) bool {
		switch names[operator] {
		case "between", "notBetween":
			return (v >= a && v <= b) == (names[operator] == "between")
		case "equal":
			return v == a
		case "notEqual":
			return v != a
		case "greaterThan":
			return v > a
		case "lessThan":
			return v < a
		case "greaterThanOrEqual":
			return v >= a
		}
		return v <= a
	}
}

// literal reads a formula that is a number alone.
func literal(b []byte) (v float64, rest []byte, ok bool) {
	const whole, real = 0x1E, 0x1F
	switch {
	case len(b) >= 3 && b[0] == whole:
		return float64(u16(b, 1)), b[3:], true
	case len(b) >= 9 && b[0] == real:
		return math.Float64frombits(binary.LittleEndian.Uint64(b[1:])), b[9:], true
	}
	return 0, nil, false
}

// lay names what drawings cover and rules may hide.
func (s *sheetReader) lay() {
	for _, at := range s.stale {
		s.doubt(merge{at.row, at.col, at.row, at.col}, func(c cell) bool { return c.number && figure.Bare(c.text) })
	}
	if s.formulas {
		for _, at := range s.results {
			if c, ok := s.rows[at.row][at.col]; ok {
				s.rows[at.row][at.col] = cell{lost: true, border: c.border}
			}
		}
	}
	for _, m := range s.over {
		s.doubt(m, func(cell) bool { return true })
	}
	for _, r := range s.ruled {
		s.doubt(r.merge, func(c cell) bool {
			ground, ink, told := c.ground, c.look.color, c.look.told
			if r.filled {
				ground = r.ground
			}
			if r.colored {
				ink, told = r.ink, true
			}
			hidden := (r.filled || r.colored) && told && ground.Hides(ink)
			return (r.struck || r.formatted || hidden) && (!c.number || r.meets(c.value))
		})
	}
}
