package paper

import (
	"encoding/binary"
	"math"
)

// sRGB is an ICC profile (version 2) of the colour space that screens and scanners without a profile mean: its primaries, adapted to D50,
// and its curve, as IEC 61966-2-1 gives them.
func sRGB() []byte {
	u32 := func(vs ...uint32) (out []byte) {
		for _, v := range vs {
			out = binary.BigEndian.AppendUint32(out, v)
		}
		return out
	}
	fixed := func(x float64) uint32 { return uint32(int32(math.Round(x * 65536))) }
	xyz := func(x, y, z float64) []byte {
		return append([]byte("XYZ \x00\x00\x00\x00"), u32(fixed(x), fixed(y), fixed(z))...)
	}
	const steps = 256
	curve := append([]byte("curv\x00\x00\x00\x00"), u32(steps)...)
	for i := range steps {
		x := float64(i) / (steps - 1)
		y := x / 12.92
		if x > 0.04045 {
			y = math.Pow((x+0.055)/1.055, 2.4)
		}
		curve = binary.BigEndian.AppendUint16(curve, uint16(math.Round(y*65535)))
	}
	name := "sRGB IEC61966-2.1\x00"
	description := append([]byte("desc\x00\x00\x00\x00"), u32(uint32(len(name)))...)
	description = append(append(description, name...), make([]byte, 4+4+2+1+67)...)
	copyright := append([]byte("text\x00\x00\x00\x00"), "No copyright, use freely\x00"...)
	tags := []struct {
		sign string
		data []byte
	}{
		{"desc", description}, {"cprt", copyright}, {"wtpt", xyz(0.9642, 1, 0.8249)},
		{"rXYZ", xyz(0.43607, 0.22249, 0.01392)}, {"gXYZ", xyz(0.38515, 0.71687, 0.09708)}, {"bXYZ", xyz(0.14307, 0.06061, 0.71410)},
		{"rTRC", curve}, {"gTRC", nil}, {"bTRC", nil}, // as the red one
	}
	table := u32(uint32(len(tags)))
	at := 128 + 4 + 12*len(tags)
	var body []byte
	var offset, size int
	for _, t := range tags {
		if t.data != nil {
			offset, size = at+len(body), len(t.data)
			body = append(body, t.data...)
			for len(body)%4 != 0 {
				body = append(body, 0)
			}
		}
		table = append(append(table, t.sign...), u32(uint32(offset), uint32(size))...)
	}
	header := u32(uint32(at+len(body)), 0, 0x02100000)
	header = append(header, "mntrRGB XYZ "...)
	header = append(header, 0x07, 0xEA, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0) // 1 January 2026
	header = append(header, "acsp"...)
	header = append(header, make([]byte, 28)...)
	header = append(header, u32(fixed(0.9642), fixed(1), fixed(0.8249))...)
	header = append(header, make([]byte, 128-len(header))...)
	return append(append(header, table...), body...)
}
