package html

import (
	"slices"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/layout"
)

// metaNames are the meta elements that name a page's article or who published it, in lower case. ArticleTitle and
// ContentSource are those that the standard for government sites (国办发〔2017〕47号) asks for; the others
// are Dublin Core's and those of social networks.
var metaNames = map[string]layout.NameOf{
	"articletitle": layout.ArticleName, "article_title": layout.ArticleName, "title": layout.ArticleName, "dc.title": layout.ArticleName,
	"dcterms.title": layout.ArticleName, "og:title": layout.ArticleName, "twitter:title": layout.ArticleName, "headline": layout.ArticleName,
	"contentsource": layout.PublisherName, "dc.publisher": layout.PublisherName,
}

// longestName in bytes: a title of 70 characters with the names of a site and its sections.
const longestName = 1000

// names gives what a page's head says of it: its article first, then its own title, then the publisher.
func names(root *xhtml.Node) []layout.Name {
	var out []layout.Name
	add := func(of layout.NameOf, text string) {
		if len(text) > longestName {
			return
		}
		n := layout.Name{Of: of, Text: flow.Clean(strings.Join(strings.Fields(text), " "))}
		if n.Text != "" && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	for n := range root.Descendants() {
		switch n.DataAtom {
		case atom.Meta:
			for _, key := range []string{"name", "property", "itemprop"} {
				if of, ok := metaNames[strings.ToLower(strings.TrimSpace(attr(n, key)))]; ok {
					add(of, attr(n, "content"))
				}
			}
		case atom.Title:
			if n.Parent != nil && n.Parent.DataAtom == atom.Head {
				add(layout.PageName, content(n))
			}
		}
	}
	order := []layout.NameOf{layout.ArticleName, layout.PageName, layout.PublisherName}
	slices.SortStableFunc(out, func(a, b layout.Name) int { return slices.Index(order, a.Of) - slices.Index(order, b.Of) })
	return out
}
