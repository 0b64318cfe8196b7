package word97

import "github.com/nianbao/nianbao/layout"

// box is the text of one text box: a range of characters, and the shape that it belongs to.
type box struct {
	first, last int
	shape       int
	read        bool
}

// readBoxes finds the text boxes of the main text (PlcftxbxTxt) and where their shapes are anchored
// (PlcSpaMom).
func (d *document) readBoxes() {
	start, most := 0, 0 // where the text boxes' characters begin, and how many there are
	const parts = 6     // of the document before them
	for i := range parts {
		start += u32(d.main, atLengths+4*i)
	}
	most = u32(d.main, atLengths+4*parts)
	const position, text, shape = 4, 22, 26
	plc := d.structure(tableBoxes)
	n := max(0, (len(plc)-position)/(position+text))
	for i := range n {
		b := box{first: u32(plc, position*i), last: u32(plc, position*(i+1)), shape: u32(plc, position*(n+1)+text*i+14)}
		if b.first < b.last && b.last <= most {
			b.first, b.last = b.first+start, b.last+start
			d.boxes = append(d.boxes, b)
		}
	}
	plc = d.structure(tableShapes)
	n = max(0, (len(plc)-position)/(position+shape))
	d.anchors = make(map[int]int, n)
	for i := range n {
		d.anchors[u32(plc, position*i)] = u32(plc, position*(n+1)+shape*i)
	}
}

// anchored gives the blocks of the text boxes that are anchored at a character.
func (d *document) anchored(cp int) ([]layout.Block, error) {
	shape, ok := d.anchors[cp]
	if !ok {
		return nil, nil
	}
	var out []layout.Block
	for i := range d.boxes {
		if d.boxes[i].shape != shape {
			continue
		}
		more, err := d.box(&d.boxes[i])
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// box gives the blocks of a text box, once.
func (d *document) box(b *box) ([]layout.Block, error) {
	if b.read {
		return nil, nil
	}
	b.read = true
	paragraphs, err := d.read(b.first, b.last)
	if err != nil {
		return nil, err
	}
	return d.build(paragraphs)
}
