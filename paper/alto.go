package paper

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/nianbao/nianbao/layout"
)

// The elements of ALTO 4 that are written, in the order that its schema wants.
type (
	altoFile struct {
		XMLName     xml.Name `xml:"http://www.loc.gov/standards/alto/ns-v4# alto"`
		Version     string   `xml:"SCHEMAVERSION,attr"`
		Description altoDescription
		Tags        *altoTags  `xml:",omitempty"`
		Pages       []altoPage `xml:"Layout>Page"`
	}
	altoDescription struct {
		MeasurementUnit string
		FileName        string         `xml:"sourceImageInformation>fileName"`
		Hash            string         `xml:"sourceImageInformation>fileIdentifier"`
		Software        altoProcessing `xml:"Processing"`
	}
	altoProcessing struct {
		ID      string `xml:"ID,attr"`
		Name    string `xml:"processingSoftware>softwareName"`
		Version string `xml:"processingSoftware>softwareVersion"`
	}
	altoTags struct {
		Other []altoTag `xml:"OtherTag"`
	}
	altoTag struct {
		ID    string `xml:"ID,attr"`
		Type  string `xml:"TYPE,attr"`
		Label string `xml:"LABEL,attr"`
	}
	altoBox struct {
		ID     string `xml:"ID,attr"`
		HPos   string `xml:"HPOS,attr"`
		VPos   string `xml:"VPOS,attr"`
		Width  string `xml:"WIDTH,attr"`
		Height string `xml:"HEIGHT,attr"`
	}
	altoPage struct {
		ID     string    `xml:"ID,attr"`
		Height string    `xml:"HEIGHT,attr"`
		Width  string    `xml:"WIDTH,attr"`
		Number int       `xml:"PHYSICAL_IMG_NR,attr"`
		Space  altoSpace `xml:"PrintSpace"`
	}
	altoSpace struct {
		HPos   string `xml:"HPOS,attr"`
		VPos   string `xml:"VPOS,attr"`
		Width  string `xml:"WIDTH,attr"`
		Height string `xml:"HEIGHT,attr"`
		Blocks []any
	}
	altoComposed struct {
		XMLName xml.Name `xml:"ComposedBlock"`
		altoBox
		Type   string `xml:"TYPE,attr"`
		Blocks []altoBlock
	}
	altoBlock struct {
		XMLName xml.Name `xml:"TextBlock"`
		altoBox
		Tags  string `xml:"TAGREFS,attr,omitempty"`
		Lines []altoLine
	}
	altoLine struct {
		XMLName xml.Name `xml:"TextLine"`
		altoBox
		Words []altoString
	}
	altoString struct {
		XMLName xml.Name `xml:"String"`
		altoBox
		Content    string `xml:"CONTENT,attr"`
		Confidence string `xml:"WC,attr"`
	}
)

// altoScale is how many units of measurement a page's unit has: ALTO knows no points, but 1/1200 of an inch.
func altoScale(d *layout.Document) (unit string, k float64) {
	for i := range d.Pages {
		if d.Pages[i].Unit == layout.Points {
			return "inch1200", 1200.0 / 72
		}
	}
	return "pixel", 1
}

// writeALTO writes one ALTO file for all pages. A cell is a text block; its tags say where in its table it stands and which value of the
// report it is.
func writeALTO(w io.Writer, d Document, pages []page) error {
	unit, k := altoScale(d.Layout)
	f := altoFile{Version: "4.4", Description: altoDescription{MeasurementUnit: unit, FileName: d.Layout.Name, Hash: "sha256:" + d.Layout.SHA256}}
	f.Description.Software = altoProcessing{ID: "nianbao", Name: "nianbao"}
	if d.Report != nil {
		f.Description.Software.Version = d.Report.Producer.Version
	}
	n := 0
	box := func(kind string, r layout.Rect) altoBox {
		n++
		return altoBox{fmt.Sprintf("%s%d", kind, n), altoNumber(k * r.X0), altoNumber(k * r.Y0), altoNumber(k * r.Width()), altoNumber(k * r.Height())}
	}
	lines := func(ls []line) (out []altoLine) {
		for _, l := range ls {
			a := altoLine{altoBox: box("l", l.box)}
			for _, w := range l.words {
				a.Words = append(a.Words, altoString{altoBox: box("s", w.box), Content: printable(w.text), Confidence: altoNumber(w.confidence)})
			}
			out = append(out, a)
		}
		return out
	}
	tags := &altoTags{}
	tag := func(kind, label string) string {
		n++
		id := fmt.Sprintf("g%d", n)
		tags.Other = append(tags.Other, altoTag{id, kind, label})
		return id
	}
	for _, p := range pages {
		size := layout.Rect{X1: p.Width, Y1: p.Height}
		s := box("", size)
		a := altoPage{ID: fmt.Sprintf("p%d", p.Number), Width: s.Width, Height: s.Height, Number: p.Number, Space: altoSpace{HPos: "0", VPos: "0", Width: s.Width, Height: s.Height}}
		for _, l := range p.lines {
			a.Space.Blocks = append(a.Space.Blocks, altoBlock{altoBox: box("b", l.box), Lines: lines([]line{l})})
		}
		for _, g := range p.tables {
			t := altoComposed{altoBox: box("t", g.box), Type: "table"}
			for _, c := range g.cells {
				refs := tag("cell", fmt.Sprintf("row %d column %d rows %d columns %d", c.Row, c.Col, c.RowSpan, c.ColSpan))
				if c.path != "" {
					refs += " " + tag("value", c.path)
				}
				t.Blocks = append(t.Blocks, altoBlock{altoBox: box("c", c.Box), Tags: refs, Lines: lines(c.lines)})
			}
			a.Space.Blocks = append(a.Space.Blocks, t)
		}
		f.Pages = append(f.Pages, a)
	}
	if len(tags.Other) > 0 {
		f.Tags = tags
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", " ")
	if err := e.Encode(f); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// altoNumber is a number with two places at most.
func altoNumber(x float64) string { return strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64) }
