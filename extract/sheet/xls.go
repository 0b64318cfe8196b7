package sheet

import (
	"encoding/binary"
	"fmt"
	"math"
	"unicode/utf16"

	"github.com/nianbao/nianbao/extract/flow"
	"github.com/nianbao/nianbao/extract/ole"
	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/layout/figure"
)

// The records of BIFF8 that are read ([MS-XLS] 2.3).
const (
	recFormula     = 0x0006
	recEOF         = 0x000A
	recDateMode    = 0x0022
	recFilePass    = 0x002F
	recFont        = 0x0031
	recContinue    = 0x003C
	recDefaultCol  = 0x0055
	recObject      = 0x005D
	recColInfo     = 0x007D
	recBoundSheet  = 0x0085
	recPalette     = 0x0092
	recMulRK       = 0x00BD
	recMulBlank    = 0x00BE
	recXF          = 0x00E0
	recDrawing     = 0x00EC
	recRuleRanges  = 0x01B0 // CondFmt
	recRule        = 0x01B1 // CF
	recMergedCells = 0x00E5
	recSST         = 0x00FC
	recLabelSST    = 0x00FD
	recBlank       = 0x0201
	recNumber      = 0x0203
	recLabel       = 0x0204
	recBoolErr     = 0x0205
	recString      = 0x0207
	recRow         = 0x0208
	recWindow2     = 0x023E
	recRK          = 0x027E
	recFormat      = 0x041E
	recBOF         = 0x0809
)

// record is one record with the records that continue it.
type record struct {
	id    uint16
	parts [][]byte
}

// data is the first part: records of fixed form are never continued.
func (r record) data() []byte { return r.parts[0] }

// workbook is what the sheets of one file share.
type workbook struct {
	stream  []byte
	strings []richText
	fonts   []font
	palette []flow.Color // that the file has in place of the usual one
	formats map[uint16]string
	xfs     []xf
	date1904
}

type date1904 bool

// xf is the part of a cell's format that is seen here.
type xf struct {
	format, font    uint16
	border          bool
	pattern, ground uint16 // how it is filled, and the number of its color
	dots            uint16 // the number of the other color of the pattern
	odd             bool   // what is shown may be other than what the format makes: filled up, crossed out
	shrink          bool   // what does not fit is shown smaller
}

// cellFormat reads a format of cells (XF).
func cellFormat(d []byte) xf {
	const (
		lines           = 0xFFFF // the styles of the four lines
		colors, shift   = 0x7F, 7
		horizontal, all = 7, 4 // the text fills the cell
		shrinks         = 0x10
		indents         = 0xF // the farthest that there is
		crosses         = 30  // where the bits of lines from corner to corner begin
	)
	return xf{
		format: u16(d, 2), font: u16(d, 0), border: u32(d, 10)&lines != 0, pattern: uint16(u32(d, 14) >> 26), ground: u16(d, 18) & colors, dots: u16(d, 18) >> shift & colors,
		odd: u32(d, 10)>>crosses != 0 || u16(d, 8)&indents == indents || u16(d, 6)&horizontal == all, shrink: u16(d, 8)&shrinks != 0,
	}
}

// font is the look of a font and the number of its color.
type font struct {
	look
	color uint16
}

// richText is a text whose runs may have fonts of their own, from a place in UTF-16 on.
type richText struct {
	units []uint16
	runs  []textRun
}

type textRun struct{ from, font int }

// u16 and u32 read little-endian numbers; what is beyond the end reads as 0.
func u16(b []byte, at int) uint16 {
	if at < 0 || at+2 > len(b) {
		return 0
	}
	return binary.LittleEndian.Uint16(b[at:])
}

func u32(b []byte, at int) uint32 {
	if at < 0 || at+4 > len(b) {
		return 0
	}
	return binary.LittleEndian.Uint32(b[at:])
}

// readXLS reads the workbook stream of an Excel 97 to 2003 file.
func readXLS(data []byte) ([]sheet, error) {
	f, err := ole.Open(data)
	if err != nil {
		return nil, fmt.Errorf("XLS: %w", err)
	}
	switch {
	case f.Has("EncryptedPackage"):
		return nil, fmt.Errorf("XLSX: %w", diag.ErrEncrypted)
	case !f.Has("Workbook"):
		return nil, fmt.Errorf("%w: no workbook of Excel 97 or later", diag.ErrFormat)
	}
	w := workbook{formats: map[uint16]string{}}
	if w.stream, err = f.Stream("Workbook"); err != nil {
		return nil, fmt.Errorf("XLS: %w", err)
	}
	const version8 = 0x0600
	if u16(w.stream, 0) != recBOF || u16(w.stream, 4) != version8 {
		return nil, fmt.Errorf("%w: not BIFF8", diag.ErrFormat)
	}
	type entry struct {
		at   int
		name string
	}
	var entries []entry
	if err := w.each(0, func(r record) error {
		d := r.data()
		switch r.id {
		case recFilePass:
			return fmt.Errorf("XLS: %w", diag.ErrEncrypted)
		case recDateMode:
			w.date1904 = u16(d, 0) == 1
		case recFormat:
			w.formats[u16(d, 0)] = (&characters{parts: r.parts, at: 2}).text(2).String()
		case recFont:
			w.fonts = append(w.fonts, fontLook(d))
		case recXF:
			w.xfs = append(w.xfs, cellFormat(d))
		case recPalette:
			for i := range int(min(u16(d, 0), colors)) {
				c := u32(d, 2+4*i)
				w.palette = append(w.palette, flow.Color{uint8(c), uint8(c >> 8), uint8(c >> 16)})
			}
		case recSST:
			w.strings = sharedStrings(r)
		case recBoundSheet:
			const worksheet, stateMask = 0, 3
			if len(d) >= 8 && d[4]&stateMask == 0 && d[5] == worksheet {
				entries = append(entries, entry{int(u32(d, 0)), (&characters{parts: r.parts, at: 6}).text(1).String()})
			}
		}
		return nil
	}); err != nil {
		return nil, err
	}
	if len(entries) > maxSheets {
		return nil, fmt.Errorf("%w: %d sheets", diag.ErrTooLarge, len(entries))
	}
	var sheets []sheet
	for _, e := range entries {
		s, err := w.sheet(e.at)
		if err != nil {
			return nil, fmt.Errorf("sheet %.40q: %w", e.name, err)
		}
		s.name = e.name
		sheets = append(sheets, s)
	}
	return sheets, nil
}

// each calls f for the records of the substream at a position, those of charts inside it left out.
func (w *workbook) each(at int, f func(record) error) error {
	depth := 0
	for {
		if at < 0 || at+4 > len(w.stream) {
			return fmt.Errorf("%w: XLS ends early", diag.ErrDamaged)
		}
		id, size := u16(w.stream, at), int(u16(w.stream, at+2))
		if at+4+size > len(w.stream) {
			return fmt.Errorf("%w: XLS ends early", diag.ErrDamaged)
		}
		r := record{id, [][]byte{w.stream[at+4 : at+4+size]}}
		at += 4 + size
		for at+4 <= len(w.stream) && u16(w.stream, at) == recContinue {
			size := int(u16(w.stream, at+2))
			if at+4+size > len(w.stream) {
				break
			}
			r.parts = append(r.parts, w.stream[at+4:at+4+size])
			at += 4 + size
		}
		switch id {
		case recBOF:
			depth++
		case recEOF:
			if depth--; depth <= 0 {
				return nil
			}
		default:
			if depth == 1 {
				if err := f(r); err != nil {
					return err
				}
			}
		}
	}
}

// characters reads strings that go on over the ends of records, where a flag tells anew how wide the
// characters are.
type characters struct {
	parts [][]byte
	at    int // in the first of parts
}

func (c *characters) byte() (byte, bool) {
	for len(c.parts) > 0 && c.at >= len(c.parts[0]) {
		c.parts, c.at = c.parts[1:], 0
	}
	if len(c.parts) == 0 {
		return 0, false
	}
	c.at++
	return c.parts[0][c.at-1], true
}

// number reads a little-endian number.
func (c *characters) number(size int) (int, bool) {
	v := 0
	for i := range size {
		b, ok := c.byte()
		if !ok {
			return 0, false
		}
		v |= int(b) << (8 * i)
	}
	return v, true
}

// skip leaves out n bytes.
func (c *characters) skip(n int) {
	for n > 0 && len(c.parts) > 0 {
		k := min(n, len(c.parts[0])-c.at)
		c.at, n = c.at+k, n-k
		if c.at >= len(c.parts[0]) {
			c.parts, c.at = c.parts[1:], 0
		}
	}
}

// text reads a string whose length is a number of so many bytes, with its flags and formatting.
func (c *characters) text(lengthSize int) richText {
	n, ok := c.number(lengthSize)
	if !ok {
		return richText{}
	}
	flags, ok := c.byte()
	if !ok {
		return richText{}
	}
	const wide, phonetic, rich = 1, 4, 8
	runs, extra := 0, 0
	if flags&rich != 0 {
		runs, _ = c.number(2)
	}
	if flags&phonetic != 0 {
		extra, _ = c.number(4)
	}
	var t richText
	for range n {
		if len(c.parts) > 0 && c.at >= len(c.parts[0]) {
			if flags, ok = c.byte(); !ok {
				break
			}
		}
		size := 1
		if flags&wide != 0 {
			size = 2
		}
		u, ok := c.number(size)
		if !ok {
			break
		}
		t.units = append(t.units, uint16(u))
	}
	for range runs {
		from, _ := c.number(2)
		font, ok := c.number(2)
		if !ok {
			break
		}
		t.runs = append(t.runs, textRun{from, font})
	}
	c.skip(extra)
	return t
}

func (t richText) String() string { return string(utf16.Decode(t.units)) }

// fontLook reads a font: whether it strikes its text out, raises or lowers it, and its color.
func fontLook(d []byte) font {
	const strikes, raised, lowered = 8, 1, 2
	const twips = 20 // in a point
	l := font{look{struck: u16(d, 2)&strikes != 0, size: float64(u16(d, 0)) / twips}, u16(d, 4)}
	switch u16(d, 8) {
	case raised:
		l.rise = 1
	case lowered:
		l.rise = -1
	}
	return l
}

// font gives the look of a font by its number; there is none with the number 4.
func (w *workbook) font(n int) look {
	const none = 4
	if n > none {
		n--
	}
	if n < 0 || n >= len(w.fonts) {
		return look{}
	}
	l := w.fonts[n].look
	l.color, l.told = w.color(w.fonts[n].color)
	return l
}

// colors is how many a palette has.
const colors = 56

// usual is the palette of files that bring none ([MS-XLS] 2.5.161).
const usual = "000000FFFFFFFF000000FF000000FFFFFF00FF00FF00FFFF800000008000000080808000800080008080C0C0C08080809999FF993366FFFFCCCCFFFF660066FF80800066CCCCCCFF" +
	"000080FF00FFFFFF0000FFFF8000808000000080800000FF00CCFFCCFFFFCCFFCCFFFF9999CCFFFF99CCCC99FFFFCC993366FF33CCCC99CC00FFCC00FF9900FF6600666699969696" +
	"003366339966003300333300993300993366333399333333"

// color gives a color by its number: the first eight are also those that the palette begins with, and what is beyond it is the system's.
func (w *workbook) color(n uint16) (flow.Color, bool) {
	const fixed, text, paper, auto = 8, 64, 65, 0x7FFF
	switch {
	case n == text || n == auto:
		return flow.Color{}, true
	case n == paper:
		return flow.Paper, true
	case n >= fixed:
		n -= fixed
		if int(n) < len(w.palette) {
			return w.palette[n], true
		}
	}
	if n >= colors {
		return flow.Color{}, false
	}
	return flow.Hex(usual[6*n : 6*n+6])
}

// behind is the ground of cells of a format.
func (w *workbook) behind(of xf) flow.Ground {
	const solid = 1
	switch of.pattern {
	case 0:
		return flow.White
	case solid:
		c, ok := w.color(of.ground)
		return flow.Ground{Color: c, Known: ok}
	}
	front, known := w.color(of.ground)
	if back, ok := w.color(of.dots); known && ok && front.Near(back) {
		return flow.Ground{Color: front, Known: true}
	}
	return flow.Ground{} // of two colors
}

// seen gives what a text shows in a cell of a format; in a color of its own, where the number format has one.
func (w *workbook) seen(t richText, format uint16, own numberFormat) cell {
	of := w.xf(format)
	now := w.font(int(of.font))
	if own.colored {
		now.color, now.told = own.color, true
	}
	first := now
	var runs []ink
	add := func(from, to int) {
		from, to = min(from, len(t.units)), min(to, len(t.units))
		if from < to {
			runs = append(runs, ink{string(utf16.Decode(t.units[from:to])), now})
		}
	}
	from := 0
	for _, r := range t.runs {
		add(from, r.from)
		from, now = max(from, r.from), w.font(r.font)
	}
	add(from, len(t.units))
	c := join(w.behind(of), runs...)
	c.border, c.look, c.ground = of.border, first, w.behind(of)
	c.struck = c.struck || (of.odd || own.filled || own.parted || own.date || own.thousandths > 0) && figure.Bare(c.text)
	return c
}

func sharedStrings(r record) []richText {
	c := &characters{parts: r.parts, at: 4}
	n, _ := c.number(4)
	var out []richText
	for range n {
		if len(c.parts) == 0 || len(c.parts) == 1 && c.at >= len(c.parts[0]) {
			break
		}
		out = append(out, c.text(2))
	}
	return out
}

// sheet reads the substream of one sheet.
func (w *workbook) sheet(at int) (sheet, error) {
	r := sheetReader{workbook: w, sheet: sheet{hiddenRows: map[int]bool{}, hiddenCols: map[int]bool{}, widths: map[int]float64{}, low: map[int]float64{}}}
	err := w.each(at, r.record)
	r.lay()
	for _, z := range r.zeros {
		if c, ok := r.rows[z.row][z.col]; ok && r.noZeros {
			r.rows[z.row][z.col] = cell{border: c.border}
		}
	}
	return r.sheet, err
}

// sheetReader is a sheet while its records are read.
type sheetReader struct {
	*workbook
	sheet
	pending  *pendingText
	zeros    []place // the cells that hold a zero
	noZeros  bool    // they show nothing, which the sheet says after its cells
	formulas bool    // they are shown in place of their results
	results  []place // the cells of formulas
	stale    []place // whose results are others when the workbook is opened
	over     []merge // that drawings lie over
	anchors  []merge // of drawings whose kind is not told yet
	ranges   []merge // of the rules that come next
	ruled    []ruledRange
}

// pendingText is the cell of a formula whose result is the text in the next record.
type pendingText struct {
	row, col int
	format   uint16
}

// set puts a text into a cell with the format's borders.
func (s *sheetReader) set(row, col int, format uint16, text string) error {
	return s.write(row, col, format, richText{units: utf16.Encode([]rune(text))})
}

func (s *sheetReader) write(row, col int, format uint16, text richText) error {
	if len(text.units) == 0 && (row >= maxRows || col >= maxColumns) {
		return nil
	}
	c := s.seen(text, format, numberFormat{})
	if c.text != "" && mute(s.code(format)) {
		c = cell{lost: true, border: c.border}
	}
	s.put(row, col, c)
	return nil
}

// number puts a number into a cell as its format shows it.
func (s *sheetReader) number(row, col int, format uint16, v float64) error {
	if v == 0 {
		s.zeros = append(s.zeros, place{row, col})
	}
	text := s.show(v, format)
	if text == "" && v != 0 {
		s.put(row, col, cell{lost: true, border: s.xf(format).border}) // its format hides it
		return nil
	}
	section, _ := choose(split(s.code(format)), v)
	c := s.seen(richText{units: utf16.Encode([]rune(text))}, format, parse(section))
	if c.number, c.value = true, v; !s.xf(format).shrink {
		c.need = needed(c.text, s.code(format) == "" || s.code(format) == "General", c.look.size)
	}
	s.put(row, col, c)
	return nil
}

// record reads one record of the sheet: a cell, several of a row, or what is said of rows and columns.
func (s *sheetReader) record(r record) error {
	d := r.data()
	row, col, format := int(u16(d, 0)), int(u16(d, 2)), u16(d, 4)
	switch r.id {
	case recLabelSST:
		if i := int(u32(d, 6)); i < len(s.strings) {
			return s.write(row, col, format, s.strings[i])
		}
		return fmt.Errorf("%w: a cell with string %d of %d", diag.ErrDamaged, u32(d, 6), len(s.strings))
	case recLabel:
		return s.write(row, col, format, (&characters{parts: r.parts, at: 6}).text(2))
	case recNumber:
		return s.number(row, col, format, math.Float64frombits(uint64(u32(d, 6))|uint64(u32(d, 10))<<32))
	case recRK:
		return s.number(row, col, format, rk(u32(d, 6)))
	case recMulRK:
		for i := 4; i+6 <= len(d)-2; i += 6 {
			if err := s.number(row, col, u16(d, i), rk(u32(d, i+2))); err != nil {
				return err
			}
			col++
		}
	case recBlank:
		return s.set(row, col, format, "")
	case recMulBlank:
		for i := 4; i+2 <= len(d)-2; i += 2 {
			if err := s.set(row, col, u16(d, i), ""); err != nil {
				return err
			}
			col++
		}
	case recBoolErr:
		if len(d) >= 8 {
			return s.set(row, col, format, special(d[7] == 1, d[6]))
		}
	case recFormula:
		return s.formula(row, col, format, d)
	case recString:
		if p := s.pending; p != nil {
			s.pending = nil
			return s.write(p.row, p.col, p.format, (&characters{parts: r.parts}).text(2))
		}
	case recWindow2:
		const zeros, codes = 0x10, 1
		s.noZeros, s.formulas = u16(d, 0)&zeros == 0, u16(d, 0)&codes != 0
	case recRow:
		const hidden = 0x20
		const unset, twips = 0x8000, 20
		switch high := u16(d, 6); {
		case u16(d, 12)&hidden != 0 || len(d) >= 8 && high == 0: // or without any height
			s.hiddenRows[row] = true
		case high&unset == 0 && high < lowest*twips:
			s.low[row] = float64(high) / twips
		}
	case recColInfo:
		const parts = 256 // of a character
		wide := float64(u16(d, 4)) / parts
		for c := row; c <= col && c < maxColumns; c++ {
			s.widths[c] = wide
		}
		if u16(d, 8)&1 != 0 || wide < narrowest {
			for c := row; c <= col && c < maxColumns; c++ { // first and last column
				s.hiddenCols[c] = true
			}
		}
	case recDefaultCol:
		s.usual = float64(u16(d, 0)) + usualWidth - math.Floor(usualWidth)
	case recDrawing, recObject, recRuleRanges, recRule:
		s.overlay(r)
	case recMergedCells:
		for i := 2; i+8 <= len(d) && len(s.merges) < maxCovered; i += 8 {
			s.merges = append(s.merges, merge{int(u16(d, i)), int(u16(d, i+4)), int(u16(d, i+2)), int(u16(d, i+6))})
		}
	}
	return nil
}

// formula reads the result that a formula had when the file was saved.
func (s *sheetReader) formula(row, col int, format uint16, d []byte) error {
	if len(d) < 14 {
		return nil
	}
	const (
		onLoad, tokens   = 2, 22
		attribute, fresh = 0x19, 1 // a function that gives another result each time
	)
	s.results = append(s.results, place{row, col})
	if u16(d, 14)&onLoad != 0 || len(d) > tokens+1 && d[tokens] == attribute && d[tokens+1]&fresh != 0 {
		s.stale = append(s.stale, place{row, col})
	}
	if u16(d, 12) != 0xFFFF {
		return s.number(row, col, format, math.Float64frombits(binary.LittleEndian.Uint64(d[6:])))
	}
	const isString, isBool, isError = 0, 1, 2
	switch d[6] {
	case isString:
		s.pending = &pendingText{row, col, format}
	case isBool, isError:
		return s.set(row, col, format, special(d[6] == isError, d[8]))
	}
	return s.set(row, col, format, "")
}

// rk unpacks a number of 30 bits ([MS-XLS] 2.5.122).
func rk(v uint32) float64 {
	const hundredth, integer = 1, 2
	f := math.Float64frombits(uint64(v&^3) << 32)
	if v&integer != 0 {
		f = float64(int32(v) >> 2)
	}
	if v&hundredth != 0 {
		f /= 100
	}
	return f
}

// special shows truth values and errors as Excel does.
func special(isError bool, v byte) string {
	if !isError {
		if v != 0 {
			return "TRUE"
		}
		return "FALSE"
	}
	switch v {
	case 0x00:
		return "#NULL!"
	case 0x07:
		return "#DIV/0!"
	case 0x0F:
		return "#VALUE!"
	case 0x17:
		return "#REF!"
	case 0x1D:
		return "#NAME?"
	case 0x24:
		return "#NUM!"
	}
	return "#N/A"
}

// xf gives a format of cells by its number.
func (w *workbook) xf(n uint16) xf {
	if int(n) < len(w.xfs) {
		return w.xfs[n]
	}
	return xf{}
}

// code is the number format of a format of cells.
func (w *workbook) code(n uint16) string {
	if int(n) >= len(w.xfs) {
		return ""
	}
	id := w.xfs[n].format
	if code, ok := w.formats[id]; ok {
		return code
	}
	return builtin[id]
}

// show writes a number as the cell's format shows it.
func (w *workbook) show(v float64, format uint16) string {
	return show(v, w.code(format), bool(w.date1904))
}
