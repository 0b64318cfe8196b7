package seen

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"image"
	"image/color"
	_ "image/png" // what pdftoppm draws
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nianbao/nianbao/layout"
)

const (
	// longest is the longest side of a drawn page, in pixels. A page is drawn with a pixel for each point, where a letter of
	// 6 points is 6 pixels high; a sheet on one page may be longer.
	longest = 6000
	// faint is how much darker or lighter than what is around it ink is, of 255: the lightest grey of texts that people write is 200.
	faint = 24
	// patience is how long one program may take.
	patience = 2 * time.Minute
)

// Draw makes a PDF of a file as a person sees it: office documents with LibreOffice, a sheet on one page however large it is;
// web pages with Chromium. A PDF is drawn already. It gives the path of the PDF in the folder dir; one that is there stays.
func Draw(ctx context.Context, file, dir string) (string, error) {
	ext := strings.ToLower(filepath.Ext(file))
	if ext == ".pdf" {
		return file, nil
	}
	to := "pdf"
	if spreadsheet(ext) {
		to = `pdf:calc_pdf_Export:{"SinglePageSheets":{"type":"boolean","value":"true"}}`
	}
	return convert(ctx, file, dir, to)
}

func spreadsheet(ext string) bool { return strings.HasPrefix(ext, ".xls") || ext == ".ods" }

// Gather asks what LibreOffice says of a file beside its drawn pages: as a package of parts where it is none, and all text of a spreadsheet's
// cells. What it cannot make is left out.
func Gather(ctx context.Context, file, dir string) Evidence {
	var e Evidence
	read := func(to string) []byte {
		path, err := convert(ctx, file, dir, to)
		if err != nil {
			return nil
		}
		data, err := os.ReadFile(path) //nolint:gosec // what was just made
		if err != nil {
			return nil
		}
		return data
	}
	ext := strings.ToLower(filepath.Ext(file))
	switch ext {
	case ".doc", ".rtf":
		e.Package = read("odt")
	case ".xls":
		e.Package = read("ods")
	default:
		e.Package, _ = os.ReadFile(file) //nolint:gosec // without it there is no evidence
	}
	if spreadsheet(ext) {
		// Comma, quotation marks, UTF-8, from the first line; texts as shown; all sheets.
		e.Cells = read("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1")
	}
	return e
}

// convert has another program make something of a file, in the folder dir; what is there stays.
func convert(ctx context.Context, file, dir, to string) (string, error) {
	ext := strings.ToLower(filepath.Ext(file))
	made, _, _ := strings.Cut(to, ":")
	out := filepath.Join(dir, filepath.Base(file)+"."+made)
	if _, err := os.Stat(out); err == nil {
		return out, nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tmp, err := os.MkdirTemp("", "drawn")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	page := filepath.Join(tmp, "page"+ext)
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(page, data, 0o600); err != nil {
		return "", err
	}
	var cmd *exec.Cmd
	switch ext {
	case ".html", ".htm", ".mht", ".mhtml":
		cmd = exec.CommandContext(ctx, "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND",
			"--user-data-dir="+filepath.Join(tmp, "profile"), "--no-pdf-header-footer", "--print-to-pdf="+filepath.Join(tmp, "page.pdf"), "file://"+page)
	default:
		// The profile stays: making one takes longer than drawing.
		cmd = exec.CommandContext(ctx, "soffice", "-env:UserInstallation=file://"+filepath.Join(os.TempDir(), "seen-profile"), "--headless", "--convert-to", to, "--outdir", tmp, page)
	}
	cmd.WaitDelay = time.Second
	if msg, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("draw: %w: %.200s", err, msg)
	}
	// A workbook of several sheets becomes as many files of text.
	files, err := filepath.Glob(filepath.Join(tmp, "page*."+made))
	if err != nil || len(files) == 0 {
		return "", errors.New("draw: no page was made")
	}
	var all []byte
	for _, f := range files {
		if data, err = os.ReadFile(f); err != nil { //nolint:gosec // what was just made
			return "", err
		}
		all = append(all, data...)
	}
	return out, os.WriteFile(out, all, 0o600)
}

// Drawn is a PDF and the words that Poppler finds on its pages.
type Drawn struct {
	pdf    string
	sheets []sheet
}

// box is a word of pdftotext -bbox, in points.
type box struct {
	x0, y0, x1, y1 float64
	text           string
}

// sheet is a page of pdftotext -bbox.
type sheet struct {
	width, height float64
	words         []box
}

// Look finds the words of a PDF's first pages, as many as most says.
func Look(ctx context.Context, pdf string, most int) (*Drawn, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	text, err := exec.CommandContext(ctx, "pdftotext", "-bbox", "-cropbox", "-l", strconv.Itoa(most), pdf, "-").Output()
	if err != nil {
		return nil, fmt.Errorf("pdftotext: %w", err)
	}
	return &Drawn{pdf, sheets(string(text))}, nil
}

// Pages is how many pages were looked at.
func (d *Drawn) Pages() int { return len(d.sheets) }

// Words gives all words, whether they have ink or not; of some pages alone, by their numbers, where any are named.
func (d *Drawn) Words(pages ...int) Bag {
	b := Bag{}
	for i, s := range d.sheets {
		if len(pages) > 0 && !slices.Contains(pages, i+1) {
			continue
		}
		for _, w := range s.words {
			b.Add(w.text)
		}
	}
	return b
}

// Pictured gives the words on the pages of a document that are read as pictures.
func (d *Drawn) Pictured(doc *layout.Document) Bag {
	var pages []int
	for _, p := range doc.Pages {
		if p.Route == layout.RouteOCR {
			pages = append(pages, p.Number)
		}
	}
	if pages == nil {
		return nil
	}
	return d.Words(pages...)
}

// edge is the part of a page's height, above and below, in which running heads and the numbers of pages stand.
const edge = 0.12

// Edges gives the words at the upper and the lower edge of the pages.
func (d *Drawn) Edges() Bag {
	b := Bag{}
	for _, s := range d.sheets {
		for _, w := range s.words {
			if w.y1 < s.height*edge || w.y0 > s.height*(1-edge) {
				b.Add(w.text)
			}
		}
	}
	return b
}

// Blank gives those that hold one of some words and stand where the drawn page has one color alone: they are hidden, white or covered. Pages
// without them are not drawn, for that takes longest.
func (d *Drawn) Blank(ctx context.Context, asked []string) (Bag, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	doubt := Bag{}
	for _, w := range asked {
		doubt[w]++
	}
	blank := Bag{}
	for i, s := range d.sheets {
		var words []box
		for _, w := range s.words {
			own := Bag{}
			own.Add(w.text)
			for t := range own {
				if doubt[t] > 0 {
					words = append(words, w)
					break
				}
			}
		}
		if len(words) == 0 {
			continue
		}
		img, err := d.draw(ctx, i+1, s)
		if err != nil {
			return nil, err
		}
		if b := img.Bounds(); (b.Dx() > b.Dy()) != (s.width > s.height) {
			s.width, s.height = s.height, s.width // a page that lies on its side: the places are those of the turned page, its size is not
		}
		for _, w := range words {
			if !inked(img, s, w) {
				blank.Add(w.text)
			}
		}
	}
	return blank, nil
}

func (d *Drawn) draw(ctx context.Context, page int, s sheet) (image.Image, error) {
	n, side := strconv.Itoa(page), int(min(max(s.width, s.height), longest))
	drawn, err := exec.CommandContext(ctx, "pdftoppm", "-png", "-gray", "-cropbox", "-scale-to", strconv.Itoa(side), "-f", n, "-l", n, d.pdf).Output()
	if err != nil {
		return nil, fmt.Errorf("pdftoppm: %w", err)
	}
	img, _, err := image.Decode(bytes.NewReader(drawn))
	if err != nil {
		return nil, fmt.Errorf("pdftoppm: page %d: %w", page, err)
	}
	return img, nil
}

// pdftotext writes characters that XML does not allow, so that no XML parser reads all of it.
var pageOf = regexp.MustCompile(`<page width="([^"]+)" height="([^"]+)">|<word xMin="([^"]+)" yMin="([^"]+)" xMax="([^"]+)" yMax="([^"]+)">([^<]*)</word>`)

// sheets reads what pdftotext -bbox writes.
func sheets(text string) []sheet {
	number := func(s string) float64 {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return 0 // Poppler writes nan for glyphs without a size
		}
		return f
	}
	var out []sheet
	for _, m := range pageOf.FindAllStringSubmatch(text, -1) {
		if m[1] != "" {
			out = append(out, sheet{width: number(m[1]), height: number(m[2])})
		} else if len(out) > 0 {
			s := &out[len(out)-1]
			s.words = append(s.words, box{number(m[3]), number(m[4]), number(m[5]), number(m[6]), html.UnescapeString(m[7])})
		}
	}
	return out
}

// inked says that a drawn page has more than one colour where a word is said to stand.
func inked(img image.Image, s sheet, w box) bool {
	b := img.Bounds()
	if s.width <= 0 || s.height <= 0 {
		return false
	}
	sx, sy := float64(b.Dx())/s.width, float64(b.Dy())/s.height
	r := image.Rect(int(w.x0*sx), int(w.y0*sy), int(w.x1*sx)+1, int(w.y1*sy)+1).Intersect(b)
	darkest, lightest := 255, 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			v := int(color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y)
			darkest, lightest = min(darkest, v), max(lightest, v)
		}
	}
	return lightest-darkest >= faint
}
