package desk

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"net/http"
	"sync"
	"time"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/internal/out/markup"
	"github.com/nianbao/nianbao/internal/run/answers"
	"github.com/nianbao/nianbao/internal/run/batch"
)

// pageDPI is what pages are drawn with: small print of 9 points is 19 pixels high, and a page is there in a
// fifth of a second.
const pageDPI = 150

// maxPictures is how many bytes of drawn pages, crops and tables are kept.
const maxPictures = 48 << 20

// pictures draws what the desk shows of originals and keeps the last ones. What several browsers ask for at the
// same time is drawn once.
type pictures struct {
	converter *nianbao.Converter
	book      *batch.Book

	mu    sync.Mutex
	held  map[string]*picture
	order []string // least recently asked first
	bytes int
}

type picture struct {
	once sync.Once
	data []byte
	err  error
}

func newPictures(c *nianbao.Converter, b *batch.Book) *pictures {
	return &pictures{converter: c, book: b, held: map[string]*picture{}}
}

// get gives what is kept under a name, or has it made.
func (p *pictures) get(ctx context.Context, name string, draw func(context.Context) ([]byte, error)) ([]byte, error) {
	p.mu.Lock()
	x := p.held[name]
	if x == nil {
		x = &picture{}
		p.held[name] = x
	} else {
		p.touch(name)
	}
	p.mu.Unlock()
	x.once.Do(func() {
		// Who asked first may go away while others wait for the same.
		x.data, x.err = draw(context.WithoutCancel(ctx))
		p.mu.Lock()
		defer p.mu.Unlock()
		if x.err != nil {
			delete(p.held, name) // the next one tries again
			return
		}
		p.order = append(p.order, name)
		p.bytes += len(x.data)
		for p.bytes > maxPictures && len(p.order) > 1 {
			old := p.order[0]
			p.bytes -= len(p.held[old].data)
			delete(p.held, old)
			p.order = p.order[1:]
		}
	})
	return x.data, x.err
}

// touch makes a name the last one that was asked for.
func (p *pictures) touch(name string) {
	for i, n := range p.order {
		if n == name {
			p.order = append(append(p.order[:i:i], p.order[i+1:]...), name)
			return
		}
	}
}

// result is an item's report with its original.
func (p *pictures) result(output string) (*nianbao.Result, error) {
	r, err := p.book.Result(output)
	if err != nil {
		return nil, err
	}
	job, err := p.book.Original(output)
	if err != nil {
		return nil, err
	}
	return p.converter.Reopen(r, nianbao.Pages(job.Name, job.Parts...)), nil
}

func (d *desk) page(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	n := number(q, "n", 1)
	d.picture(w, r, fmt.Sprint("page ", n), func(ctx context.Context, res *nianbao.Result) ([]byte, error) {
		img, err := res.Page(ctx, n, pageDPI)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		err = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img)
		return b.Bytes(), err
	})
}

func (d *desk) crop(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Query().Get("path")
	d.picture(w, r, "crop "+path, func(ctx context.Context, res *nianbao.Result) ([]byte, error) {
		img, err := res.Crop(ctx, path)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		err = png.Encode(&b, img)
		return b.Bytes(), err
	})
}

// picture answers with a picture of an item's original. The browser keeps it: an original that changes is no
// longer the one.
func (d *desk) picture(w http.ResponseWriter, r *http.Request, name string, draw func(context.Context, *nianbao.Result) ([]byte, error)) {
	item, err := d.Book.Item(r.URL.Query().Get("o"))
	if err != nil {
		d.fail(w, r, err)
		return
	}
	b, err := d.pictures.get(r.Context(), item.Hash+" "+name, func(ctx context.Context) ([]byte, error) {
		res, err := d.pictures.result(item.Output)
		if err != nil {
			return nil, err
		}
		return draw(ctx, res)
	})
	if err != nil {
		d.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "private, max-age=3600")
	_, _ = w.Write(b) // nobody listens any more
}

// source answers with the tables of an original that has no pages, as HTML without any markup of its own.
func (d *desk) source(w http.ResponseWriter, r *http.Request) {
	item, err := d.Book.Item(r.URL.Query().Get("o"))
	if err != nil {
		d.fail(w, r, err)
		return
	}
	b, err := d.pictures.get(r.Context(), item.Hash+" source", func(ctx context.Context) ([]byte, error) {
		job, err := d.Book.Original(item.Output)
		if err != nil {
			return nil, err
		}
		doc, err := d.Converter.Layout(ctx, nianbao.Pages(job.Name, job.Parts...))
		if err != nil {
			return nil, err
		}
		if doc.SHA256 != item.Hash {
			return nil, nianbao.ErrChanged
		}
		var out bytes.Buffer
		err = markup.WriteBlocks(&out, doc)
		return out.Bytes(), err
	})
	if err != nil {
		d.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b) // nobody listens any more
}

// dayCount counts the answers of a day: those that are kept already at the first look, then those of this desk.
type dayCount struct {
	mu  sync.Mutex
	day string
	n   int
}

func (c *dayCount) today(said *answers.Store, now time.Time) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if day := now.Format(time.DateOnly); c.day != day {
		c.day, c.n = day, said.On(day)
	}
	return c.n
}

func (c *dayCount) add(now time.Time, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.day == now.Format(time.DateOnly) {
		c.n += n
	}
}
