package raster

// stock is the colour of a page's paper: how far its channels are from their grey, and the brightest of them.
type stock struct {
	red, green, blue float32
	top              float32
}

// paperTint is the greatest difference of the channels of paper, of the brightest, that is as good as none. paperStep is how far apart
// pixels are by which it is told.
const paperTint, paperStep = 0.12, 16

// stockOf tells a page's paper, of which most of it is.
func stockOf(w, h int, rgb func(x, y int) (r, g, b int32)) stock {
	var hist [3][256]int
	n := 0
	for y := 0; y < h; y += paperStep {
		for x := 0; x < w; x += paperStep {
			red, green, blue := rgb(x, y)
			hist[0][red]++
			hist[1][green]++
			hist[2][blue]++
			n++
		}
	}
	red, green, blue := share(&hist[0], n, 3./4), share(&hist[1], n, 3./4), share(&hist[2], n, 3./4)
	grey := float32(luma(int32(red), int32(green), int32(blue)))
	return stock{float32(red) - grey, float32(green) - grey, float32(blue) - grey, float32(max(red, green, blue))}
}

// tinted says that the paper has a colour.
func (s stock) tinted() bool {
	return max(s.red, s.green, s.blue)-min(s.red, s.green, s.blue) > paperTint*s.top
}

// without takes the paper's colour from a pixel's. Black ink takes it away as well, but compressed pictures, which keep colours at half of their
// resolution, give some of it back: so as much is taken as leaves the least colour, and no more than the paper has.
func (s stock) without(red, green, blue int32) (r, g, b int32) {
	// The differences of channels are what colour is, whatever its brightness.
	a, c := float32(red-green), float32(green-blue)
	pa, pc := s.red-s.green, s.green-s.blue
	part := min(max((a*pa+c*pc)/(pa*pa+pc*pc), 0), 1)
	channel := func(v int32, tint float32) int32 { return min(max(v-int32(part*tint), 0), 255) }
	return channel(red, s.red), channel(green, s.green), channel(blue, s.blue)
}
