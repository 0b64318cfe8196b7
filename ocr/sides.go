package ocr

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"math"
	"slices"
	"unicode"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr/raster"
)

const (
	// sideRows of a page, the longest, are read either way up, sideWidth heights of print of each: two or three tell, and a seal may lie over one.
	sideRows, sideWidth = 4, 12
	// leastSide is the fewest characters that tell anything.
	leastSide = 6
)

// Sides says how legible the longest lines of a page are as it lies and upside down: the mean likelihood of their letters and Han, 0.9 or more the
// right way up and 0.2 to 0.5 the wrong way; 0 where there is too little print. Figures and points are much the same either way.
func Sides(ctx context.Context, sheet *raster.Sheet, by LineReader) (up, down float64, err error) {
	page := layout.Rect{X1: sheet.Width, Y1: sheet.Height}
	rows := stretchesOf(sheet, rowsOf(page, sheet.Pieces(), sheet.TextHeight), by.LineHeight())
	wide := func(r stretch) float64 { return math.Round(r.at.Width() * r.scale) }
	slices.SortStableFunc(rows, func(a, b stretch) int { return cmp.Compare(wide(b), wide(a)) })
	var pictures []*image.Gray
	for _, r := range rows {
		if len(pictures) == 2*sideRows {
			break
		}
		img := r.draw(sheet, by.LineHeight())
		if img == nil {
			continue
		}
		img = img.SubImage(image.Rect(0, 0, min(img.Rect.Dx(), sideWidth*img.Rect.Dy()), img.Rect.Dy())).(*image.Gray)
		pictures = append(pictures, img, upsideDown(img))
	}
	read, err := by.ReadLines(ctx, pictures)
	if err != nil {
		return 0, 0, fmt.Errorf("which way up: %w", err)
	}
	var sum, n [2]float64
	for i, chars := range read {
		for _, c := range chars {
			if r := []rune(c.Text)[0]; unicode.IsLetter(r) {
				sum[i%2] += c.Likelihood
				n[i%2]++
			}
		}
	}
	if max(n[0], n[1]) < leastSide {
		return 0, 0, nil
	}
	return sum[0] / max(n[0], leastSide/2), sum[1] / max(n[1], leastSide/2), nil
}

// upsideDown is a picture turned over.
func upsideDown(img *image.Gray) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, img.Rect.Dx(), img.Rect.Dy()))
	for y := range out.Rect.Dy() {
		from := img.Pix[(out.Rect.Dy()-1-y)*img.Stride:][:out.Rect.Dx()]
		to := out.Pix[y*out.Stride:]
		for x, v := range from {
			to[len(from)-1-x] = v
		}
	}
	return out
}
