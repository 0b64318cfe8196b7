//go:build !cgo

package tesseract

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os/exec"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/layout/diag"
	"github.com/nianbao/nianbao/ocr"
)

// Engine is the tesseract program, started for each call. It is safe for concurrent use.
type Engine struct {
	lines
	program string
	models  map[string]string
}

// Open finds the program and the models. dir may be empty.
func Open(dir string) (*Engine, error) {
	p, err := exec.LookPath("tesseract")
	if err != nil {
		return nil, fmt.Errorf("no tesseract program on PATH: install tesseract-ocr and tesseract-ocr-chi-sim: %w", diag.ErrMissingProgram)
	}
	d, err := FindData(dir)
	if err != nil {
		return nil, err
	}
	return &Engine{lines: lines{dir: d}, program: p, models: hashes(d)}, nil
}

// Program is what is started for each call.
func (e *Engine) Program() string { return e.program }

// Data is the folder of the models.
func (e *Engine) Data() string { return e.dir }

// Versions of engine and models, for the output.
func (e *Engine) Versions() map[string]string {
	out := map[string]string{}
	if b, err := exec.Command(e.program, "--version").CombinedOutput(); err == nil {
		if f := strings.Fields(string(b)); len(f) > 1 {
			out["tesseract"] = f[1]
		}
	}
	for l, h := range e.models {
		out[l] = h
	}
	return out
}

// Recognize implements ocr.Recognizer.
func (e *Engine) Recognize(ctx context.Context, t ocr.Task) ([]ocr.TextLine, error) {
	var in, out, msg bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&in, t.Image); err != nil {
		return nil, err
	}
	lang := language(t.Language, e.models)
	cmd := exec.CommandContext(ctx, e.program, "stdin", "stdout", "--tessdata-dir", e.dir, "-l", lang, "--psm", strconv.Itoa(int(t.Mode)), "hocr")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &out, &msg
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("tesseract %s: %w: %s", lang, err, strings.TrimSpace(msg.String()))
	}
	return ocr.ParseHOCR(&out)
}

// Close frees nothing: each call was a process of its own.
func (e *Engine) Close() error { return nil }
