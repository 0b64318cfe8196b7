package service

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/internal/out/export"
	"github.com/nianbao/nianbao/report"
)

// The media types of answers.
const (
	typeJSON     = "application/json"
	typeLines    = "application/x-ndjson"
	typeCSV      = "text/csv"
	typeXLSX     = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typeHTML     = "text/html"
	typeMarkdown = "text/markdown"
	typePNG      = "image/png"
	typeEvents   = "text/event-stream"
)

// reportTypes are what reports can be had as.
var reportTypes = []string{typeJSON, typeLines, typeCSV, typeXLSX}

// accepted is the one of the types on offer that a request wants most, the first of equals; "" where it wants none
// of them. Without the header it wants the first.
func accepted(r *http.Request, offer []string) string {
	header := strings.Join(r.Header.Values("Accept"), ",")
	if strings.TrimSpace(header) == "" {
		return offer[0]
	}
	best, most := "", 0.0
	for _, o := range offer {
		if q := quality(header, o); q > most {
			best, most = o, q
		}
	}
	return best
}

// quality is how much an Accept header wants a type: what names it closest counts (RFC 9110).
func quality(header, offer string) float64 {
	family, _, _ := strings.Cut(offer, "/")
	q, closest := 0.0, -1
	for _, part := range strings.Split(header, ",") {
		kind, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		near := map[string]int{offer: 2, family + "/*": 1, "*/*": 0}
		n, ok := near[kind]
		if !ok || n <= closest {
			continue
		}
		q, closest = 1, n
		if v, ok := parameters["q"]; ok {
			if q, err = strconv.ParseFloat(v, 64); err != nil {
				q = 0
			}
		}
	}
	return q
}

// errNone says what can be had.
func errNone(offer []string) *Problem {
	return problem(http.StatusNotAcceptable, "not_acceptable", "the answer can be had as "+strings.Join(offer, ", ")+": ask for one of them in Accept")
}

// TableShape says how reports are laid out as a table.
type TableShape struct {
	Shape  string `query:"shape" enum:"long,wide" default:"long" doc:"CSV: a row for each number, or a row for each report."`
	Labels bool   `query:"labels" doc:"CSV: Chinese headings in the place of keys."`
	BOM    bool   `query:"bom" doc:"CSV: begin with a byte order mark, so that Excel takes it for UTF-8."`
}

// result is reports as they are kept and sent.
type result struct {
	first []byte           // the JSON as nianbao convert prints it, of the first report where there are several
	all   []*report.Report // every report of the document
}

func resultOf(res *nianbao.Result) (*result, error) {
	first, err := res.First()
	return &result{first, append([]*report.Report{res.Report}, res.More...)}, err
}

// resultFrom is a result that was kept: the JSON of all reports, and these.
func resultFrom(data []byte, all []*report.Report) (*result, error) {
	if len(all) == 1 {
		return &result{data, all}, nil
	}
	first, err := (&nianbao.Result{Report: all[0], More: all[1:]}).First()
	return &result{first, all}, err
}

// etag names what an answer holds: the same document, converted alike, has the same.
func (s *Service) etag(content []byte, more ...string) string {
	h := sha256.New()
	h.Write(content)
	for _, m := range append(more, s.Version) {
		fmt.Fprintf(h, "\x00%s", m)
	}
	return `"` + hex.EncodeToString(h.Sum(nil)[:16]) + `"`
}

// unchanged answers a request whose client has the content already.
func unchanged(q request, tag string) bool {
	q.w.Header().Set("ETag", tag)
	if q.r.Method != http.MethodGet && q.r.Method != http.MethodHead {
		return false
	}
	for _, t := range strings.Split(q.r.Header.Get("If-None-Match"), ",") {
		if t = strings.TrimPrefix(strings.TrimSpace(t), "W/"); t == tag || t == "*" {
			q.w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}

// send answers with reports in the wanted type.
func (s *Service) send(q request, kind, name string, as TableShape, res *result) error {
	if unchanged(q, s.etag(res.first, kind, fmt.Sprint(as))) {
		return nil
	}
	begun := time.Now()
	content, err := s.written(kind, name, as, res)
	s.metrics.took(stageWrite, begun)
	if err != nil {
		return err
	}
	h := q.w.Header()
	if kind == typeCSV || kind == typeXLSX {
		extension := map[string]string{typeCSV: ".csv", typeXLSX: ".xlsx"}[kind]
		base := strings.TrimSuffix(name, filepath.Ext(name)) + extension
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": base}))
	}
	respond(q.w, kind, content)
	return nil
}

// respond sends content whole.
func respond(w http.ResponseWriter, kind string, content []byte) {
	if strings.HasPrefix(kind, "text/") {
		kind += "; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) // nobody listens any more
}

func (s *Service) written(kind, name string, as TableShape, res *result) ([]byte, error) {
	var b bytes.Buffer
	switch kind {
	case typeJSON:
		return res.first, nil
	case typeLines:
		for _, r := range res.all {
			if err := report.Encode(&b, r, false); err != nil {
				return nil, err
			}
		}
		return b.Bytes(), nil
	}
	err := s.exported(name, res.all, func(set *export.Set) error {
		if kind == typeXLSX {
			return set.XLSX(&b)
		}
		return set.CSV(&b, export.Shape(as.Shape), export.CSVOptions{BOM: as.BOM, Labels: as.Labels})
	})
	return b.Bytes(), err
}

// exported hands reports to package export, which reads them from files.
func (s *Service) exported(name string, all []*report.Report, write func(*export.Set) error) (err error) {
	dir, err := os.MkdirTemp(s.taken(), "")
	if err != nil {
		return err
	}
	defer func() {
		if e := os.RemoveAll(dir); err == nil {
			err = e
		}
	}()
	var files []export.File
	for i, r := range all {
		file := filepath.Join(dir, strconv.Itoa(i))
		if err := writeFile(file, func(w io.Writer) error { return report.Encode(w, r, false) }); err != nil {
			return err
		}
		called := name
		if i > 0 {
			called = fmt.Sprintf("%s.part%d", name, i+1)
		}
		files = append(files, export.File{Path: file, Name: called})
	}
	set, err := export.Open(files, s.Forms, nil)
	if err != nil {
		return err
	}
	return write(set)
}

func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	err = write(f)
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}
