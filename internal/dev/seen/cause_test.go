package seen

import (
	"archive/zip"
	"bytes"
	"testing"
)

func TestCause(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"word/document.xml":  `<w:document xmlns:w="w"><w:p><w:t>12</w:t><w:del><w:delText>34</w:delText></w:del></w:p></w:document>`,
		"word/header1.xml":   `<w:hdr xmlns:w="w"><w:t>Page 56</w:t></w:hdr>`,
		"word/charts/c1.xml": `<c:chart xmlns:c="c"><c:v>78</c:v></c:chart>`,
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
	for _, tt := range []struct {
		unread, unseen []string
		want           string
	}{
		{[]string{"56", "page"}, nil, "header or footer"},
		{[]string{"34"}, nil, "deleted text"},
		{[]string{"34"}, []string{"78"}, "deleted text, chart"},
		{[]string{"12"}, nil, ""}, // it stands where it is read: nothing explains that it is not
		{[]string{"56", "99"}, nil, ""},
	} {
		if got := Cause("a.docx", b.Bytes(), Difference{tt.unread, tt.unseen}); got != tt.want {
			t.Errorf("%v, %v: %q, want %q", tt.unread, tt.unseen, got, tt.want)
		}
	}
	if got := Cause("a.pdf", []byte("%PDF"), Difference{}); got != "no package: pdf" {
		t.Errorf("%q", got)
	}
}
