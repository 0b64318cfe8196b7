package ocr_test

import (
	"image"
	"testing"

	"github.com/nianbao/nianbao/ocr/raster"
	"github.com/nianbao/nianbao/tables"
)

// TestDarkTable: a table in dark colours on a light page is read as any other, and so is one of which only the head is dark.
func TestDarkTable(t *testing.T) {
	page, _, light, want := drawnTable(t)
	whole := tables.Box(&light)
	head := whole
	head.Y1 = light.Cells[len(light.Cells)/6].Box.Y1
	for name, part := range map[string]image.Rectangle{
		"all of it": image.Rect(int(whole.X0)-3, int(whole.Y0)-3, int(whole.X1)+3, int(whole.Y1)+3),
		"its head":  image.Rect(int(head.X0)-3, int(head.Y0)-3, int(head.X1)+3, int(head.Y1)),
	} {
		dark := clone(page)
		for y := part.Min.Y; y < part.Max.Y; y++ {
			for x := part.Min.X; x < part.Max.X; x++ {
				v := &dark.Pix[dark.PixOffset(x, y)]
				*v = 34 + uint8(int(255-*v)*200/255)
			}
		}
		sheet, err := raster.Flatten(dark)
		if err != nil {
			t.Fatal(err)
		}
		got := largest(t, sheet)
		text := map[[2]int]string{}
		for _, c := range read(t, sheet, got, nil) {
			text[[2]int{c.Row, c.Col}] = c.Text
		}
		right, all := 0, 0
		for _, c := range want {
			if digits(c.Text) {
				if all++; text[[2]int{c.Row, c.Col}] == c.Text {
					right++
				}
			}
		}
		if all < 50 || right*100 < all*97 {
			t.Errorf("%s dark: %d of %d numbers are right", name, right, all)
		}
	}
}
