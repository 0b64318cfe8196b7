package word97

import (
	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/layout/diag"
)

// The modifiers that are read ([MS-DOC] 2.6).
const (
	sprmDeleted      = 0x0800 // sprmCFRMarkDel
	sprmStrike       = 0x0837
	sprmVanish       = 0x083C
	sprmDoubled      = 0x2A53 // sprmCFDStrike
	sprmRaised       = 0x2A48 // sprmCIss
	sprmPosition     = 0x4845 // sprmCHpsPos, in half-points
	sprmCharStyle    = 0x4A30 // sprmCIstd
	sprmColor        = 0x2A42 // sprmCIco, of the sixteen
	sprmTrueColor    = 0x6870 // sprmCCv
	sprmSize         = 0x4A43 // sprmCHps, in half-points
	sprmScale        = 0x4852 // sprmCCharScale, in hundredths
	sprmSpacing      = 0x8840 // sprmCDxaSpace, in twentieths of a point
	sprmLayout       = 0xCA78 // sprmCFELayout
	sprmMarker       = 0x2A0C // sprmCHighlight
	sprmShade        = 0xCA71 // sprmCShd
	sprmOldShade     = 0x4866 // sprmCShd80
	sprmParagraph    = 0xC64D // sprmPShd
	sprmOldParagraph = 0x442D // sprmPShd80
	sprmLine         = 0x6412 // sprmPDyaLine
	sprmLeft         = 0x840F // sprmPDxaLeft80
	sprmLeftToo      = 0x845E // sprmPDxaLeft
	sprmRowHeight    = 0x9407 // sprmTDyaRowHeight
	sprmCellShades   = 0xD612 // sprmTDefTableShd
	sprmOldShades    = 0xD609 // sprmTDefTableShd80
	sprmBorder       = 0xD62F // sprmTSetBrc
	sprmSymbol       = 0x6A09
	sprmFont         = 0x4A4F // sprmCRgFtc0, of ASCII characters
	sprmOtherFont    = 0x4A51 // sprmCRgFtc2, of characters that are neither ASCII nor Asian
	sprmPicture      = 0x6A03 // sprmCPicLocation
	sprmData         = 0x0806 // sprmCFData
	sprmInTable      = 0x2416
	sprmRowEnd       = 0x2417 // sprmPFTtp
	sprmInnerCell    = 0x244B
	sprmInnerRowEnd  = 0x244C
	sprmDepth        = 0x6649 // sprmPItap
	sprmListLevel    = 0x260A
	sprmList         = 0x460B
	sprmOutline      = 0x2640
	sprmStyle        = 0x4600
	sprmHuge1        = 0x6645 // sprmPHugePapx of early versions
	sprmHuge         = 0x6646
	sprmTableProps   = 0x646B
	sprmChangeTabs   = 0xC615
	sprmDefTable     = 0xD608
	sprmMerge        = 0x5624
	sprmSplit        = 0x5625
	sprmInsert       = 0x7621
	sprmDelete       = 0x5622
	sprmWidth        = 0x7623 // sprmTDxaCol
	sprmVertMerge    = 0xD62B
)

// maxModifiers bounds the bytes of modifiers that are read for one document: a few paragraphs may
// refer to the same large list without end.
const maxModifiers = 256 << 20

// each calls f for every modifier of a list and its operand.
func (d *document) each(list []byte, f func(id int, operand []byte) error) error {
	if d.budget -= len(list); d.budget < 0 {
		return diag.ErrTooLarge
	}
	for len(list) >= 2 {
		id := u16(list, 0)
		list = list[2:]
		n := 0
		switch id >> 13 {
		case 0, 1:
			n = 1
		case 2, 4, 5:
			n = 2
		case 3:
			n = 4
		case 7:
			n = 3
		case 6:
			if len(list) == 0 {
				return nil
			}
			switch {
			case id == sprmDefTable:
				n = u16(list, 0) - 1
				list = list[min(2, len(list)):]
			case id == sprmChangeTabs && list[0] == 255:
				// Tabs to delete have 4 bytes each, tabs to add 3, behind their numbers.
				del := 0
				if len(list) > 1 {
					del = int(list[1])
				}
				add := 0
				if at := 2 + 4*del; at < len(list) {
					add = int(list[at])
				}
				n = 2 + 4*del + 1 + 3*add
			default:
				n = int(list[0])
				list = list[1:]
			}
		}
		if n < 0 || n > len(list) {
			return nil // Word pads lists with bytes that mean nothing
		}
		if err := f(id, list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// properties of a paragraph.
type properties struct {
	style           int
	inTable, rowEnd bool
	innerCell       bool
	innerRowEnd     bool
	depth           int // of tables in tables, 0 when it is not told
	list, level     int // instance, 1-based; 0 for none, -1 when it is not told
	outline         int // 0 to 8; 9 for body text, -1 when it is not told
	row             *row
	// pressed says that its lines are too low to show anything, off that it is indented out of where it stands.
	pressed, off bool
	shaded       bool // it has a ground of its own
	// low, crossed and shades are what the end of a row says of its cells: rows too low, lines from corner to corner, grounds.
	low     bool
	crossed map[int]bool
	shades  []flow.Ground
}

// lowest in twentieths of a point is the height of a line or row, said to be exact, in which nothing is seen; outLeft and outRight are how far an
// indent puts print out of a cell.
const lowest, outLeft, outRight = 120, -1000, 6000

// row is what the end of a row tells of its cells.
type row struct {
	edges []int // one more than cells, in twentieths of a point
	cells []rowCell
}

type rowCell struct {
	first, merged bool // of a horizontal merge
	vertical      int
}

const (
	verticalMerged  = 1
	verticalRestart = 3
)

// maxHuge is how often a list of modifiers may refer to another one in the Data stream.
const maxHuge = 4

func (d *document) apply(list []byte, p *properties, huge int) error {
	return d.each(list, func(id int, op []byte) error {
		switch id {
		case sprmHuge, sprmHuge1, sprmTableProps:
			at := u32(op, 0)
			if body := slice(d.data, at+2, u16(d.data, at)); body != nil && huge < maxHuge {
				return d.apply(body, p, huge+1)
			}
			return damaged("formatting in the Data stream is missing")
		case sprmStyle:
			p.style = u16(op, 0)
		case sprmInTable:
			p.inTable = op[0] != 0
		case sprmRowEnd:
			p.rowEnd = op[0] != 0
		case sprmInnerCell:
			p.innerCell = op[0] != 0
		case sprmInnerRowEnd:
			p.innerRowEnd = op[0] != 0
		case sprmDepth:
			p.depth = u32(op, 0)
		case sprmListLevel:
			p.level = int(op[0])
		case sprmList:
			p.list = u16(op, 0)
		case sprmOutline:
			p.outline = int(op[0])
		case sprmLine:
			high := i16(op, 0) // an exact one is written as if it went down
			p.pressed = high < 0 && -high <= lowest
		case sprmLeft, sprmLeftToo:
			p.off = i16(op, 0) <= outLeft || i16(op, 0) >= outRight
		case sprmParagraph:
			p.shaded = shade(op) != flow.White
		case sprmOldParagraph:
			p.shaded = p.shaded || oldShade(u16(op, 0)) != flow.White
		case sprmRowHeight:
			high := i16(op, 0)
			p.low = high < 0 && -high <= lowest
		case sprmCellShades:
			const each = 10
			p.shades = nil
			for at := 0; at+each <= len(op); at += each {
				p.shades = append(p.shades, shade(op[at:]))
			}
		case sprmOldShades:
			if p.shades == nil {
				for at := 0; at+2 <= len(op); at += 2 {
					p.shades = append(p.shades, oldShade(u16(op, at)))
				}
			}
		case sprmBorder:
			const corners = 0x10 | 0x20 // from corner to corner
			if len(op) >= 11 && op[2]&corners != 0 && op[3+5] != 0 {
				for i := int(op[0]); i < int(op[1]); i++ {
					if p.crossed == nil {
						p.crossed = map[int]bool{}
					}
					p.crossed[i] = true
				}
			}
		case sprmDefTable:
			p.row = defineRow(op)
		default:
			if p.row != nil {
				p.row.change(id, op)
			}
		}
		return nil
	})
}

// defineRow reads sprmTDefTable: the number of cells, their edges, and what the file says of each.
func defineRow(op []byte) *row {
	if len(op) == 0 {
		return nil
	}
	n := int(op[0])
	const edge, description = 2, 20
	if len(op) < 1+edge*(n+1) {
		return nil
	}
	r := &row{cells: make([]rowCell, n)}
	for i := range n + 1 {
		r.edges = append(r.edges, i16(op, 1+edge*i))
	}
	for i := range n {
		tc := slice(op, 1+edge*(n+1)+description*i, description)
		if tc == nil {
			break // cells that are not described are plain
		}
		flags := u16(tc, 0)
		r.cells[i] = rowCell{first: flags&1 != 0, merged: flags&2 != 0, vertical: flags >> 5 & 3}
	}
	return r
}

// change applies what modifies a row after its definition.
func (r *row) change(id int, op []byte) {
	n := len(r.cells)
	switch id {
	case sprmVertMerge:
		if len(op) >= 2 && int(op[0]) < n {
			r.cells[op[0]].vertical = int(op[1]) & 3
		}
	case sprmMerge, sprmSplit:
		first, lim := int(op[0]), min(int(op[1]), n)
		for i := first; i < lim; i++ {
			r.cells[i].first, r.cells[i].merged = id == sprmMerge && i == first, id == sprmMerge && i > first
		}
	case sprmDelete:
		first, lim := int(op[0]), min(int(op[1]), n)
		if first < lim {
			r.cells = append(r.cells[:first:first], r.cells[lim:]...)
			gone := r.edges[lim] - r.edges[first]
			r.edges = append(r.edges[:first+1:first+1], r.edges[lim+1:]...)
			for i := first + 1; i < len(r.edges); i++ {
				r.edges[i] -= gone
			}
		}
	case sprmInsert:
		const most = 64 // cells in a row
		first, count, width := min(int(op[0]), n), int(op[1]), u16(op, 2)
		if n+count > most {
			return
		}
		for range count {
			r.cells = append(r.cells[:first:first], append([]rowCell{{}}, r.cells[first:]...)...)
			r.edges = append(r.edges[:first+1:first+1], r.edges[first:]...)
			for i := first + 1; i < len(r.edges); i++ {
				r.edges[i] += width
			}
		}
	case sprmWidth:
		first, lim, width := int(op[0]), min(int(op[1]), n), u16(op, 2)
		for i := first; i < lim; i++ {
			by := width - (r.edges[i+1] - r.edges[i])
			for k := i + 1; k < len(r.edges); k++ {
				r.edges[k] += by
			}
		}
	}
}

// look is what characters look like, as far as it matters here.
type look struct {
	hidden, deleted, struck, doubled bool
	// rise is positive for raised text, negative for lowered text; shift is by how many half-points it was moved.
	rise, shift int
	color       flow.Color // of the text, where told is set
	told        bool
	ground      flow.Ground // what it is marked or shaded with, where grounded is set
	grounded    bool
	size, scale int  // in half-points and hundredths, 0 where nothing is said
	spacing     int  // in twentieths of a point
	inTwo       bool // two small lines in the place of one
	symbol      string
	font        string
	// picture is where a picture lies in the Data stream, -1 for none; form says that what lies there
	// is a field of a form.
	picture int
	form    bool
}

func (d *document) look(list []byte, l *look) error {
	style := *l
	return d.each(list, func(id int, op []byte) error {
		// A toggle is on with 1, and with 0x81 against its style; 0x80 is as the style has it.
		toggle := func(now *bool, of bool) {
			switch op[0] {
			case 0x80:
				*now = of
			case 0x81:
				*now = !of
			default:
				*now = op[0] == 1
			}
		}
		switch id {
		case sprmCharStyle:
			if err := d.ofStyle(u16(op, 0), l); err != nil {
				return err
			}
			style = *l
		case sprmDeleted:
			toggle(&l.deleted, style.deleted)
		case sprmVanish:
			toggle(&l.hidden, style.hidden)
		case sprmStrike:
			toggle(&l.struck, style.struck)
		case sprmDoubled:
			l.doubled = op[0] == 1
		case sprmRaised:
			const raised, lowered = 1, 2
			l.rise = map[byte]int{raised: 1, lowered: -1}[op[0]]
		case sprmPosition:
			l.shift = i16(op, 0)
		case sprmColor:
			l.color, l.told = sixteen(int(op[0]))
		case sprmTrueColor:
			l.color, l.told = trueColor(op)
		case sprmSize:
			l.size = u16(op, 0)
		case sprmScale:
			l.scale = u16(op, 0)
		case sprmSpacing:
			l.spacing = i16(op, 0)
		case sprmLayout:
			const warichu = 2
			l.inTwo = len(op) > 1 && u16(op, 0)&warichu != 0
		case sprmMarker:
			c, ok := sixteen(int(op[0]))
			l.ground, l.grounded = flow.Ground{Color: c, Known: ok}, op[0] != 0
		case sprmShade:
			l.ground = shade(op)
			l.grounded = l.ground != flow.White
		case sprmOldShade:
			if of := oldShade(u16(op, 0)); !l.grounded {
				l.ground, l.grounded = of, of != flow.White
			}
		case sprmFont, sprmOtherFont:
			if font := u16(op, 0); font < len(d.fonts) && (id == sprmFont || l.font == "") {
				l.font = d.fonts[font]
			}
		case sprmPicture:
			l.picture = u32(op, 0)
		case sprmData:
			toggle(&l.form, false)
		case sprmSymbol:
			if font := u16(op, 0); font < len(d.fonts) {
				l.symbol = flow.Symbol(d.fonts[font], rune(u16(op, 2)))
			}
		}
		return nil
	})
}
