package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/ocr/tesseract"
	"github.com/nianbao/nianbao/report"
)

// Variables of the environment. Everything else is a flag.
const (
	cacheVariable    = "NIANBAO_CACHE"   // directory of the compiled PDF engine
	officeVariable   = "NIANBAO_SOFFICE" // LibreOffice, where it is not on the PATH
	tessdataVariable = "TESSDATA_PREFIX" // directory of Tesseract's models
)

// converter puts the stages together. The function it returns frees them.
func (e *env) converter() (*nianbao.Converter, func(), error) {
	o := &extract.Opener{}
	o.PDF.CacheDir = e.cacheDir()
	o.Office.Program = e.getenv(officeVariable)
	c := &nianbao.Converter{
		Open:     o.Open,
		Producer: report.Producer{Name: "nianbao", Version: programVersion(), Engines: map[string]string{}},
	}
	if engine, err := tesseract.Open(e.getenv(tessdataVariable)); err != nil {
		c.Missing = err
	} else {
		c.Recognizer, c.Producer.Engines = engine, engine.Versions()
	}
	return c, func() { o.PDF.Close() }, nil // Tesseract's memory goes with the process, in less time
}

// cacheDir is where the compiled PDF engine is kept: the variable, else the user's cache, else
// nowhere.
func (e *env) cacheDir() string {
	if d := e.getenv(cacheVariable); d != "" {
		return d
	}
	base := e.getenv("XDG_CACHE_HOME")
	if base == "" {
		home := e.getenv("HOME")
		if home == "" {
			return ""
		}
		base = filepath.Join(home, ".cache")
	}
	return filepath.Join(base, "nianbao")
}

// document reads a file, finds its blocks and hands it to use; warnings are logged.
func (e *env) document(ctx context.Context, log *slog.Logger, file string, use func(*layout.Document) error) error {
	name, data, err := e.readInput(file)
	if err != nil {
		return err
	}
	c, closer, err := e.converter()
	if err != nil {
		return err
	}
	defer closer()
	doc, warnings, err := c.Document(ctx, name, data)
	if err != nil {
		return err
	}
	for _, w := range warnings {
		log.Info(w.Message, "file", file, "code", string(w.Code), "page", w.Page)
	}
	err = use(doc)
	if doc.Close != nil {
		err = errors.Join(err, doc.Close())
	}
	return err
}
