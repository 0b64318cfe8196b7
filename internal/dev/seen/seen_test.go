package seen

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/layout"
)

func TestCompare(t *testing.T) {
	tests := []struct {
		name, shown, read string
		unread, unseen    []string
	}{
		{"order and white space do not matter", "规章 12\n废止 3", "3 废止 12 规章", nil, nil},
		{"punctuation and capitals do not", "“Total” (SUM): 12", "total sum 12", nil, nil},
		{"a number counts as often as it stands", "12 12 7", "12 7", []string{"12"}, nil},
		{"another number", "1,234.50", "1,234.5", []string{"1,234.50"}, []string{"1,234.5"}},
		{"a sign is part of a number", "-5 and 2-3", "5 and 2 3", []string{"-5"}, []string{"5"}},
		{"lines end anywhere", "pre sented 201 9", "presented 2019", nil, nil},
		{"a note's mark", "121", "12¹", nil, nil},
		{"full width", "１２", "12", nil, nil},
		{"a hidden word", "seen", "seen unseen 4", nil, []string{"4", "unseen"}},
	}
	for _, tt := range tests {
		shown, read := Bag{}, Bag{}
		shown.Add(tt.shown)
		read.Add(tt.read)
		if got, want := Compare(shown, read), (Difference{tt.unread, tt.unseen}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", tt.name, got, want)
		}
	}
}

func TestDocument(t *testing.T) {
	nested := layout.Table{Rows: 1, Cols: 1, Cells: []layout.Cell{{RowSpan: 1, ColSpan: 1, Text: "3"}}}
	d := &layout.Document{Pages: []layout.Page{{Blocks: []layout.Block{
		{Paragraph: &layout.Paragraph{Text: "年 1"}},
		{Table: &layout.Table{Rows: 1, Cols: 1, Cells: []layout.Cell{{RowSpan: 1, ColSpan: 1, Text: "2", Tables: []layout.Table{nested}}}}},
	}}}}
	if got, want := Document(d), (Bag{"年": 1, "1": 1, "2": 1, "3": 1}); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestPages has Poppler read a page with a word that is seen, a white one and one under a black box.
func TestPages(t *testing.T) {
	for _, program := range []string{"pdftotext", "pdftoppm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not installed")
		}
	}
	const content = "BT /F 12 Tf 50 150 Td (seen) Tj 0 -40 Td 1 g (white) Tj 0 g 0 -40 Td (covered) Tj ET 40 60 100 30 re f"
	for _, turned := range []int{0, 90} {
		pdf := filepath.Join(t.TempDir(), "page.pdf")
		if err := os.WriteFile(pdf, onePage(content, turned), 0o600); err != nil {
			t.Fatal(err)
		}
		d, err := Look(context.Background(), pdf, 3)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := d.Words(), (Bag{"seen": 1, "white": 1, "covered": 1}); d.Pages() != 1 || !reflect.DeepEqual(got, want) {
			t.Errorf("turned by %d: %v, want %v", turned, got, want)
		}
		got, err := d.Blank(context.Background(), []string{"seen", "white", "covered"})
		if want := (Bag{"white": 1, "covered": 1}); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("turned by %d: %v, want %v (%v)", turned, got, want, err)
		}
	}
}

// onePage is a PDF of one page of 300 × 200 points.
func onePage(content string, turned int) []byte {
	var b strings.Builder
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range []string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Rotate %d/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>", turned),
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(content), content),
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	b.WriteString("xref\n0 5\n0000000000 65535 f \n")
	for _, p := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", p)
	}
	fmt.Fprintf(&b, "trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", start)
	return []byte(b.String())
}

func TestInked(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 100, 100))
	for i := range img.Pix {
		img.Pix[i] = 200
	}
	img.SetGray(55, 55, color.Gray{Y: 100})
	s := sheet{width: 50, height: 50}
	if inked(img, s, box{0, 0, 20, 20, "a"}) || !inked(img, s, box{25, 25, 30, 30, "b"}) {
		t.Error("ink is where something is darker than around it")
	}
}
