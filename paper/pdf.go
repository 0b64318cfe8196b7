package paper

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf16"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"github.com/nianbao/nianbao/layout"
)

const (
	// longSide of A4, in points: what a page image without a size counts as.
	longSide = 841.89
	// drawnQuality is that of the JPEG of a page that no stored image is.
	drawnQuality = 85
)

// builder gathers the objects of a PDF. Those of pdfcpu say how they are written; the file around them is a few lines.
type builder struct {
	objects []types.Object // object n stands at n-1
}

func (b *builder) reserve() types.IndirectRef {
	b.objects = append(b.objects, nil)
	return *types.NewIndirectRef(len(b.objects), 0)
}

func (b *builder) set(ref types.IndirectRef, o types.Object) { b.objects[int(ref.ObjectNumber)-1] = o }

func (b *builder) add(o types.Object) types.IndirectRef {
	ref := b.reserve()
	b.set(ref, o)
	return ref
}

// stream is a stream object with its bytes as they are to be stored.
func stream(d types.Dict, raw []byte) types.StreamDict {
	d = d.Clone().(types.Dict)
	d["Length"] = types.Integer(len(raw))
	return types.StreamDict{Dict: d, Raw: raw}
}

// packed is a stream whose bytes are compressed.
func packed(d types.Dict, data []byte) (types.StreamDict, error) {
	var z bytes.Buffer
	w, err := zlib.NewWriterLevel(&z, zlib.BestCompression)
	if err != nil {
		return types.StreamDict{}, err
	}
	if _, err := w.Write(data); err != nil {
		return types.StreamDict{}, err
	}
	if err := w.Close(); err != nil {
		return types.StreamDict{}, err
	}
	d = d.Clone().(types.Dict)
	d["Filter"] = types.Name("FlateDecode")
	return stream(d, z.Bytes()), nil
}

// write writes the file: streams as they are, all else together in one compressed stream, for beside the images of a fax what is said about
// them counts. The file's identifier is made of its content, so that one document gives one file.
func (b *builder) write(w io.Writer, root types.IndirectRef) error {
	out := &counter{w: bufio.NewWriter(w), sum: sha256.New()}
	out.printf("%%PDF-1.7\n%%\xe2\xe3\xcf\xd3\n")
	gathered := len(b.objects) + 1 // the number of the stream that gathers what is none, and the table's after it
	entries := make([]entry, gathered+2)
	var index, body strings.Builder
	n := 0
	for i, o := range b.objects {
		switch o := o.(type) {
		case nil: // an image that another one was taken for: a free entry
		case types.StreamDict:
			entries[i+1] = entry{kind: 1, at: out.n}
			out.object(i+1, o)
		default:
			entries[i+1] = entry{kind: 2, at: int64(gathered), nth: n}
			fmt.Fprintf(&index, "%d %d ", i+1, body.Len())
			body.WriteString(o.PDFString() + "\n")
			n++
		}
	}
	all, err := packed(types.Dict{"Type": types.Name("ObjStm"), "N": types.Integer(n), "First": types.Integer(index.Len())}, []byte(index.String()+body.String()))
	if err != nil {
		return err
	}
	entries[gathered] = entry{kind: 1, at: out.n}
	out.object(gathered, all)
	start, id := out.n, types.HexLiteral(fmt.Sprintf("%X", out.sum.Sum(nil)[:16]))
	entries[gathered+1] = entry{kind: 1, at: start}
	table, err := packed(types.Dict{
		"Type": types.Name("XRef"), "Size": types.Integer(len(entries)), "W": types.Array{types.Integer(1), types.Integer(entryPlace), types.Integer(entryNth)},
		"Root": root, "ID": types.Array{id, id},
	}, crossReferences(entries))
	if err != nil {
		return err
	}
	out.object(gathered+1, table)
	out.printf("startxref\n%d\n%%%%EOF\n", start)
	return errors.Join(out.err, out.w.Flush())
}

// entry says where an object is: kind 1 at a place of the file, kind 2 the nth of the stream of the number at. Kind 0 is free.
type entry struct {
	kind byte
	at   int64
	nth  int
}

// How many bytes of the table say where an object of a file below a terabyte is, and the how manieth of its stream.
const (
	entryPlace = 5
	entryNth   = 3
)

// crossReferences writes the entries as the rows of a cross-reference stream (ISO 32000-1, 7.5.8.3).
func crossReferences(entries []entry) []byte {
	var out []byte
	for _, e := range entries {
		out = append(out, e.kind)
		out = append(out, binary.BigEndian.AppendUint64(nil, uint64(e.at))[8-entryPlace:]...)
		out = append(out, binary.BigEndian.AppendUint64(nil, uint64(e.nth))[8-entryNth:]...)
	}
	return out
}

// counter counts and sums up what is written.
type counter struct {
	w   *bufio.Writer
	n   int64
	sum interface {
		io.Writer
		Sum([]byte) []byte
	}
	err error // the first
}

func (c *counter) write(p []byte) {
	if c.err != nil {
		return
	}
	n, err := c.w.Write(p)
	c.n += int64(n)
	if err == nil {
		_, err = c.sum.Write(p)
	}
	c.err = err
}

func (c *counter) object(number int, o types.StreamDict) {
	c.printf("%d 0 obj\n%s\nstream\n", number, o.PDFString())
	c.write(o.Raw)
	c.printf("\nendstream\nendobj\n")
}

func (c *counter) printf(format string, args ...any) { c.write(fmt.Appendf(nil, format, args...)) }

// writePDF writes the document as PDF/A.
func writePDF(w io.Writer, d Document, pages []page) error {
	b := &builder{}
	root, tree := b.reserve(), b.reserve()
	font, err := b.font()
	if err != nil {
		return err
	}
	images := newImages(b, d)
	var kids types.Array
	for i := range pages {
		p, err := images.page(i, &pages[i])
		if err != nil {
			return fmt.Errorf("page %d: %w", pages[i].Number, err)
		}
		content := append(p.content, textLayer(&pages[i], p)...)
		c, err := packed(types.Dict{}, content)
		if err != nil {
			return err
		}
		kids = append(kids, b.add(types.Dict{
			"Type": types.Name("Page"), "Parent": tree, "MediaBox": p.media, "Rotate": types.Integer(p.rotate), "Contents": b.add(c),
			"Resources": types.Dict{"XObject": p.images, "Font": types.Dict{"F": font}},
		}))
	}
	b.set(tree, types.Dict{"Type": types.Name("Pages"), "Kids": kids, "Count": types.Integer(len(kids))})
	catalog := types.Dict{
		"Type": types.Name("Catalog"), "Pages": tree, "Lang": types.StringLiteral("zh"),
		"Metadata":          b.add(stream(types.Dict{"Type": types.Name("Metadata"), "Subtype": types.Name("XML")}, metadata(d))),
		"ViewerPreferences": types.Dict{"DisplayDocTitle": types.Boolean(true)},
	}
	profile, err := packed(types.Dict{"N": types.Integer(3)}, sRGB())
	if err != nil {
		return err
	}
	catalog["OutputIntents"] = types.Array{types.Dict{
		"Type": types.Name("OutputIntent"), "S": types.Name("GTS_PDFA1"), "OutputConditionIdentifier": types.StringLiteral("sRGB"),
		"Info": types.StringLiteral("sRGB IEC61966-2.1"), "DestOutputProfile": b.add(profile),
	}}
	if d.Attach != nil {
		if err := b.attach(catalog, d); err != nil {
			return err
		}
	}
	b.set(root, catalog)
	return b.write(w, root)
}

// attach puts the report's JSON into the file.
func (b *builder) attach(catalog types.Dict, d Document) error {
	file, err := packed(types.Dict{
		"Type": types.Name("EmbeddedFile"), "Subtype": types.Name("application/json"),
		"Params": types.Dict{"Size": types.Integer(len(d.Attach))},
	}, d.Attach)
	if err != nil {
		return err
	}
	ref := b.add(file)
	name := hexText("report.json")
	spec := b.add(types.Dict{
		"Type": types.Name("Filespec"), "F": types.StringLiteral("report.json"), "UF": name, "AFRelationship": types.Name("Data"),
		"Desc": types.StringLiteral("annual-report/1"), "EF": types.Dict{"F": ref, "UF": ref},
	})
	catalog["AF"] = types.Array{spec}
	catalog["Names"] = types.Dict{"EmbeddedFiles": types.Dict{"Names": types.Array{types.StringLiteral("report.json"), spec}}}
	return nil
}

func hexText(s string) types.HexLiteral {
	return types.HexLiteral("FEFF" + utf16Hex(s))
}

// utf16Hex is a text in UTF-16, big end first, in hexadecimal digits.
func utf16Hex(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String()
}

// textLayer writes the lines and cells of a page as text that is searched and copied and not seen.
func textLayer(p *page, on pdfPage) []byte {
	var b bytes.Buffer
	write := func(w word) {
		if s := printable(w.text); s != "" && !w.box.Empty() {
			setText(&b, s, w.box, p.Turn, on.point)
		}
	}
	for _, l := range p.lines {
		write(word{text: l.whole, box: l.box})
	}
	for _, g := range p.tables {
		for _, c := range g.cells {
			for _, l := range c.lines {
				for _, w := range l.words {
					write(w)
				}
				// A narrow blank ends it: without one poppler joins the numbers of a row that stand evenly, however far apart.
				b.WriteString("9 Tz<0020>Tj 100 Tz\n")
			}
		}
	}
	if b.Len() == 0 {
		return nil
	}
	return append(append([]byte("BT 3 Tr /F 1 Tf\n"), b.Bytes()...), "ET\n"...)
}

// setText sets a text into a box of the page, along the direction that the page is read in. Every character of the font is one em wide.
func setText(b *bytes.Buffer, s string, box layout.Rect, turn int, at func(layout.Point) layout.Point) {
	start, along, up := layout.Point{X: box.X0, Y: box.Y1}, layout.Point{X: 1}, layout.Point{Y: -1}
	long, high := box.Width(), box.Height()
	switch turn {
	case 90:
		start, along, up = layout.Point{X: box.X1, Y: box.Y1}, layout.Point{Y: -1}, layout.Point{X: -1}
		long, high = high, long
	case 180:
		start, along, up = layout.Point{X: box.X1, Y: box.Y0}, layout.Point{X: -1}, layout.Point{Y: 1}
	case 270:
		start, along, up = layout.Point{X: box.X0, Y: box.Y0}, layout.Point{Y: 1}, layout.Point{X: 1}
		long, high = high, long
	}
	n := len(utf16.Encode([]rune(s)))
	o := at(start)
	x, y := at(layout.Point{X: start.X + along.X, Y: start.Y + along.Y}), at(layout.Point{X: start.X + up.X, Y: start.Y + up.Y})
	// The base line stands an eighth of the height over the box's foot.
	base := high / 8
	kx, ky := long/float64(n), high
	fmt.Fprintf(b, "%s %s %s %s %s %s Tm<%s>Tj\n", place((x.X-o.X)*kx), place((x.Y-o.Y)*kx), place((y.X-o.X)*ky), place((y.Y-o.Y)*ky),
		number(math.Round(o.X+(y.X-o.X)*base)), number(math.Round(o.Y+(y.Y-o.Y)*base)), utf16Hex(s))
}

// place is a length of the text layer: a tenth of a point is as good as print is seen, and a point as a place.
func place(x float64) string { return number(math.Round(x*10) / 10) }

// number is a number as PDF writes it.
func number(x float64) string {
	s := fmt.Sprintf("%.4f", x)
	if math.Abs(x) < 0.00005 {
		return "0"
	}
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
