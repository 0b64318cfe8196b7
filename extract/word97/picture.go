package word97

import (
	"bytes"
	"fmt"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/layout"
)

// minWidth and minHeight, in twentieths of a point, of a picture that may hold a table: wider than a
// seal, which has 42 mm at most.
const minWidth, minHeight = 2840, 1140

// picture gives the picture at a place in the Data stream (PICFAndOfficeArtData) as a block, if it is
// large enough for a table. Of its many wrappings only the size and the picture file inside matter.
func (d *document) picture(at, number int) (layout.Block, bool) {
	const header = 68
	body := slice(d.data, at, u32(d.data, at))
	if len(body) < header {
		return layout.Block{}, false
	}
	const thousandth = 1000
	w, h := u16(body, 28)*u16(body, 32)/thousandth, u16(body, 30)*u16(body, 34)/thousandth
	if w < minWidth || h < minHeight {
		return layout.Block{}, false
	}
	var scan *layout.Source
	for _, magic := range []string{"\x89PNG\r\n\x1a\n", "\xff\xd8\xff"} {
		if i := bytes.Index(body[header:], []byte(magic)); i >= 0 && scan == nil {
			scan = flow.Scan(body[header+i:])
		}
	}
	return flow.Picture(fmt.Sprintf("picture %d", number), scan), true
}

// choice says that the field of a form at a place in the Data stream is a list or a box to tick: what
// it shows is not in the text, so its cell is not blank.
func (d *document) choice(at int) bool {
	const header, kinds, text = 68, 3, 0
	return uint32(u32(d.data, at+header)) == 0xFFFFFFFF && u16(d.data, at+header+4)&kinds != text
}
