package tesseract

import (
	"context"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/ocr"
	"github.com/nianbao/nianbao/ocr/lstm"
	"github.com/nianbao/nianbao/ocr/raster"
)

func picture(t *testing.T, name string) *image.Gray {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(f)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return img.(*image.Gray)
}

// TestReadLines: lines of a drawn fax are read by the network of Tesseract's model, and each as if it were alone.
func TestReadLines(t *testing.T) {
	e, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	if e.LineHeight() != 48 {
		t.Fatalf("lines are %d pixels high: the model is of another kind, and prose is read by Tesseract itself", e.LineHeight())
	}
	lines := []struct{ name, want string }{
		{"title.png", "丰乐镇人民政府2013年政府信息公开工作年度报告"},
		{"dates.png", "限为2013年1月1日至2013年12月31日。"},
	}
	var pictures []*image.Gray
	for _, l := range lines {
		pictures = append(pictures, picture(t, l.name))
	}
	read, err := e.ReadLines(context.Background(), pictures)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range lines {
		var text strings.Builder
		x := 0.0
		for _, c := range read[i] {
			if c.X < x || c.X > float64(pictures[i].Rect.Dx()) || c.Likelihood <= 0 || c.Likelihood > 1 {
				t.Errorf("%s: %+v after %v", l.name, c, x)
			}
			x = c.X
			text.WriteString(strings.TrimSpace(c.Text))
		}
		if text.String() != l.want {
			t.Errorf("%s: %q, want %q", l.name, text.String(), l.want)
		}
		alone, err := e.ReadLines(context.Background(), pictures[i:i+1])
		if err != nil || !reflect.DeepEqual(alone[0], read[i]) {
			t.Errorf("%s: alone it is read as %v (%v)", l.name, alone, err)
		}
	}
}

// TestOtherModel: a model of another kind is left to Tesseract.
func TestOtherModel(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(modelFile(dir, Languages[0]), []byte("no model"), 0o600); err != nil {
		t.Fatal(err)
	}
	if h := (&lines{dir: dir}).LineHeight(); h != 0 {
		t.Errorf("lines are %d pixels high", h)
	}
	if _, err := lstm.Parse(nil); err == nil {
		t.Error("nothing is a model")
	}
}

// TestSides: a page of a few lines, whose look says nothing of the side that is up, is told by its print.
func TestSides(t *testing.T) {
	e, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	page := image.NewGray(image.Rect(0, 0, 1240, 1754))
	for i := range page.Pix {
		page.Pix[i] = 255
	}
	for i, name := range []string{"title.png", "dates.png"} {
		img := picture(t, name)
		draw.Draw(page, img.Rect.Add(image.Pt(150, 300+100*i)), img, image.Point{}, draw.Src)
	}
	sheet, err := raster.Flatten(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, turned := range []bool{false, true} {
		if turned {
			sheet.Rotate180()
		}
		up, down, err := ocr.Sides(context.Background(), sheet, e)
		if err != nil {
			t.Fatal(err)
		}
		if (up > down) == turned || max(up, down) < 1.4*min(up, down) {
			t.Errorf("turned %v: %.2f upright, %.2f upside down", turned, up, down)
		}
	}
}
