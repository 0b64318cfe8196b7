package pdf_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/nianbao/nianbao/layout"
)

// TestShown: what a viewer does not show, or strikes out, is no text; what is raised or lowered is the mark of a note.
func TestShown(t *testing.T) {
	at := func(s string) string { return "BT /F1 12 Tf 100 700 Td (" + s + ") Tj ET " }
	box := " 98 697 40 14 re f "
	tests := []struct {
		name, content, want string
		unsaid              bool
		reason              string
	}{
		{"plain", at("444"), "444", false, ""},
		{"struck", "0.5 w 100 703.5 m 120 703.5 l S " + at("444"), "", true, "a line through the print strikes it out"},
		{"struck by a filled line", "100 703.5 20 0.6 re f " + at("444"), "", true, "Chromium and Word fill such lines"},
		{"struck and replaced", "0.5 w 100 703.5 m 120 703.5 l S " + at("444") + "BT /F1 12 Tf 126 700 Td (555) Tj ET", "555", true, ""},
		{"struck in part", "0.5 w 100 703.5 m 106.6 703.5 l S " + at("444"), "44", true, "one digit of three"},
		{"crossed out", "0.5 w 98 698 m 122 710 l S " + at("444"), "", true, "a slanted stroke, too"},
		{"scrawl", "0.5 w 98 704 m 104 712 110 698 116 704 c 118 706 120 704 122 702 c S " + at("444"), "", true, "a hand's line"},
		{"underlined", "0.5 w 100 698 m 120 698 l S " + at("444"), "444", false, ""},
		{"rule of a table", "0.5 w 60 703.5 m 300 703.5 l S " + at("444"), "444", true, "a line that goes on far beside the print is none of its own; a person is asked"},
		{"grid line", "0.5 w 98 690 m 98 720 l 122 690 m 122 720 l 98 703.5 m 122 703.5 l S " + at("444"), "444", true, "a line from wall to wall is a row's; a person is asked"},
		{"under a black box", at("444") + "0 g" + box, "", true, "a box over it"},
		{"under a white box", at("444") + "1 g" + box, "", true, ""},
		{"under a thick line", at("444") + "10 w 98 704 m 124 704 l S", "", true, "as a marker pen blackens"},
		{"replaced", at("444") + "1 g" + box + "0 g " + at("555"), "555", true, "another number over the box"},
		{"on a box", "0.8 g" + box + "0 g " + at("444"), "444", false, "shading under the print"},
		{"white on black", "0 g" + box + "1 g " + at("444"), "444", false, "print on a dark row"},
		{"black on black", "0 g" + box + at("444"), "", true, ""},
		{"white", at("444") + "1 g BT /F1 12 Tf 125 700 Td (9) Tj ET", "444", true, "white on white"},
		{"seen through", at("444") + "/G gs 0 g" + box, "444", false, "a marker lets the print through"},
		{"invisible ink", "/Z gs " + at("444"), "", true, "print without any opacity"},
		{"under a picture", at("444") + "q 40 0 0 14 98 697 cm /X Do Q", "", true, ""},
		{"layer that is off", "/OC /Off BDC " + at("999") + "EMC " + "BT /F1 12 Tf 200 700 Td (444) Tj ET", "444", true, ""},
		{"layer that is on", "/OC /On BDC " + at("444") + "EMC", "444", false, ""},
		{"form of a layer that is off", "/Fm Do " + at("444"), "444", true, ""},
		{"raised", at("444") + "BT /F1 7 Tf 120.5 704.5 Td (1) Tj ET", "444|¹", false, ""},
		{"raised, over the last figure", at("444") + "BT /F1 7 Tf 115 704.5 Td (1) Tj ET", "444|¹", true, "as the next"},
		{"raised, over a lone figure", at("7") + "BT /F1 7 Tf 101.5 704.5 Td (5) Tj ET", "7|⁵", true, "a note, and two figures on one another: a person is asked"},
		{"raised, as large", at("444") + "BT /F1 12 Tf 120.5 704.5 Td (1) Tj ET", "444|¹", false, ""},
		{"raised by Ts", "BT /F1 12 Tf 100 700 Td (444) Tj /F1 7 Tf 4 Ts (1) Tj ET", "444|¹", false, ""},
		{"raised before", "BT /F1 7 Tf 96 704.5 Td (1) Tj ET " + at("444"), "¹|444", false, ""},
		{"lowered", at("444") + "BT /F1 7 Tf 120.5 698 Td (1) Tj ET", "444|₁", false, ""},
		{"smaller on the line", at("444") + "BT /F1 7 Tf 120.5 700 Td (1) Tj ET", "444| 1", false, "a note or a digit: set apart"},
		{"set so narrow that nothing is seen", "BT /F1 12 Tf 1 Tz 100 700 Td (444) Tj ET", "", true, ""},
		{"without ink", "BT /F1 12 Tf 3 Tr 100 700 Td (444) Tj ET", "", true, ""},
		{"as a clipping path alone", "q BT /F1 12 Tf 7 Tr 100 700 Td (444) Tj ET Q", "", true, ""},
		{"clipped around it", "q 90 690 60 30 re W n " + at("444") + "Q", "444", false, ""},
		{"under a box that is clipped away", at("444") + "q 0 0 10 10 re W n 0 g" + box + " Q", "444", false, ""},
		{"too small to see", "BT /F1 0.5 Tf 100 700 Td (444) Tj ET", "", true, ""},
		{"under a polygon", at("444") + "0 g 96 696 m 126 696 l 130 704 l 126 714 l 96 714 l h f", "", true, ""},
		{"under an inline picture", at("444") + "q 40 0 0 14 98 697 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x00 EI Q", "", true, ""},
		{"white of ink", "0 0 0 0 k " + at("444"), "", true, ""},
		{"black of ink", "0 0 0 1 k " + at("444"), "444", false, ""},
		{"two numbers on one another", at("444") + at("777"), "444|777", true, "read, and asked about"},
		{"upside down", "BT /F1 12 Tf -1 0 0 -1 120 708 Tm (444) Tj ET " + "BT /F1 12 Tf 200 600 Td (plain text) Tj ET", "444|plain|text", true, ""},
		{"in a mirror", "BT /F1 12 Tf -1 0 0 1 120 700 Tm (444) Tj ET", "444", true, ""},
		{"at an angle", "BT /F1 12 Tf 0.94 0.34 -0.34 0.94 100 700 Tm (444) Tj ET", "", true, ""},
		{"a small picture", "q 30 0 0 12 100 700 cm /X Do Q", "", true, ""},
		{"outlines of digits", "1 g 100 700 m 104 706 l 104 700 l 108 704 l 106 712 l 103 711 l 101 709 l h f", "", true, ""},
		{"digits of bare lines", "0.5 w 100 700 m 100 708 l 107 700 m 107 708 l S", "", true, "111"},
		{"a digit of two lines", "0.5 w 100 708 m 105 708 l S 105 708 m 102 700 l S", "", true, "a seven"},
		{"digits of bare lines in a cell", "0.5 w 90 690 100 30 re S 100 708 m 105 708 l 102 700 l S", "", true, ""},
		{"a dashed line", "0.5 w 100 700 m 104 700 l 108 700 m 112 700 l 116 700 m 120 700 l 124 700 m 128 700 l S", "", false, ""},
		{"small cells", "0.5 w 100 700 18 18 re S 118 700 18 18 re S 136 700 18 18 re S 154 700 18 18 re S 172 700 18 18 re S", "", false, "walls, drawn cell by cell"},
		{"walls that end at a ruling", "0.5 w 60 700 m 300 700 l S 100 700 m 100 712 l S", "", false, ""},
		{"through a wall", "0.5 w 110 680 m 110 730 l 80 680 m 80 730 l 140 680 m 140 730 l 80 680 m 140 680 l 80 730 m 140 730 l S " + at("444"), "4|44", true, ""},
		{"raised in the next cell", "0.5 w 120.3 690 m 120.3 720 l S " + at("444") + "BT /F1 7 Tf 121 704.5 Td (1) Tj ET", "444|1", false, "a wall between"},
	}
	defer func() { catalog = "" }()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, _ := read(t, file(func(b *builder) []sheet {
				off, on := b.add("<</Type /OCG /Name (off)>>"), b.add("<</Type /OCG /Name (on)>>")
				catalog = fmt.Sprintf("/OCProperties <</OCGs [%d 0 R %d 0 R] /D <</OFF [%d 0 R]>>>>", off, on, off)
				form := b.stream(fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 0 595 842] /OC %d 0 R /Resources <</Font <</F1 1 0 R>>>>", off),
					"BT /F1 12 Tf 300 700 Td (777) Tj ET")
				return []sheet{{
					content: tt.content, xobjects: fmt.Sprintf("/X %d 0 R /Fm %d 0 R", picture(b, ""), form),
					resources: fmt.Sprintf("/ExtGState <</G <</ca 0.4>> /Z <</ca 0>>>> /Properties <</Off %d 0 R /On %d 0 R>>", off, on),
				}}
			}))
			p := doc.Pages[0]
			if got := texts(p); got != tt.want || (len(p.Unsaid)+len(p.Struck) > 0) != tt.unsaid {
				t.Errorf("words %q, unsaid %v, want %q, %v: %s", got, p.Unsaid, tt.want, tt.unsaid, tt.reason)
			}
		})
	}
}

// TestNotesOverPrint: notes that are drawn over the print take it back as lines and boxes of the page do.
func TestNotesOverPrint(t *testing.T) {
	tests := []struct{ name, annotation, want string }{
		{"strikeout", "/Subtype /StrikeOut /Rect [100 698 120 712] /QuadPoints [100 711 120.5 711 100 697 120.5 697] /C [1 0 0]", ""},
		{"square", "/Subtype /Square /Rect [98 697 124 712] /IC [0 0 0] /C [0 0 0]", ""},
		{"ink", "/Subtype /Ink /Rect [98 697 124 712] /InkList [[98 704 104 708 110 700 122 706]] /C [1 0 0]", ""},
		{"highlight", "/Subtype /Highlight /Rect [98 697 124 712] /QuadPoints [98 712 124 712 98 697 124 697] /C [1 1 0]", "444"},
		{"hidden", "/Subtype /StrikeOut /F 2 /Rect [100 698 120 712] /QuadPoints [100 711 120.5 711 100 697 120.5 697] /C [1 0 0]", "444"},
		{"note", "/Subtype /Text /Rect [98 697 124 712] /Contents (555)", "444"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, _ := read(t, file(func(b *builder) []sheet {
				id := b.add("<</Type /Annot " + tt.annotation + ">>")
				return []sheet{{content: "BT /F1 12 Tf 100 700 Td (444) Tj ET", extra: fmt.Sprintf("/Annots [%d 0 R]", id)}}
			}))
			if got := texts(doc.Pages[0]); got != tt.want {
				t.Errorf("words %q, want %q", got, tt.want)
			}
		})
	}
}

// TestFieldsAgainstTheirDrawing: the value of a field counts where it is drawn; else its place is in doubt.
func TestFieldsAgainstTheirDrawing(t *testing.T) {
	const field = "/Type /Annot /Subtype /Widget /FT /Tx /T (a) /Rect [100 600 200 620] /DA (/Helv 12 Tf 0 g)"
	tests := []struct {
		name, dict, drawn, want string
		doubtful, unsaid        bool
	}{
		{"as drawn", field + " /F 4 /V (4119)", "4119", "4119", false, false},
		{"drawn with marks for thousands", field + " /F 4 /V (4119)", "4,119", "4,119", false, false},
		{"not drawn", field + " /F 4 /V (4119)", "", "4119", true, false},
		{"drawn empty", field + " /F 4 /V (4119)", " ", "4119", true, false},
		{"drawn otherwise", field + " /F 4 /V (4119)", "4118", "4118", true, false},
		{"hidden", field + " /F 2 /V (4119)", "4119", "", false, true},
		{"without a value", field + " /F 4", "", "", false, false},
		{"chosen from a list", "/Type /Annot /Subtype /Widget /FT /Ch /Ff 131072 /T (a) /Rect [100 600 200 620] /F 4 /Opt [(1) (2)] /V (2)", "", "2", true, false},
	}
	defer func() { catalog = "" }()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, _ := read(t, file(func(b *builder) []sheet {
				dict := tt.dict
				if tt.drawn != "" {
					look := b.stream("/Type /XObject /Subtype /Form /BBox [0 0 100 20] /Resources <</Font <</F1 1 0 R>>>>", "BT /F1 12 Tf 2 5 Td ("+tt.drawn+") Tj ET")
					dict += fmt.Sprintf(" /AP <</N %d 0 R>>", look)
				}
				id := b.add("<<" + dict + ">>")
				catalog = fmt.Sprintf("/AcroForm <</Fields [%d 0 R]>>", id)
				return []sheet{{content: "0 0 m 5 0 l S", extra: fmt.Sprintf("/Annots [%d 0 R]", id)}}
			}))
			p := doc.Pages[0]
			in := func(r layout.Rect) bool { return r.Contains(layout.Point{X: 150, Y: 232}) }
			if got := texts(p); got != tt.want || slices.ContainsFunc(p.Doubtful, in) != tt.doubtful || slices.ContainsFunc(p.Unsaid, in) != tt.unsaid {
				t.Errorf("words %q, doubtful %v, unsaid %v, want %q, %v, %v", got, p.Doubtful, p.Unsaid, tt.want, tt.doubtful, tt.unsaid)
			}
		})
	}
}
