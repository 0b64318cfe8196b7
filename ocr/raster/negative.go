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
	middle := (share(&count, n, 0.01) + share(&count, n, 0.99)) / 2 // of the darkest and the lightest, but for a hundredth of the samples
	dark := 0
	for _, k := range count[:middle+1] {
		dark += k
	}
	if share(&count, n, 0.5) >= 128 || float64(dark) < darkPage*float64(n) {
		return
	}
	for i := range g.Pix {
		g.Pix[i] = 255 - g.Pix[i]
	}
	p.sealed, p.pens = nil, nil
}
