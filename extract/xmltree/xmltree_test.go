package xmltree_test

import (
	"errors"
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
