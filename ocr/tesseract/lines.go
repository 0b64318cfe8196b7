package tesseract

import (
	"context"
	"image"
	"os"
	"sync"

	"github.com/nianbao/nianbao/ocr/lstm"
)

// lines reads single lines with the network of the model for Chinese, computed by package lstm.
type lines struct {
	dir   string
	once  sync.Once
	model *lstm.Model // nil where it is of another kind
	lock  sync.Mutex
	free  []*lstm.Reader
}

func (l *lines) load() *lstm.Model {
	l.once.Do(func() {
		data, err := os.ReadFile(modelFile(l.dir, Languages[0]))
		if err == nil {
			l.model, _ = lstm.Parse(data) // Tesseract reads what is not known there
		}
	})
	return l.model
}

// LineHeight implements ocr.LineReader.
func (l *lines) LineHeight() int {
	if m := l.load(); m != nil {
		return m.Height()
	}
	return 0
}

// ReadLines implements ocr.LineReader. It is safe for concurrent use.
func (l *lines) ReadLines(ctx context.Context, pictures []*image.Gray) ([][]lstm.Char, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l.lock.Lock()
	var r *lstm.Reader
	if n := len(l.free); n > 0 {
		r, l.free = l.free[n-1], l.free[:n-1]
	}
	l.lock.Unlock()
	if r == nil {
		r = lstm.NewReader(l.load())
	}
	out := r.Read(pictures)
	l.lock.Lock()
	l.free = append(l.free, r)
	l.lock.Unlock()
	return out, nil
}
