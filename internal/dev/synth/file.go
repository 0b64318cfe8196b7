package synth

import (
	"encoding/binary"
	"image"

	"github.com/nianbao/nianbao/extract/ccitt"
)

// Scans draws a laid-out report and degrades every page.
func (p *Pages) Scans(level Level, seed uint64) []*Scan {
	var out []*Scan
	for i, img := range p.Draw(level.DPI()) {
		out = append(out, Degrade(img, level, seed*100+uint64(i)))
	}
	return out
}

// TIFF writes scans as the pages of one TIFF: Group 4 for bilevel pages, JPEG for the others.
func TIFF(scans []*Scan) []byte {
	out := []byte("II*\x00\x00\x00\x00\x00")
	link := 4 // where the offset of the next directory belongs
	for _, s := range scans {
		data, compression, samples, photometric := s.JPEG, 7, 3, 6
		if s.Bilevel {
			data, compression, samples, photometric = ccitt.Encode(s.Image.(*image.Gray)), 4, 1, 0
		} else if _, gray := s.Image.(*image.Gray); gray {
			samples, photometric = 1, 1
		}
		bits := 8
		if s.Bilevel {
			bits = 1
		}
		b := s.Image.Bounds()
		strip := len(out)
		out = append(out, data...)
		if len(out)%2 == 1 {
			out = append(out, 0)
		}
		extra := len(out)
		for range samples { // bits of each sample
			out = binary.LittleEndian.AppendUint16(out, uint16(bits))
		}
		ratio := len(out)
		out = binary.LittleEndian.AppendUint32(out, uint32(s.DPI))
		out = binary.LittleEndian.AppendUint32(out, 1)
		binary.LittleEndian.PutUint32(out[link:], uint32(len(out)))
		bitsField := bits
		if samples == 3 {
			bitsField = extra
		}
		fields := [][4]int{
			{256, 4, 1, b.Dx()}, {257, 4, 1, b.Dy()}, {258, 3, samples, bitsField}, {259, 3, 1, compression}, {262, 3, 1, photometric},
			{273, 4, 1, strip}, {277, 3, 1, samples}, {278, 4, 1, b.Dy()}, {279, 4, 1, len(data)}, {282, 5, 1, ratio}, {283, 5, 1, ratio}, {296, 3, 1, 2},
		}
		out = binary.LittleEndian.AppendUint16(out, uint16(len(fields)))
		for _, f := range fields {
			out = binary.LittleEndian.AppendUint16(out, uint16(f[0]))
			out = binary.LittleEndian.AppendUint16(out, uint16(f[1]))
			out = binary.LittleEndian.AppendUint32(out, uint32(f[2]))
			out = binary.LittleEndian.AppendUint32(out, uint32(f[3]))
		}
		link = len(out)
		out = append(out, 0, 0, 0, 0)
	}
	return out
}
