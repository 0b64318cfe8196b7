package html

import (
	"fmt"
	"testing"
)

func TestNames(t *testing.T) {
	doc, _, err := Read([]byte(`<html><head><meta charset="utf-8"><title> 甲局2023年年报_甲市政府
	</title><meta name="SiteName" content="甲市政府"><META NAME="ContentSource" CONTENT="甲局"><meta property="og:title" content="甲局2023年年报">
	<meta name="ArticleTitle" content="甲局2023年年报"><meta name="keywords" content="年报"></head><body><svg><title>图标</title></svg><p>甲</p></body></html>`))
	if err != nil {
		t.Fatal(err)
	}
	want := "[{article 甲局2023年年报} {page 甲局2023年年报_甲市政府} {publisher 甲局}]"
	if got := fmt.Sprint(doc.Names); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
