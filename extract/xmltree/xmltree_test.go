package xmltree_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract/xmltree"
	"github.com/nianbao/nianbao/layout/diag"
)

func TestParse(t *testing.T) {
	n, err := xmltree.Parse([]byte(`<?xml version="1.0" encoding="gb2312"?><!-- c --><x:a xmlns:x="urn:w" xmlns:y="urn:other" x:k="1" k="2" y:z="3">甲<x:b>&lt;<c/></x:b>乙<y:d><x:b>丙</x:b></y:d></x:a>`), map[string]string{"urn:w": "w"})
	if err != nil {
		t.Fatal(err)
	}
	if n.Name != "w:a" || n.Attr("w:k") != "1" || n.Attr("gone", "k") != "2" || n.Attr("?:z") != "3" {
		t.Errorf("got %+v", n)
	}
	if got := n.Content(); got != "甲<乙丙" {
		t.Errorf("content %q", got)
	}
	if n.Kid("w:b").Kid("c") == nil || n.Kid("w:b").Kid("gone").Kid("c") != nil || n.Kid("gone").Content() != "" {
		t.Error("children are not found")
	}
	var found []string
	n.Find(func(k *xmltree.Node) { found = append(found, k.Content()) }, "w:b")
	if strings.Join(found, "|") != "<|丙" {
		t.Errorf("found %q", found)
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		reason, in string
		want       error
	}{
		{"nothing", "", diag.ErrDamaged},
		{"no element", "<!-- x -->", diag.ErrDamaged},
		{"an element without an end", "<a><b></a>", diag.ErrDamaged},
		{"an entity of its own", `<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>`, diag.ErrDamaged},
		{"too deep", strings.Repeat("<a>", 1000), diag.ErrTooLarge},
		{"too many", strings.Repeat("<!---->", 3_000_001), diag.ErrTooLarge},
	} {
		t.Run(c.reason, func(t *testing.T) {
			if _, err := xmltree.Parse([]byte(c.in), nil); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

// FuzzParse: the tree holds what a decoder meets between the first element's two ends, in its order, and nothing else.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0" encoding="gb2312"?><!-- c --><x:a xmlns:x="urn:w" xmlns:y="urn:other" x:k="1" k="2">甲<x:b>&lt;<c/></x:b>乙<y:d><![CDATA[<丙>]]></y:d></x:a><z/>`))
	f.Add([]byte(" <a xmlns='urn:none'/>\ufeff"))
	f.Fuzz(func(t *testing.T, in []byte) {
		root, err := xmltree.Parse(in, map[string]string{"urn:w": "w", "urn:none": ""})
		if err != nil {
			if root != nil || !errors.Is(err, diag.ErrDamaged) && !errors.Is(err, diag.ErrTooLarge) {
				t.Fatalf("root %v, error %v", root, err)
			}
			return
		}
		var got []string
		var walk func(*xmltree.Node)
		walk = func(n *xmltree.Node) {
			if n.Name == "" {
				got = append(got, "text "+n.Text)
				return
			}
			_, local, ok := strings.Cut(n.Name, ":")
			if !ok || n.Name[0] == ':' {
				local = n.Name
			}
			got = append(got, fmt.Sprintf("<%s %d", local, len(n.Attrs)))
			for _, k := range n.Kids {
				walk(k)
			}
			got = append(got, ">")
		}
		walk(root)
		d := xml.NewDecoder(bytes.NewReader(in))
		d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
		var want []string
		var text strings.Builder
		for depth := 0; depth > 0 || want == nil; {
			tok, err := d.Token()
			if err != nil {
				t.Fatal(err)
			}
			switch tok := tok.(type) {
			case xml.StartElement:
				depth++
				want = append(want, fmt.Sprintf("<%s %d", tok.Name.Local, len(tok.Attr)))
			case xml.EndElement:
				depth--
				want = append(want, ">")
			case xml.CharData:
				if depth > 0 {
					want = append(want, "text "+string(tok))
					text.Write(tok)
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		if root.Content() != text.String() {
			t.Errorf("content %q, want %q", root.Content(), text.String())
		}
	})
}
