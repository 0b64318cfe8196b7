package pdf

import (
	"fmt"
	"image"
	"slices"

	"github.com/nianbao/nianbao/extract/ccitt"
	"github.com/nianbao/nianbao/extract/pdf/cos"
	"github.com/nianbao/nianbao/extract/turbo"
	"github.com/nianbao/nianbao/layout"
)

// sheet is a page that shows one stored image and nothing else, as scanners make them: it is read, and its image decoded,
// without PDFium, to the same bit.
type sheet struct {
	view  view
	image placed
	coded coded
}

// coded is an image as it is stored.
type coded struct {
	filter                          cos.Name
	width, height, components, bits int
	inverted                        bool // of a fax: ink is one, which is white
	data                            []byte
}

const (
	// maxTree bounds how deep the tree of pages is.
	maxTree = 16
	// maxContent bounds the content of a page, in bytes: that of a scan is a line.
	maxContent = 1 << 10
	// maxParts bounds in how many streams it stands.
	maxParts = 8
)

// What a catalog, a page and an image may say, so that nothing but an image is seen and nothing else is told of the file. What any of them
// says beside that makes the file, or the page, one for PDFium.
var (
	plainCatalog = []cos.Name{"Type", "Pages", "Version", "Metadata", "PageLayout", "PageMode", "ViewerPreferences", "Lang", "MarkInfo", "OutputIntents"}
	plainNode    = []cos.Name{"Type", "Kids", "Count", "Parent", "MediaBox", "CropBox", "Resources", "Rotate"}
	plainPage    = []cos.Name{
		"Type", "Parent", "MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox", "Resources", "Rotate", "Contents", "LastModified", "Metadata",
		"PieceInfo", "Tabs",
	}
	plainResources = []cos.Name{"XObject", "ProcSet"}
	plainImage     = []cos.Name{
		"Type", "Subtype", "Name", "Width", "Height", "BitsPerComponent", "ColorSpace", "Filter", "DecodeParms", "Length", "Interpolate", "Metadata",
	}
	inherited = []cos.Name{"MediaBox", "CropBox", "Resources", "Rotate"}
)

// scanned gives the document if every wanted page is a sheet, else nil. The sheets are kept.
func (f *file) scanned(want layout.Pages) *layout.Document {
	objects, err := cos.Open(f.data)
	if err != nil {
		return nil
	}
	pages, err := tree(objects)
	if err != nil {
		return nil
	}
	f.sheets = make([]*sheet, len(pages))
	doc := &layout.Document{MediaType: "application/pdf"}
	for i, d := range pages {
		page := layout.Page{Number: i + 1, Unit: layout.Points, Route: layout.RouteText}
		if want.Has(i + 1) {
			s, err := newSheet(objects, d)
			if err != nil {
				doc = nil
				continue
			}
			f.sheets[i] = s
			page.Width, page.Height = s.view.size()
			page.Route, page.Source = layout.RouteOCR, f.image(i, &s.image)
		}
		if doc != nil {
			doc.Pages = append(doc.Pages, page)
		}
	}
	return doc
}

// only says that a dictionary has no other keys.
func only(d cos.Dict, keys []cos.Name) bool {
	for k := range d {
		if !slices.Contains(keys, k) {
			return false
		}
	}
	return true
}

// tree gives the pages of a file, each with what it inherits.
func tree(f *cos.File) ([]cos.Dict, error) {
	root, err := f.Root()
	if err != nil {
		return nil, err
	}
	if !only(root, plainCatalog) || root["Type"] != cos.Name("Catalog") {
		return nil, cos.ErrOther
	}
	var pages []cos.Dict
	seen := map[cos.Ref]bool{}
	var walk func(o, parent any, from cos.Dict, depth int) error
	walk = func(o, parent any, from cos.Dict, depth int) error {
		ref, ok := o.(cos.Ref)
		if !ok || seen[ref] || depth > maxTree {
			return cos.ErrOther
		}
		seen[ref] = true
		d, err := f.Dict(ref)
		if err != nil {
			return err
		}
		if up := d["Parent"]; up != parent { // what is inherited is looked for there
			return cos.ErrOther
		}
		for _, key := range inherited {
			if v, has := from[key]; has && d[key] == nil {
				d[key] = v
			}
		}
		if d["Type"] == cos.Name("Page") && depth > 0 {
			if pages = append(pages, d); len(pages) > maxPages {
				return cos.ErrOther
			}
			return nil
		}
		kids, err := f.Array(d["Kids"])
		if err != nil || d["Type"] != cos.Name("Pages") || !only(d, plainNode) {
			return cos.ErrOther
		}
		before := len(pages)
		for _, kid := range kids {
			if err := walk(kid, ref, d, depth+1); err != nil {
				return err
			}
		}
		if n, err := f.Int(d["Count"]); err != nil || n != len(pages)-before || n == 0 {
			return cos.ErrOther
		}
		return nil
	}
	if err := walk(root["Pages"], nil, nil, 0); err != nil {
		return nil, err
	}
	return pages, nil
}

// newSheet reads a page that is nothing but an image.
func newSheet(f *cos.File, page cos.Dict) (*sheet, error) {
	if !only(page, plainPage) {
		return nil, cos.ErrOther
	}
	v, err := viewOf(f, page)
	if err != nil {
		return nil, err
	}
	resources, err := f.Dict(page["Resources"])
	if err != nil {
		return nil, err
	}
	if !only(resources, plainResources) {
		return nil, cos.ErrOther
	}
	m, name, err := drawn(f, page)
	if err != nil {
		return nil, err
	}
	images, err := f.Dict(resources["XObject"])
	if err != nil {
		return nil, err
	}
	ref, ok := images[name].(cos.Ref)
	if !ok {
		return nil, cos.ErrOther
	}
	c, err := codedImage(f, ref)
	if err != nil {
		return nil, err
	}
	s := &sheet{view: v, image: v.place(m, []int{0}), coded: c}
	p := &s.image
	p.width, p.height = c.width, c.height
	width, height := v.size()
	if !upright(p) || !(p.box.Width()*p.box.Height() >= scanShare*width*height) || p.width*p.height > maxDecoded {
		return nil, cos.ErrOther
	}
	return s, nil
}

// viewOf finds the visible part of a page and its rotation.
func viewOf(f *cos.File, page cos.Dict) (view, error) {
	box := func(o any) (layout.Rect, error) {
		a, err := f.Array(o)
		if err != nil || len(a) != 4 {
			return layout.Rect{}, cos.ErrOther
		}
		n, err := floats(f, a)
		if err != nil || n[0] >= n[2] || n[1] >= n[3] {
			return layout.Rect{}, cos.ErrOther
		}
		return layout.Rect{X0: n[0], Y0: n[1], X1: n[2], Y1: n[3]}, nil
	}
	media, err := box(page["MediaBox"])
	if err != nil {
		return view{}, err
	}
	v := view{crop: media}
	if o, has := page["CropBox"]; has {
		crop, err := box(o)
		if err != nil {
			return view{}, err
		}
		v.crop = layout.Rect{X0: max(media.X0, crop.X0), Y0: max(media.Y0, crop.Y0), X1: min(media.X1, crop.X1), Y1: min(media.Y1, crop.Y1)}
	}
	if o, has := page["Rotate"]; has {
		degrees, err := f.Int(o)
		if err != nil || degrees%90 != 0 {
			return view{}, cos.ErrOther
		}
		v.turns = (degrees/90%4 + 4) % 4
	}
	if w, h := v.size(); !(w > 0 && h > 0 && w <= maxSide && h <= maxSide) {
		return view{}, cos.ErrOther
	}
	return v, nil
}

func floats(f *cos.File, a []any) ([]float64, error) {
	out := make([]float64, len(a))
	for i := range a {
		v, err := f.Value(a[i])
		n, ok := v.(cos.Number)
		if err != nil || !ok {
			return nil, cos.ErrOther
		}
		if out[i], err = n.Float(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// drawn reads a content that sets one matrix at most and draws one thing.
func drawn(f *cos.File, page cos.Dict) (m matrix, name cos.Name, err error) {
	v, err := f.Value(page["Contents"])
	if err != nil {
		return m, "", err
	}
	parts, ok := v.(cos.Array)
	if !ok {
		parts = cos.Array{page["Contents"]}
	}
	if len(parts) > maxParts {
		return m, "", cos.ErrOther
	}
	var content []byte
	for _, part := range parts {
		s, err := f.Stream(part)
		if err != nil {
			return m, "", err
		}
		data, err := f.Unpacked(s, maxContent)
		if err != nil || len(data) > maxContent {
			return m, "", cos.ErrOther
		}
		content = append(append(content, data...), '\n')
	}
	operators, err := cos.Operators(content)
	if err != nil {
		return m, "", err
	}
	unity := matrix{a: 1, d: 1}
	now := unity
	var saved []matrix
	for _, o := range operators {
		switch {
		case o.Name == "q" && len(o.Operands) == 0:
			saved = append(saved, now)
		case o.Name == "Q" && len(o.Operands) == 0 && len(saved) > 0:
			now, saved = saved[len(saved)-1], saved[:len(saved)-1]
		case o.Name == "cm" && len(o.Operands) == 6:
			n, err := floats(f, o.Operands)
			if err != nil {
				return m, "", err
			}
			if set := (matrix{n[0], n[1], n[2], n[3], n[4], n[5]}); set != unity {
				if now != unity { // a product, which is rounded
					return m, "", cos.ErrOther
				}
				now = set
			}
		case o.Name == "Do" && len(o.Operands) == 1 && name == "":
			if name, ok = o.Operands[0].(cos.Name); !ok {
				return m, "", cos.ErrOther
			}
			m = now
		default:
			return m, "", cos.ErrOther
		}
	}
	if name == "" || len(saved) > 0 {
		return m, "", cos.ErrOther
	}
	return m, name, nil
}

// codedImage reads what an image says of itself. It is taken if it can be decoded to the bit as PDFium does.
func codedImage(f *cos.File, ref cos.Ref) (coded, error) {
	s, err := f.Stream(ref)
	if err != nil {
		return coded{}, err
	}
	d := s.Dict
	if !only(d, plainImage) || d["Subtype"] != cos.Name("Image") {
		return coded{}, cos.ErrOther
	}
	var c coded
	for key, to := range map[cos.Name]*int{"Width": &c.width, "Height": &c.height, "BitsPerComponent": &c.bits} {
		if *to, err = f.Int(d[key]); err != nil || *to <= 0 {
			return coded{}, cos.ErrOther
		}
	}
	space, err := f.Value(d["ColorSpace"])
	switch {
	case err != nil:
		return coded{}, err
	case space == cos.Name("DeviceGray"):
		c.components = 1
	case space == cos.Name("DeviceRGB"):
		c.components = 3
	default:
		return coded{}, cos.ErrOther
	}
	filter, parameters, err := f.Filter(d)
	if err != nil {
		return coded{}, err
	}
	c.filter, c.data = filter, s.Data
	switch {
	case filter == "DCTDecode" && c.bits == 8 && len(parameters) == 0:
	case filter == "CCITTFaxDecode" && c.bits == 1 && c.components == 1:
		if c.inverted, err = fax(parameters, c.width, c.height); err != nil {
			return coded{}, err
		}
	default:
		return coded{}, cos.ErrOther
	}
	return c, nil
}

// fax reads the parameters of an image coded by T.6, and says whether its ink is one.
func fax(parameters cos.Dict, width, height int) (inverted bool, err error) {
	want := map[cos.Name][]any{
		"K":                {cos.Number("-1")},
		"Columns":          {cos.Number(fmt.Sprint(width))},
		"Rows":             {cos.Number(fmt.Sprint(height))},
		"BlackIs1":         {true, false},
		"EndOfLine":        {false},
		"EncodedByteAlign": {false},
		"EndOfBlock":       {true},
	}
	for key, v := range parameters {
		if !slices.ContainsFunc(want[key], func(w any) bool { return w == v }) {
			return false, cos.ErrOther
		}
	}
	if parameters["K"] == nil || parameters["Columns"] == nil {
		return false, cos.ErrOther
	}
	return parameters["BlackIs1"] == true, nil
}

// decode gives the pixels of page i's image, nil where it is none that is decoded here, or not sound.
func (f *file) decode(i int) image.Image {
	f.decoding.RLock()
	defer f.decoding.RUnlock()
	if i >= len(f.sheets) || f.sheets[i] == nil {
		return nil
	}
	c := f.sheets[i].coded
	switch c.filter {
	case "DCTDecode":
		return turbo.Dots(c.data, c.components, c.width, c.height)
	case "CCITTFaxDecode":
		img := image.NewGray(image.Rect(0, 0, c.width, c.height))
		if ccitt.DecodeSound(img, c.data) != nil {
			return nil
		}
		if c.inverted {
			for k := range img.Pix {
				img.Pix[k] = ^img.Pix[k]
			}
		}
		return img
	}
	return nil
}
