// Package word97 reads Word 97 to 2003 documents: .doc, and Kingsoft's .wps, which is the same format.
//
// The format is that of [MS-DOC]. The text lies in pieces (CLX) of CP1252 or UTF-16. What a paragraph
// is (in a table, the end of a row, the number of a list) and what a character is (hidden, deleted,
// raised) is said in lists of modifiers (sprm) that pages of 512 bytes assign to ranges of bytes. A
// row's cells are told at its end: their edges and how they merge. Cells are placed on the grid of
// all edges of a table.
//
// A table whose rows do not tell as many cells as they have is not guessed at: Read gives ErrUnsure,
// and the caller may ask another program. Every number in the file is checked before it is believed.
package word97

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/extract/ole"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
)

// ErrUnsure says that the document was opened but its tables are not told well enough.
var ErrUnsure = errors.New("the tables of the Word document cannot be read with certainty")

// Places in the file information block ([MS-DOC] 2.5).
const (
	identifier   = 0xA5EC
	firstVersion = 0x00C1 // Word 97; Word 6 and 95 have other tables
	atFlags      = 0x0A
	atLengths    = 0x4C // characters of the text, footnotes, headers, macros, notes, endnotes, text boxes
	atTables     = 0x9A // pairs of offset and length in the table stream
)

// Indices of the pairs at atTables.
const (
	tableStyles   = 1
	tableChpx     = 12
	tablePapx     = 13
	tableFonts    = 15
	tableClx      = 33
	tableShapes   = 40
	tableBoxes    = 56
	tableLists    = 73
	tableOverride = 74
)

// Read gives the blocks of a document. Errors wrap diag.ErrEmpty, diag.ErrEncrypted, diag.ErrDamaged,
// ErrUnsure, or diag.ErrFormat for what is not of Word 97 or later.
func Read(data []byte) (*layout.Document, []diag.Warning, error) {
	if len(data) == 0 {
		return nil, nil, diag.ErrEmpty
	}
	if !ole.Is(data) {
		return nil, nil, fmt.Errorf("%w: not a compound file", diag.ErrFormat)
	}
	f, err := ole.Open(data)
	if err != nil {
		return nil, nil, fmt.Errorf("DOC: %w", err)
	}
	if !f.Has("WordDocument") {
		return nil, nil, fmt.Errorf("%w: a compound file without a Word document", diag.ErrFormat)
	}
	d := &document{}
	if d.main, err = f.Stream("WordDocument"); err != nil {
		return nil, nil, fmt.Errorf("DOC: %w", err)
	}
	if u16(d.main, 0) != identifier || u16(d.main, 2) < firstVersion {
		return nil, nil, fmt.Errorf("%w: older than Word 97", diag.ErrFormat)
	}
	const encrypted, second = 1 << 8, 1 << 9
	flags := u16(d.main, atFlags)
	if flags&encrypted != 0 {
		return nil, nil, fmt.Errorf("DOC: %w", diag.ErrEncrypted)
	}
	name := "0Table"
	if flags&second != 0 {
		name = "1Table"
	}
	if d.table, err = f.Stream(name); err != nil {
		return nil, nil, fmt.Errorf("DOC: %w", err)
	}
	if f.Has("Data") {
		// Without the stream, what refers to it is found missing there.
		d.data, _ = f.Stream("Data")
	}
	blocks, err := d.blocks()
	if err != nil {
		return nil, nil, fmt.Errorf("DOC: %w", err)
	}
	return flow.Document(blocks), nil, nil
}

// document is an open document.
type document struct {
	main, table, data []byte
	pieces            []piece
	prcs              [][]byte // modifiers that pieces refer to
	paragraphs        []extent
	characters        []extent
	styles            []style
	fonts             []string
	lists             lists
	boxes             []box
	anchors           map[int]int // shapes by the character that anchors them
	budget            int         // bytes of modifiers that may still be read
}

// u16 and u32 read little-endian numbers; what is beyond the end reads as 0.
func u16(b []byte, at int) int {
	if at < 0 || at+2 > len(b) {
		return 0
	}
	return int(binary.LittleEndian.Uint16(b[at:]))
}

func i16(b []byte, at int) int { return int(int16(u16(b, at))) }

func u32(b []byte, at int) int {
	if at < 0 || at+4 > len(b) {
		return 0
	}
	return int(binary.LittleEndian.Uint32(b[at:]))
}

// slice gives n bytes from a position, nil where there are not so many.
func slice(b []byte, at, n int) []byte {
	if at < 0 || n < 0 || at > len(b) || n > len(b)-at {
		return nil
	}
	return b[at : at+n]
}

// structure gives one of the structures in the table stream, nil when the document has none.
func (d *document) structure(index int) []byte {
	const pair = 8
	at := atTables + pair*index
	return slice(d.table, u32(d.main, at), u32(d.main, at+4))
}

func damaged(what string) error { return fmt.Errorf("%w: %s", diag.ErrDamaged, what) }

// piece is a run of text: characters first to last (not included), which lie at a place in the main
// stream, of one byte or two each.
type piece struct {
	first, last int
	at          int
	size        int
	modifiers   []byte // of all its characters and paragraphs
}

// readPieces reads the CLX: lists of modifiers, then the table of pieces.
func (d *document) readPieces() error {
	clx := d.structure(tableClx)
	const isPrc, isTable = 1, 2
	for len(clx) > 0 && clx[0] == isPrc {
		prc := slice(clx, 3, u16(clx, 1))
		if prc == nil {
			return damaged("modifiers of pieces")
		}
		d.prcs = append(d.prcs, prc)
		clx = clx[3+len(prc):]
	}
	if len(clx) < 5 || clx[0] != isTable {
		return damaged("no table of pieces")
	}
	plc := slice(clx, 5, u32(clx, 1))
	const position, descriptor = 4, 8
	n := (len(plc) - position) / (position + descriptor)
	if plc == nil || n <= 0 {
		return damaged("no pieces")
	}
	for i := range n {
		pcd := plc[position*(n+1)+descriptor*i:]
		p := piece{first: u32(plc, position*i), last: u32(plc, position*(i+1)), at: u32(pcd, 2), size: 2}
		const compressed = 1 << 30
		if p.at&compressed != 0 {
			p.at, p.size = p.at&^compressed/2, 1
		}
		if p.first > p.last || i > 0 && p.first != d.pieces[i-1].last || slice(d.main, p.at, (p.last-p.first)*p.size) == nil {
			return damaged("a piece lies outside the file")
		}
		p.modifiers = d.pieceModifiers(u16(pcd, 6))
		d.pieces = append(d.pieces, p)
	}
	return nil
}

// pieceModifiers gives what a descriptor of a piece refers to: a list of the CLX, or one modifier with
// an operand of a byte ([MS-DOC] 2.9.215), of which only those of tables matter here.
func (d *document) pieceModifiers(prm int) []byte {
	const inList, inTable, rowEnd = 1, 0x18, 0x19
	if prm&inList != 0 {
		if i := prm >> 1; i < len(d.prcs) {
			return d.prcs[i]
		}
		return nil
	}
	switch prm >> 1 & 0x7F {
	case inTable:
		return []byte{sprmInTable & 0xFF, sprmInTable >> 8, byte(prm >> 8)}
	case rowEnd:
		return []byte{sprmRowEnd & 0xFF, sprmRowEnd >> 8, byte(prm >> 8)}
	}
	return nil
}

// extent is a range of bytes in the main stream with the modifiers of what lies there.
type extent struct {
	from, to  int
	style     int
	modifiers []byte
}

const pageSize = 512 // of the pages of extents

// readExtents reads the pages that a table in the table stream lists.
func (d *document) readExtents(index int, read func(page []byte, i int) extent, entry int) ([]extent, error) {
	plc := d.structure(index)
	const position, number = 4, 4
	n := (len(plc) - position) / (position + number)
	var out []extent
	seen := map[int]bool{}
	for i := range max(n, 0) {
		at := u32(plc, position*(n+1)+number*i) & (1<<22 - 1)
		page := slice(d.main, at*pageSize, pageSize)
		if page == nil {
			return nil, damaged("a page of formatting lies outside the file")
		}
		if seen[at] {
			continue
		}
		seen[at] = true
		count := int(page[pageSize-1])
		if position*(count+1)+entry*count > pageSize-1 {
			return nil, damaged("a page of formatting")
		}
		for k := range count {
			e := read(page, position*(count+1)+entry*k)
			e.from, e.to = u32(page, position*k), u32(page, position*(k+1))
			if e.from > e.to || len(out) > 0 && e.from < out[len(out)-1].from {
				return nil, damaged("formatting out of order")
			}
			out = append(out, e)
		}
	}
	return out, nil
}

// paragraphExtent reads a PapxInFkp.
func paragraphExtent(page []byte, i int) extent {
	at := 2 * int(page[i])
	if at == 0 {
		return extent{}
	}
	n := 2*int(page[at]) - 1
	at++
	if n < 0 {
		if at >= len(page) {
			return extent{}
		}
		n = 2 * int(page[at])
		at++
	}
	body := slice(page, at, min(n, pageSize-1-at))
	if len(body) < 2 {
		return extent{}
	}
	return extent{style: u16(body, 0), modifiers: body[2:]}
}

// characterExtent reads a Chpx.
func characterExtent(page []byte, i int) extent {
	at := 2 * int(page[i])
	if at == 0 {
		return extent{}
	}
	return extent{modifiers: slice(page, at+1, min(int(page[at]), pageSize-2-at))}
}

// find gives the extent that holds a byte, nil when none does.
func find(extents []extent, at int) *extent {
	lo, hi := 0, len(extents)
	for lo < hi {
		mid := (lo + hi) / 2
		if extents[mid].from <= at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo > 0 && at < extents[lo-1].to {
		return &extents[lo-1]
	}
	return nil
}
