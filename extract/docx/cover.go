package docx

import (
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/extract/xmltree"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
)

// covers says that a drawing floats before the text, so that nobody can tell what is seen beneath it.
func covers(n *xmltree.Node) bool {
	over := false
	n.Find(func(k *xmltree.Node) {
		switch k.Name {
		case "wp:anchor":
			behind := k.Attr("behindDoc")
			over = over || behind != "1" && behind != "true" && k.Kid("wp:wrapNone") != nil || behind == "0" && k.Kid("wp:wrapSquare") == nil && k.Kid("wp:wrapTopAndBottom") == nil &&
				k.Kid("wp:wrapTight") == nil && k.Kid("wp:wrapThrough") == nil
		case "v:line", "v:rect", "v:oval", "v:shape", "v:roundrect", "v:polyline", "v:group":
			style := strings.ReplaceAll(strings.ToLower(k.Attr("style")), " ", "")
			if strings.Contains(style, "visibility:hidden") {
				return
			}
			over = over || (k.Name == "v:line" || strings.Contains(style, "position:absolute")) && !strings.Contains(style, "z-index:-")
		}
	}, "wp:anchor", "v:line", "v:rect", "v:oval", "v:shape", "v:roundrect", "v:polyline", "v:group")
	return over
}

// lineHeight and overlap in points: a drawing that reaches farther down than a line from the paragraph that holds it lies over what stands
// below, one that begins higher than the overlap over what stands above.
const lineHeight, overlap = 30, 4

// reaches says that a drawing before the text, held by a paragraph, lies over what stands below or above the paragraph, as far as can be told.
func reaches(p *xmltree.Node) (down, up bool) {
	p.Find(func(n *xmltree.Node) {
		if n.Name == "mc:AlternateContent" {
			if n = n.Kid("mc:Choice"); n == nil {
				return
			}
		}
		if !covers(n) {
			return
		}
		_, h := extent(n)
		top, known := offset(n)
		down, up = down || !known || top+h > lineHeight, up || !known || top < -overlap
	}, "w:drawing", "w:pict", "mc:AlternateContent")
	return down, up
}

// offset of a drawing's top from its paragraph, in points; false where it is told from something else.
func offset(n *xmltree.Node) (float64, bool) {
	top, known := 0.0, true
	n.Find(func(k *xmltree.Node) {
		if k.Name == "wp:positionV" {
			from := k.Attr("relativeFrom")
			v, err := strconv.ParseFloat(strings.TrimSpace(k.Kid("wp:posOffset").Content()), 64)
			top, known = v/emu, err == nil && (from == "paragraph" || from == "line")
			return
		}
		for part := range strings.SplitSeq(k.Attr("style"), ";") {
			name, value, _ := strings.Cut(part, ":")
			value = strings.TrimSpace(value)
			switch strings.TrimSpace(name) {
			case "margin-top", "top":
				v, err := strconv.ParseFloat(strings.TrimSuffix(value, "pt"), 64)
				if top = v; err != nil {
					known = false
				}
			case "mso-position-vertical-relative":
				known = known && (value == "text" || value == "line")
			}
		}
		if from, to := k.Attr("from"), k.Attr("to"); to != "" { // a line
			known = strings.HasSuffix(to, "pt")
			_, y, _ := strings.Cut(from, ",")
			v, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(y), "pt"), 64)
			if top = v; err != nil {
				known = false
			}
		}
	}, "wp:positionV", "v:line", "v:rect", "v:oval", "v:shape", "v:roundrect", "v:polyline", "v:group")
	return top, known
}

// cover notes that something lies over the figures of tables.
func cover(blocks []layout.Block) {
	for _, b := range blocks {
		if b.Table == nil {
			continue
		}
		for i := range b.Table.Cells {
			c := &b.Table.Cells[i]
			c.Struck = c.Struck || figure.Bare(strings.TrimSpace(c.Text))
		}
	}
}
