//go:build cgo

package tesseract

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/otiai10/gosseract/v2"

	"github.com/nianbao/nianbao/ocr"
)

// Engine is Tesseract, open. It is safe for concurrent use: each call takes a client of its own
// from a pool that never shrinks.
type Engine struct {
	lines
	models map[string]string
	mu     sync.Mutex
	idle   map[string][]*gosseract.Client
}

// starting serialises the start of clients: Init redirects the process's stderr while it runs.
var starting sync.Mutex

// Open finds the models; clients start when they are first needed. dir may be empty.
func Open(dir string) (*Engine, error) {
	d, err := FindData(dir)
	if err != nil {
		return nil, err
	}
	return &Engine{lines: lines{dir: d}, models: hashes(d), idle: map[string][]*gosseract.Client{}}, nil
}

// Program is "": none is started.
func (e *Engine) Program() string { return "" }

// Data is the folder of the models.
func (e *Engine) Data() string { return e.dir }

// Versions of engine and models, for the output.
func (e *Engine) Versions() map[string]string {
	out := map[string]string{"tesseract": gosseract.Version()}
	for l, h := range e.models {
		out[l] = h
	}
	return out
}

// Recognize implements ocr.Recognizer. A call that has begun is not cut short by ctx: C code
// cannot be; callers that must stop kill the process.
func (e *Engine) Recognize(ctx context.Context, t ocr.Task) ([]ocr.TextLine, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	lang := language(t.Language, e.models)
	var hocr string
	var err error
	c := e.waiting(lang)
	if c != nil {
		hocr, err = e.read(c, t)
	} else {
		c, hocr, err = e.start(lang, t)
	}
	if err != nil {
		if c != nil {
			_ = c.Close() // the error at hand says more
		}
		return nil, fmt.Errorf("tesseract %s: %w", lang, err)
	}
	e.mu.Lock()
	e.idle[lang] = append(e.idle[lang], c)
	e.mu.Unlock()
	return ocr.ParseHOCR(strings.NewReader(lettersBack(hocr)))
}

// waiting takes a client out of the pool, nil if there is none.
func (e *Engine) waiting(lang string) *gosseract.Client {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := len(e.idle[lang])
	if n == 0 {
		return nil
	}
	c := e.idle[lang][n-1]
	e.idle[lang] = e.idle[lang][:n-1]
	return c
}

// start makes a client and has it do its first task, which is when it initialises.
func (e *Engine) start(lang string, t ocr.Task) (*gosseract.Client, string, error) {
	starting.Lock()
	defer starting.Unlock()
	dir := e.dir
	if d := lightData(e.dir, lang); d != "" {
		defer func() { _ = os.RemoveAll(d) }() // in the temporary folder, which the system empties
		dir = d
	}
	c := gosseract.NewClient()
	if err := c.SetTessdataPrefix(dir); err != nil {
		return c, "", err
	}
	if err := c.DisableOutput(); err != nil { // its diagnostics are not for our users
		return c, "", err
	}
	if err := c.SetLanguage(lang); err != nil {
		return c, "", err
	}
	hocr, err := e.read(c, t)
	return c, hocr, err
}

func (e *Engine) read(c *gosseract.Client, t ocr.Task) (string, error) {
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.NoCompression}
	if err := enc.Encode(&b, t.Image); err != nil {
		return "", err
	}
	if err := c.SetImageFromBytes(b.Bytes()); err != nil {
		return "", err
	}
	if err := c.SetVariable("tessedit_pageseg_mode", strconv.Itoa(int(t.Mode))); err != nil {
		return "", err
	}
	return c.HOCRText()
}

// Close frees all clients. No call may be under way.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for l, cs := range e.idle {
		for _, c := range cs {
			if err := c.Close(); err != nil {
				return err
			}
		}
		delete(e.idle, l)
	}
	return nil
}
