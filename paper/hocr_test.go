package paper

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// hocrInside says of the classes that are written here what each may stand in, by the hOCR 1.2 specification: pages in nothing, areas and
// floats in pages, paragraphs in these, lines in paragraphs, words in lines.
var hocrInside = map[string][]string{
	"ocr_page": {""}, "ocr_carea": {"ocr_page"}, "ocr_table": {"ocr_page", "ocr_carea"}, "ocr_par": {"ocr_carea", "ocr_table"}, "ocr_line": {"ocr_par", "ocr_carea"},
	"ocrx_word": {"ocr_line"},
}

// hocrProperties are the properties that are written here, with the classes that may have them; nil for all.
var hocrProperties = map[string][]string{"bbox": nil, "image": {"ocr_page"}, "ppageno": {"ocr_page"}, "x_wconf": {"ocrx_word"}}

// hocrElement is one that is open in an hOCR file.
type hocrElement struct {
	class string
	box   [4]int
	text  bool
}

// hocrFaults names what is wrong with an hOCR file by the rules of the specification: there is no schema of it.
func hocrFaults(data []byte) (faults []string) {
	say := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	d := xml.NewDecoder(bytes.NewReader(data))
	var open []hocrElement // an element without a class has that of its parent
	meta, ids, used := map[string]string{}, map[string]bool{}, map[string]bool{}
	titled := false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return append(faults, err.Error())
		}
		switch x := token.(type) {
		case xml.StartElement:
			at := map[string]string{}
			for _, a := range x.Attr {
				at[a.Name.Local] = a.Value
			}
			if len(open) == 0 && (x.Name.Local != "html" || x.Name.Space != "http://www.w3.org/1999/xhtml") {
				say("the root is %s of %q", x.Name.Local, x.Name.Space)
			}
			meta[at["name"]] = at["content"]
			titled = titled || x.Name.Local == "title"
			if id, ok := at["id"]; ok && (ids[id] || id == "") {
				say("the identifier %q stands twice", id)
			}
			ids[at["id"]] = true
			var parent hocrElement
			if len(open) > 0 {
				parent = open[len(open)-1]
			}
			e := parent
			e.text = false
			if class := at["class"]; class != "" {
				e.class = class
				used[class] = true
				if in, ok := hocrInside[class]; !ok || !slices.Contains(in, parent.class) {
					say("%s in %q", class, parent.class)
				}
				hocrTitle(&e, at["title"], say)
				if class != "ocr_page" && (e.box[0] < parent.box[0] || e.box[1] < parent.box[1] || e.box[2] > parent.box[2] || e.box[3] > parent.box[3]) && parent.class == "ocr_page" {
					say("%s %v stands outside of its page %v", class, e.box, parent.box)
				}
			}
			open = append(open, e)
		case xml.CharData:
			if len(open) > 0 && len(bytes.TrimSpace(x)) > 0 {
				open[len(open)-1].text = true
			}
		case xml.EndElement:
			if e := open[len(open)-1]; e.class == "ocrx_word" && !e.text {
				say("a word without text")
			}
			open = open[:len(open)-1]
		}
	}
	if !titled {
		say("no title")
	}
	if meta["ocr-system"] == "" {
		say("no ocr-system")
	}
	able := strings.Fields(meta["ocr-capabilities"])
	for class := range used {
		if !slices.Contains(able, class) {
			say("%s is not among the capabilities %v", class, able)
		}
	}
	if !used["ocr_page"] {
		say("no page")
	}
	return faults
}

// hocrTitle reads the properties of an element.
func hocrTitle(e *hocrElement, title string, say func(string, ...any)) {
	seen := map[string]bool{}
	quoted := false
	parts := strings.FieldsFunc(title, func(r rune) bool {
		quoted = quoted != (r == '"')
		return r == ';' && !quoted
	})
	for _, p := range parts {
		name, args, _ := strings.Cut(strings.TrimSpace(p), " ")
		classes, ok := hocrProperties[name]
		switch {
		case !ok:
			say("%s has an unknown property %q", e.class, name)
		case seen[name]:
			say("%s has %s twice", e.class, name)
		case classes != nil && !slices.Contains(classes, e.class):
			say("%s has %s", e.class, name)
		}
		seen[name] = true
		number := func(s string) int {
			n, err := strconv.Atoi(s)
			if err != nil || n < 0 {
				say("%s: %s %q", e.class, name, args)
			}
			return n
		}
		switch f := strings.Fields(args); {
		case name == "bbox" && len(f) == 4:
			for i := range f {
				e.box[i] = number(f[i])
			}
			if e.box[0] > e.box[2] || e.box[1] > e.box[3] {
				say("%s has the box %v", e.class, e.box)
			}
		case name == "ppageno" && len(f) == 1:
			number(f[0])
		case name == "x_wconf" && len(f) == 1:
			if number(f[0]) > 100 {
				say("a word is sure by %s", f[0])
			}
		case name == "image" && len(args) > 2 && args[0] == '"' && strings.Index(args[1:], `"`) == len(args)-2:
		case ok:
			say("%s: %s %q", e.class, name, args)
		}
	}
	if !seen["bbox"] || e.class == "ocr_page" && !seen["image"] {
		say("%s lacks a property: %q", e.class, title)
	}
}

// TestHOCRRules: what is written keeps the rules of the specification, and what does not is told.
func TestHOCRRules(t *testing.T) {
	sound := written(t, HOCR, filled(t, "scan.pdf", around(t, jpegOf(t, quarters()), 0, "")))
	for name, out := range map[string][]byte{
		"a PDF": sound, "a turned PDF": written(t, HOCR, filled(t, "scan.pdf", around(t, jpegOf(t, quarters()), 90, ""))), "a photo": written(t, HOCR, filled(t, `a "photo"; b.jpg`, jpegOf(t, quarters()))),
	} {
		if faults := hocrFaults(out); len(faults) > 0 {
			t.Errorf("%s: %s\n%s", name, strings.Join(faults, "\n"), out)
		}
	}
	for _, tt := range []struct{ old, put string }{
		{`class="ocr_page"`, `class="ocr_sheet"`}, {`class="ocr_line"`, `class="ocrx_word"`}, {"bbox ", "box "}, {"x_wconf 99", "x_wconf 199"}, {"x_wconf 99", "x_wconf 9; x_wconf 9"},
		{`ocr_page ocr_carea`, `ocr_carea`}, {`<meta name="ocr-system"`, `<meta name="system"`}, {`id="line_`, `id="page_1" data-id="line_`}, {`bbox 0 0 1250 834`, `bbox 0 0 50 34`},
		{`ppageno 0`, `ppageno -1`}, {`image &quot;scan.pdf&quot;`, `image scan.pdf`}, {`bbox 125 83 625 109`, `bbox 625 83 125 109`}, {`>12</span>`, `> </span>`}, {"<body>", "<body><p>"},
		{`xmlns="http://www.w3.org/1999/xhtml"`, ``},
	} {
		broken := bytes.Replace(sound, []byte(tt.old), []byte(tt.put), 1)
		if bytes.Equal(broken, sound) {
			t.Errorf("%s is not in it", tt.old)
		} else if len(hocrFaults(broken)) == 0 {
			t.Errorf("%s for %s was not told", tt.put, tt.old)
		}
	}
}
