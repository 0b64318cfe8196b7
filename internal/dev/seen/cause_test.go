package seen

import (
	"archive/zip"
	"bytes"
	"reflect"
	"testing"
)

func TestCause(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"word/document.xml": `<w:document xmlns:w="w"><w:p><w:t>12</w:t><w:del><w:delText>34</w:delText></w:del></w:p>` +
			`<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:t>Click</w:t></w:sdtContent></w:sdt><w:sdt><w:sdtPr/><w:sdtContent><w:t>filled</w:t></w:sdtContent></w:sdt></w:document>`,
		"word/header1.xml":     `<w:hdr xmlns:w="w"><w:t>Page 56</w:t><w:fldSimple w:instr="PAGE"/></w:hdr>`,
		"word/charts/c1.xml":   `<c:chart xmlns:c="c"><c:v>78 Category</c:v></c:chart>`,
		"word/media/image.emf": "\x01\x00q\x00u\x00i\x00c\x00k\x00",
	} {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	one := func(cause string, n int) []Reason { return []Reason{{cause, n}} }
	for _, tt := range []struct {
		name           string
		unread, unseen []string
		more           Evidence
		want           []Reason
		left           int
	}{
		{"in a header", []string{"56", "page"}, nil, Evidence{}, one("header or footer", 2), 0},
		{"the number of a page", []string{"3"}, nil, Evidence{Pages: 3}, one("header or footer", 1), 0},
		{"no number of a page", []string{"4"}, nil, Evidence{Pages: 3}, nil, 1},
		{"deleted", []string{"34"}, nil, Evidence{}, one("deleted text", 1), 0},
		{"two places", []string{"34"}, []string{"78"}, Evidence{}, []Reason{{"deleted text", 1}, {"chart", 1}}, 0},
		{"a piece of a chart's word", []string{"te", "gory"}, nil, Evidence{}, one("chart", 2), 0},
		{"it stands where it is read", []string{"12"}, nil, Evidence{}, nil, 1},
		{"half of it", []string{"56", "99"}, nil, Evidence{}, one("header or footer", 1), 1},
		{"an invitation", []string{"click"}, nil, Evidence{}, one("invitation of a content control", 1), 0},
		{"a control that is filled in", []string{"filled"}, nil, Evidence{}, nil, 1},
		{"a picture of vectors", []string{"quick"}, nil, Evidence{}, one("picture of vectors", 1), 0},
		{"on a page that is a picture", []string{"12"}, nil, Evidence{Pictures: Bag{"12": 1}}, one("page that is read as a picture", 1), 0},
		{"at the edge of a page", []string{"12"}, nil, Evidence{Edges: Bag{"12": 1}}, one("running head or number of a page", 1), 0},
		{"oftener than at edges", []string{"12", "12"}, nil, Evidence{Edges: Bag{"12": 1}}, nil, 2},
		{"cut by columns", []string{"strin", "overwritshould"}, []string{"string", "overwritten", "should"}, Evidence{Cells: []byte("string,overwritten,should")},
			one("cut or hashed by its column: LibreOffice has it whole in its cells", 5), 0},
		{"in no cell", []string{"strin"}, []string{"string"}, Evidence{Cells: []byte("other")}, nil, 2},
		{"parted otherwise", []string{"xyz", "vw"}, []string{"xy", "zvw"}, Evidence{}, one("the same letters, parted into words otherwise", 4), 0},
		{"numbers are not parted", []string{"12"}, []string{"21"}, Evidence{}, nil, 2},
	} {
		tt.more.Package = b.Bytes()
		got, left := Cause(Difference{tt.unread, tt.unseen}, tt.more)
		if !reflect.DeepEqual(got, tt.want) || len(left.Unread)+len(left.Unseen) != tt.left {
			t.Errorf("%s: %v, left %v; want %v, %d left", tt.name, got, left, tt.want, tt.left)
		}
	}
}

func TestMark(t *testing.T) {
	a, b := Difference{Unread: []string{"1"}}, Difference{Unseen: []string{"1"}}
	if a.Mark() == b.Mark() || a.Mark() != (Difference{Unread: []string{"1"}}).Mark() {
		t.Errorf("%s, %s: a mark is to tell differences apart", a.Mark(), b.Mark())
	}
}
