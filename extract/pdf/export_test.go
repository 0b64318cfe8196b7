package pdf

import (
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/diag"
)

// ReadByPDFium is Read as it is for files that are more than stored images.
func (e *Engine) ReadByPDFium(data []byte) (*layout.Document, []diag.Warning, error) {
	f := &file{engine: e, data: data}
	doc, warnings, err := f.read(nil)
	if err != nil {
		return nil, nil, err
	}
	doc.Close = f.close
	return doc, warnings, nil
}

// Started says that PDFium was needed.
func (e *Engine) Started() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.pool != nil
}
