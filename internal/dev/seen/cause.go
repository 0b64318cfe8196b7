package seen

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Evidence is what is known of a file beside its drawn pages.
type Evidence struct {
	// Package is the file itself, where it is a package of parts, or what LibreOffice made of it as one; Cells is the text of all of a
	// spreadsheet's cells, as LibreOffice shows it where a column is wide enough. Both may be nil.
	Package, Cells []byte
	// Pages is how many pages are drawn; Pictures are the words on those that are read as pictures, by OCR.
	Pages    int
	Pictures Bag
	// Edges are the words at the edges of pages.
	Edges Bag
}

// Reason is a cause, and how many of the words of a difference it explains.
type Reason struct {
	Cause string
	Words int
}

// place is where in a package stands what is drawn and not read, or read and not drawn.
type place struct {
	cause string
	in    func(part string) bool
	// inside are the elements whose text is meant; none: all of the part.
	inside []string
	// counts are elements that are numbered on the page: pages, notes.
	counts []string
	// broken says that programs draw its words in pieces, turned and cut; figures, that they draw numbers of their own.
	broken, figures bool
	// also are endings of parts that are looked at beside XML.
	also []string
}

// places: the first that explains a word is its cause.
var places = []place{
	{cause: "header or footer", in: within("header", "footer"), counts: []string{"instrText", "fldSimple", "fldChar", "pgNum"}, broken: true},
	{cause: "header or footer", in: within("styles.xml"), inside: []string{"header", "footer", "header-left", "footer-left", "header-first", "footer-first"}, counts: []string{"page-number", "page-count"}, broken: true},
	{cause: "header or footer", in: within("sheet"), inside: []string{"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"}, counts: []string{"oddHeader", "oddFooter"}},
	{cause: "footnote or endnote", in: within("footnotes", "endnotes"), counts: []string{"footnote", "endnote"}},
	{cause: "footnote or endnote", in: within("content.xml"), inside: []string{"note"}, counts: []string{"note"}},
	{cause: "comment", in: within("comments", "threadedcomments", "persons"), counts: []string{"comment"}, broken: true},
	{cause: "comment", in: within("content.xml"), inside: []string{"annotation"}},
	{cause: "deleted text", in: within("document.xml"), inside: []string{"del", "moveFrom"}},
	{cause: "deleted text", in: within("content.xml"), inside: []string{"tracked-changes"}},
	{cause: "invitation of a content control", in: within("document.xml"), inside: []string{"sdtContent"}},
	{cause: "invitation of a content control", in: within("content.xml"), inside: []string{"content-control", "placeholder"}},
	{cause: "chart", in: within("chart", "object"), counts: []string{"valAx", "dateAx", "axis"}, broken: true, figures: true},
	{cause: "drawing", in: within("drawing", "diagrams", "ctrlprops", "slicers", "activex"), broken: true},
	{cause: "text box", in: within("document.xml", "content.xml"), inside: []string{"txbxContent", "text-box", "custom-shape", "textpath", "shape", "control", "form"}, broken: true},
	{cause: "equation, which LibreOffice draws by a module of its own", in: within("document.xml"), inside: []string{"oMath"}},
	{cause: "imported part, which LibreOffice leaves out", in: func(part string) bool { return path.Ext(part) != ".xml" }, also: []string{".html", ".htm", ".mht", ".txt", ".xhtml"}},
	{cause: "field", in: within("document.xml", "content.xml", "styles.xml"), inside: []string{"fldSimple", "instrText", "date", "time", "page-number", "page-count", "file-name", "title", "creator"}, counts: []string{"page-number", "page-count"}},
	{cause: "bullet", in: within("numbering", "styles.xml", "content.xml"), inside: []string{"lvl", "list-level-style-bullet"}},
	{cause: "format of numbers", in: within("styles.xml"), inside: []string{"numFmts"}},
}

// within says that the name of a part, or of a folder above it, begins so.
func within(names ...string) func(string) bool {
	return func(part string) bool {
		return slices.ContainsFunc(strings.Split(part, "/"), func(p string) bool {
			return slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(p, n) })
		})
	}
}

// doubts are the words of a difference that nothing explains yet.
type doubts struct {
	unread, unseen Bag
	reasons        []Reason
}

// explain takes away what a cause says of either side.
func (d *doubts) explain(cause string, unread, unseen func(string) bool) {
	n := 0
	for side, says := range map[*Bag]func(string) bool{&d.unread: unread, &d.unseen: unseen} {
		for w, k := range *side {
			if says != nil && says(w) {
				n += k
				delete(*side, w)
			}
		}
	}
	if n == 0 {
		return
	}
	if i := slices.IndexFunc(d.reasons, func(r Reason) bool { return r.Cause == cause }); i >= 0 {
		d.reasons[i].Words += n
		return
	}
	d.reasons = append(d.reasons, Reason{cause, n})
}

// Cause says why a comparison finds words on one side alone, as far as a rule tells: they stand in a part or an element that the rules of
// reading leave out, the column that holds them is too narrow for them, the page is read as a picture, or it is the words that are parted
// otherwise. What is left is what no rule explains.
func Cause(d Difference, e Evidence) ([]Reason, Difference) {
	left := &doubts{unread: count(d.Unread), unseen: count(d.Unseen)}
	left.explain("page that is read as a picture", func(w string) bool { return e.Pictures[w] > 0 }, nil)
	left.cells(e)
	if z, err := zip.NewReader(bytes.NewReader(e.Package), int64(len(e.Package))); err == nil {
		for _, p := range places {
			left.place(z, p, e.Pages)
		}
		left.pictures(z)
	}
	left.explain("running head or number of a page", func(w string) bool { return left.unread[w] <= e.Edges[w] }, nil)
	left.writing()
	return left.reasons, Difference{left.unread.list(), left.unseen.list()}
}

func count(words []string) Bag {
	b := Bag{}
	for _, w := range words {
		b[w]++
	}
	return b
}

// cells explains what a sheet cuts: LibreOffice has it in its cells, and its page shows a piece, pieces of neighbours as one word, or hashes.
func (d *doubts) cells(e Evidence) {
	if len(e.Cells) == 0 {
		return
	}
	held := Bag{}
	held.Add(string(e.Cells))
	cut := Bag{}
	for w := range d.unseen {
		if held[w] > 0 {
			cut[w] = 1
		}
	}
	const cause = "cut or hashed by its column: LibreOffice has it whole in its cells"
	d.explain(cause, nil, func(w string) bool { return cut[w] > 0 })
	if len(cut) == 0 {
		return
	}
	starts := Bag{}
	for w := range held {
		rs := []rune(w)
		for n := 1; n <= len(rs); n++ {
			starts[string(rs[:n])] = pieces
			starts[string(rs[len(rs)-n:])] = pieces
		}
	}
	d.explain(cause, func(w string) bool { return split(w, starts, pieces) != nil }, nil)
}

// place explains what stands in a place of the package.
func (d *doubts) place(z *zip.Reader, p place, pages int) {
	held, counted, whole := Bag{}, 0, strings.Builder{}
	for _, f := range z.File {
		if name := strings.ToLower(f.Name); p.in(name) && (path.Ext(name) == ".xml" || path.Ext(name) == ".vml" || p.also != nil && slices.Contains(p.also, path.Ext(name))) {
			counted += texts(f, p, held, &whole)
		}
	}
	if len(held) == 0 && counted == 0 {
		return
	}
	text := strings.ToLower(norm.NFKC.String(whole.String()))
	limit := 0
	if counted > 0 && !p.figures {
		limit = max(pages, counted)
	}
	explained := false
	says := func(w string) bool {
		if held[w] > 0 || split(w, maps.Clone(held), pieces) != nil || p.broken && utf8.RuneCountInString(w) > 1 && strings.Contains(text, w) {
			explained = true
			return true
		}
		n, err := strconv.Atoi(w)
		return err == nil && n >= 0 && n <= limit || p.figures && counted > 0 && len(Numbers([]string{w})) > 0
	}
	d.explain(p.cause, says, func(w string) bool { return held[w] > 0 })
	if p.broken && explained { // single letters say nothing by themselves
		d.explain(p.cause, func(w string) bool { return utf8.RuneCountInString(w) == 1 && strings.Contains(text, w) }, nil)
	}
}

// pictures explains text that is drawn by the records of a picture of vectors (EMF, WMF, SVG), in either of the codes that they have.
func (d *doubts) pictures(z *zip.Reader) {
	for _, f := range z.File {
		switch strings.ToLower(path.Ext(f.Name)) {
		case ".emf", ".wmf", ".svg", ".bin":
		default:
			continue
		}
		r, err := f.Open()
		if err != nil {
			continue
		}
		data, err := io.ReadAll(io.LimitReader(r, mostPart))
		_ = r.Close()
		if err != nil {
			continue
		}
		data = bytes.ToLower(data)
		d.explain("picture of vectors", func(w string) bool {
			var wide []byte
			for _, u := range utf16.Encode([]rune(w)) {
				wide = append(wide, byte(u), byte(u>>8))
			}
			return bytes.Contains(data, []byte(w)) || bytes.Contains(data, wide)
		}, nil)
	}
}

// writing explains words that are the same letters: written from right to left, with accents of their own, or parted otherwise.
func (d *doubts) writing() {
	turned := func(w string) bool {
		return strings.ContainsFunc(w, func(r rune) bool { return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Mn) })
	}
	d.explain("written from right to left, or with accents set apart", turned, turned)
	letters := func(b Bag) string {
		var rs []rune
		for _, w := range b.list() {
			if len(Numbers([]string{w})) == 0 {
				rs = append(rs, []rune(norm.NFKD.String(w))...)
			}
		}
		slices.Sort(rs)
		return string(rs)
	}
	if l := letters(d.unread); l != "" && l == letters(d.unseen) {
		words := func(w string) bool { return len(Numbers([]string{w})) == 0 }
		d.explain("the same letters, parted into words otherwise", words, words)
	}
}

// mostPart is how much of a part is looked at.
const mostPart = 32 << 20

// texts adds the words of a part that stand inside elements of some names, or all, and gives how many elements are counted.
func texts(f *zip.File, p place, to Bag, whole *strings.Builder) (counted int) {
	r, err := f.Open()
	if err != nil {
		return 0
	}
	defer func() { _ = r.Close() }()
	d := xml.NewDecoder(io.LimitReader(r, mostPart))
	d.Strict = false
	depth, invites := 0, false
	add := func(s string) {
		if depth > 0 || len(p.inside) == 0 {
			to.Add(s)
			whole.WriteString(s)
		}
	}
	for {
		token, err := d.Token()
		if err != nil {
			return counted
		}
		switch t := token.(type) {
		case xml.StartElement:
			// A content control says before what it shows that it is an invitation.
			switch t.Name.Local {
			case "sdtPr":
				invites = false
			case "showingPlcHdr":
				invites = true
			case "content-control":
				invites = slices.ContainsFunc(t.Attr, func(a xml.Attr) bool { return a.Name.Local == "showing-place-holder" && a.Value == "true" })
			}
			invitation := t.Name.Local != "sdtContent" && t.Name.Local != "content-control" || invites
			if slices.Contains(p.inside, t.Name.Local) && (depth > 0 || invitation) {
				depth++
			}
			if (depth > 0 || len(p.inside) == 0) && slices.Contains(p.counts, t.Name.Local) {
				counted++
			}
			for _, a := range t.Attr {
				add(a.Value)
			}
		case xml.EndElement:
			if depth > 0 && slices.Contains(p.inside, t.Name.Local) {
				depth--
			}
		case xml.CharData:
			add(string(t))
		}
	}
}

// Mark is a short sum of a difference: what somebody wrote of a difference holds as long as its mark is the same.
func (d Difference) Mark() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q", d.Unread, d.Unseen))
	return hex.EncodeToString(sum[:4])
}
