package raster

// darkPage is the share of a page's samples nearer to its darkest than to its lightest from which on the page is a negative, light print on dark paper:
// print and rulings cover a tenth of a page, and a photograph that shows a quarter of paper and else a dark table is none of a report.
const darkPage = 0.8

// positive turns a negative about, brightness for brightness. Colours of seals and pens say nothing there.
func (p *page) positive() {
	var count [256]int
	g := p.gray
	n := 0
	const every = 3 // rows and columns
	for y := 0; y < g.Rect.Dy(); y += every {
		row := g.Pix[y*g.Stride:][:g.Rect.Dx()]
		for x := 0; x < len(row); x += every {
			count[row[x]]++
			n++
		}
	}
	// The lightest and the darkest, but for a hundredth of the samples.
	end := func(from, step int) int {
		for v, k := from, 0; ; v += step {
			if k += count[v]; 100*k > n {
				return v
			}
		}
	}
	middle := (end(0, 1) + end(255, -1)) / 2
	dark := 0
	for _, k := range count[:middle+1] {
		dark += k
	}
	half, below := 0, count[0] // the brightness of the sample in the middle
	for 2*below < n {
		half++
		below += count[half]
	}
	if half >= 128 || float64(dark) < darkPage*float64(n) {
		return
	}
	for i := range g.Pix {
		g.Pix[i] = 255 - g.Pix[i]
	}
	p.sealed, p.pens = nil, nil
}
