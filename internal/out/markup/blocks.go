package markup

import (
	"fmt"
	"html"
	"io"
	"strings"

	"github.com/nianbao/nianbao/layout"
)

// WriteBlocks writes the paragraphs and tables of a document in their order, as HTML without any markup of the
// document's own.
func WriteBlocks(w io.Writer, doc *layout.Document) error {
	for _, p := range doc.Pages {
		for _, x := range p.Blocks {
			var err error
			if x.Paragraph != nil {
				_, err = fmt.Fprintf(w, "<p>%s</p>\n", strings.ReplaceAll(html.EscapeString(x.Paragraph.Text), "\n", "<br>"))
			} else {
				err = WriteTable(w, x.Table)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
