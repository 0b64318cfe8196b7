package raster

import "image"

const (
	// darkTiles of a page's shorter side are the squares that a dark part is made of: a line of print is two to four of them high.
	darkTiles = 110
	// darkTile of a square's samples are darker than darkGray in a dark part: light print covers a third of the rest at most.
	darkTile, darkGray = 0.55, 110
	// A dark part is at least darkWide and darkHigh squares, and darkFull of its box is dark. So are a dark table and the filled cell of a header.
	darkWide, darkHigh, darkFull = 6, 2, 0.85
	// lineDark of some line across a dark part is dark: between its rows of print. Of a title in heavy print, which is as dark, no line is.
	lineDark = 0.9
	// Light print covers from leastLight of it on, to mostLight, by lightStep lighter than most of it. A bar without print is left as it is.
	leastLight, mostLight, lightStep = 0.01, 0.4, 70
	// darkSamples both ways are looked at of a square.
	darkSamples = 6
)

// turnDarkParts turns the parts of a page about that are light print on dark: tables in dark colours, and filled cells of headers. What reaches the
// edge of the picture is the table that the page lay on, or what shows beside a page.
func turnDarkParts(g *image.Gray) {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	size := max(1, min(w, h)/darkTiles)
	step := max(1, size/darkSamples)
	cols, rows := (w+size-1)/size, (h+size-1)/size
	dark := make([]bool, cols*rows)
	for r := range rows {
		for c := range cols {
			n, k := 0, 0
			for y := r * size; y < min(h, (r+1)*size); y += step {
				for x := c * size; x < min(w, (c+1)*size); x += step {
					n++
					if g.Pix[y*g.Stride+x] < darkGray {
						k++
					}
				}
			}
			dark[r*cols+c] = float64(k) >= darkTile*float64(n)
		}
	}
	var stack []int
	for i := range dark {
		if !dark[i] {
			continue
		}
		box, n := image.Rect(i%cols, i/cols, i%cols+1, i/cols+1), 0
		dark[i] = false
		stack = append(stack[:0], i)
		for len(stack) > 0 {
			k := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			x, y := k%cols, k/cols
			n++
			box = box.Union(image.Rect(x, y, x+1, y+1))
			visit := func(ok bool, j int) {
				if ok && dark[j] {
					dark[j] = false
					stack = append(stack, j)
				}
			}
			visit(x > 0, k-1)
			visit(x+1 < cols, k+1)
			visit(y > 0, k-cols)
			visit(y+1 < rows, k+cols)
		}
		if box.Dx() < darkWide || box.Dy() < darkHigh || float64(n) < darkFull*float64(box.Dx()*box.Dy()) ||
			box.Min.X == 0 || box.Min.Y == 0 || box.Max.X == cols || box.Max.Y == rows {
			continue
		}
		if part := edged(g, image.Rect(box.Min.X*size, box.Min.Y*size, box.Max.X*size, box.Max.Y*size), size); printedLight(g, part) {
			for y := part.Min.Y; y < part.Max.Y; y++ {
				invert(g.Pix[y*g.Stride+part.Min.X : y*g.Stride+part.Max.X])
			}
		}
	}
}

// edged moves the edges of a dark box, by so much at most, to where the dark ends.
func edged(g *image.Gray, box image.Rectangle, most int) image.Rectangle {
	line := func(at int, across bool) bool { // most of it is dark
		n, k := 0, 0
		if across {
			for x := box.Min.X; x < box.Max.X; x++ {
				n++
				if g.Pix[at*g.Stride+x] < darkGray {
					k++
				}
			}
		} else {
			for y := box.Min.Y; y < box.Max.Y; y++ {
				n++
				if g.Pix[y*g.Stride+at] < darkGray {
					k++
				}
			}
		}
		return 2*k > n
	}
	move := func(edge *int, out int, last int, across bool) { // out is the way out of the box
		inside := func(e int) int { // the line inside an edge
			if out > 0 {
				return e - 1
			}
			return e
		}
		for range most {
			if line(inside(*edge), across) {
				break
			}
			*edge -= out
		}
		for range most {
			if *edge == last || !line(inside(*edge+out), across) {
				break
			}
			*edge += out
		}
	}
	move(&box.Min.Y, -1, 0, true)
	move(&box.Max.Y, 1, g.Rect.Dy(), true)
	move(&box.Min.X, -1, 0, false)
	move(&box.Max.X, 1, g.Rect.Dx(), false)
	return box
}

// printedLight says that light print is on a dark part.
func printedLight(g *image.Gray, box image.Rectangle) bool {
	var count [256]int
	n, between := 0, false
	for y := box.Min.Y; y < box.Max.Y; y++ {
		dark := 0
		for x := box.Min.X; x < box.Max.X; x++ {
			v := g.Pix[y*g.Stride+x]
			count[v]++
			n++
			if v < darkGray {
				dark++
			}
		}
		between = between || float64(dark) >= lineDark*float64(box.Dx())
	}
	if n == 0 || !between {
		return false
	}
	light := 0
	for _, k := range count[min(255, share(&count, n, 0.5)+lightStep):] {
		light += k
	}
	return float64(light) >= leastLight*float64(n) && float64(light) <= mostLight*float64(n)
}
