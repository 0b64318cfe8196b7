package word97

import (
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/nianbao/nianbao/extract/numbering"
)

// style is what matters of a style of paragraphs or of characters.
type style struct {
	known     int // what the program knows it as
	base      int
	modifiers []byte // of paragraphs
	look      []byte // modifiers of characters
}

const noStyle = 0xFFF

// readStyles reads the style sheet (STSH). What cannot be read leaves the document without styles:
// they tell headings, lists and what text looks like.
func (d *document) readStyles() {
	b := d.structure(tableStyles)
	header := slice(b, 2, u16(b, 0))
	if len(header) < 4 {
		return
	}
	fixed := u16(header, 2) // bytes of a style before its name
	b = b[2+len(header):]
	for range u16(header, 0) {
		if len(b) < 2 {
			return
		}
		std := slice(b, 2, u16(b, 0))
		if std == nil {
			return
		}
		b = b[2+len(std):]
		s := style{base: noStyle}
		const paragraph, character = 1, 2
		if kind := u16(std, 2) & 0xF; len(std) >= 10 && (kind == paragraph || kind == character) {
			s.base = u16(std, 2) >> 4
			at := fixed + 2 + 2*u16(std, fixed) + 2 // the name, its length before it, a zero behind it
			if kind == paragraph {
				s.known = u16(std, 0) & 0xFFF
				upx := slice(std, at+2, u16(std, at))
				if len(upx) > 2 {
					s.modifiers = upx[2:]
				}
				at += 2 + len(upx) + len(upx)%2 // each begins at an even place
			}
			s.look = slice(std, at+2, u16(std, at))
		}
		d.styles = append(d.styles, s)
	}
}

// ofStyle lays what a style says of characters over a look, and before it what the styles say that it is based on.
func (d *document) ofStyle(id int, l *look) error {
	const longest = 16 // a chain may be a circle
	var chain []int
	for range longest {
		if id < 0 || id >= len(d.styles) {
			break
		}
		chain = append(chain, id)
		id = d.styles[id].base
	}
	for i := len(chain) - 1; i >= 0; i-- {
		if err := d.look(slices.Clip(d.styles[chain[i]].look), l); err != nil {
			return err
		}
	}
	return nil
}

// inherit fills in what a paragraph leaves to its style: its place in the outline and its list.
func (d *document) inherit(p *properties) error {
	const longest = 16 // a chain may be a circle
	id := p.style
	for range longest {
		if id >= len(d.styles) {
			break
		}
		const title = 62
		switch known := d.styles[id].known; {
		case p.outline >= 0:
		case known >= 1 && known <= numbering.Levels: // the headings of nine levels
			p.outline = known - 1
		case known == title:
			p.outline = 0
		}
		of := properties{style: id, list: -1, level: -1, outline: -1}
		if err := d.apply(d.styles[id].modifiers, &of, 0); err != nil {
			return err
		}
		if p.outline < 0 {
			p.outline = of.outline
		}
		if p.list < 0 {
			p.list = of.list
			if p.level < 0 {
				p.level = of.level
			}
		}
		if id = d.styles[id].base; id == noStyle {
			break
		}
	}
	return nil
}

// readFonts reads the names of the fonts, which tell symbols.
func (d *document) readFonts() {
	b := d.structure(tableFonts)
	if len(b) < 4 {
		return
	}
	n := u16(b, 0)
	b = b[4:]
	for range n {
		if len(b) == 0 {
			return
		}
		ffn := slice(b, 1, int(b[0]))
		if ffn == nil {
			return
		}
		const name = 39
		text, _ := wide(ffn[min(name, len(ffn)):])
		d.fonts = append(d.fonts, text)
		b = b[1+len(ffn):]
	}
}

// wide decodes UTF-16 up to a zero or the end, and gives the bytes that it took.
func wide(b []byte) (string, int) {
	var units []uint16
	at := 0
	for ; at+2 <= len(b) && u16(b, at) != 0; at += 2 {
		units = append(units, uint16(u16(b, at)))
	}
	return string(utf16.Decode(units)), at
}

// lists are the instances of lists, in the order in which paragraphs number them, from 1.
type lists []*numbering.Instance

// formats are the number formats of [MS-OSHARED] 2.2.1.3 by the names that package numbering knows.
var formats = map[byte]string{
	0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter",
	0x0A: "ideographDigital", 0x0B: "japaneseCounting", 0x0E: "decimalFullWidth", 0x11: "japaneseDigitalTenThousand",
	0x12: "decimalEnclosedCircle", 0x16: "decimalZero", 0x17: "bullet", 0x1A: "decimalEnclosedFullstop", 0x1B: "decimalEnclosedParen",
	0x1C: "decimalEnclosedCircleChinese", 0x1D: "ideographEnclosedCircle", 0x1E: "ideographTraditional", 0x1F: "ideographZodiac",
	0x21: "taiwaneseCounting", 0x22: "ideographLegalTraditional", 0x23: "taiwaneseCountingThousand", 0x24: "taiwaneseDigital",
	0x25: "chineseCounting", 0x26: "chineseLegalSimplified", 0x27: "chineseCountingThousand", 0xFF: "none",
}

// readLists reads the definitions of lists and their instances. What cannot be read leaves paragraphs
// without numbers.
func (d *document) readLists() {
	at := u32(d.main, atTables+8*tableLists)
	head := d.structure(tableLists)
	const definition = 28
	n := u16(head, 0)
	if len(head) < 2+definition*n {
		return
	}
	levels := slice(d.table, at+len(head), len(d.table)-at-len(head)) // they follow behind
	defined := map[int]*numbering.List{}
	for i := range n {
		lstf := head[2+definition*i:]
		count := numbering.Levels
		const simple = 1
		if lstf[26]&simple != 0 {
			count = 1
		}
		l := &numbering.List{}
		for k := range count {
			var ok bool
			if l.Levels[k], levels, ok = readLevel(levels); !ok {
				return
			}
		}
		defined[u32(lstf, 0)] = l
	}
	b := d.structure(tableOverride)
	const instance = 16
	m := u32(b, 0)
	if m > len(b)/instance {
		return
	}
	rest := b[min(len(b), 4+instance*m):]
	for i := range m {
		lfo := slice(b, 4+instance*i, instance)
		if lfo == nil {
			return
		}
		in := &numbering.Instance{List: defined[u32(lfo, 0)], Start: map[int]int{}, Override: map[int]*numbering.Level{}}
		d.lists = append(d.lists, in)
		rest = slice(rest, 4, len(rest)-4)
		for range lfo[12] {
			const head = 8
			if len(rest) < head {
				return
			}
			start, flags := u32(rest, 0), u32(rest, 4)
			rest = rest[head:]
			lvl := flags & 0xF
			const starts, formats = 1 << 4, 1 << 5
			if flags&starts != 0 && flags&formats == 0 {
				in.Start[lvl] = start
			}
			if flags&formats != 0 {
				l, after, ok := readLevel(rest)
				if !ok {
					return
				}
				rest = after
				in.Override[lvl] = l
				if flags&starts != 0 {
					in.Start[lvl] = l.Start
				}
			}
		}
	}
}

// readLevel reads an LVL and gives what follows it.
func readLevel(b []byte) (*numbering.Level, []byte, bool) {
	const fixed = 28
	if len(b) < fixed {
		return nil, nil, false
	}
	const legal, keeps = 1 << 2, 1 << 3
	l := &numbering.Level{Start: u32(b, 0), Format: "decimal", Restart: -1, Legal: b[5]&legal != 0, Close: b[15] == 2}
	if f, ok := formats[b[4]]; ok {
		l.Format = f
	}
	if b[5]&keeps != 0 {
		l.Restart = int(b[26])
	}
	at := fixed + int(b[24]) + int(b[25])
	n := u16(b, at)
	text := slice(b, at+2, 2*n)
	if text == nil {
		return nil, nil, false
	}
	var s strings.Builder
	var units []uint16
	for i := range n {
		if c := u16(text, 2*i); c < numbering.Levels {
			s.WriteString(string(utf16.Decode(units)) + "%" + string(rune('1'+c)))
			units = nil
		} else {
			units = append(units, uint16(c))
		}
	}
	l.Text = s.String() + string(utf16.Decode(units))
	return l, b[at+2+2*n:], true
}
