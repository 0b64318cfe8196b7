package service

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/out/markup"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/report"
)

const about = `Annual disclosure reports (政府信息公开工作年度报告) in, JSON that proves itself out. A document is the body of a request, of any
media type, or the files of a multipart form, which are the pages of one document; what it is is told from its content. Errors are
problem+json (RFC 9457): "code" is for programs, "detail" says what to do. What a report holds is said by GET /v1/schema.`

// routes registers all operations.
func (s *Service) routes() error {
	config := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: "nianbao", Version: "1", Description: about, License: &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}},
			Components: &huma.Components{
				Schemas:         huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer", Description: "Asked for where the service has a token."}},
			},
			// Without a token, where the service has none.
			Security: []map[string][]string{{}, {"token": {}}},
		},
		Formats:       map[string]huma.Format{typeJSON: huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat: typeJSON,
		// A mistyped one would be as if it had not been given.
		RejectUnknownQueryParameters: true,
	}
	s.api = humago.New(s.mux, config)
	s.documents()
	s.later()
	s.reports()
	s.facts()
	if err := s.front(); err != nil {
		return err
	}
	described, err := json.MarshalIndent(s.api.OpenAPI(), "", "  ")
	if err != nil {
		return err
	}
	s.openAPI = append(described, '\n')
	s.mux.HandleFunc("GET /openapi.json", func(w http.ResponseWriter, r *http.Request) {
		respond(w, typeJSON, s.openAPI)
	})
	return nil
}

// found has the routes answer, and says as a problem where there is none.
func (s *Service) found(w http.ResponseWriter, r *http.Request) {
	h, pattern := s.mux.Handler(r)
	if pattern != "" {
		s.mux.ServeHTTP(w, r)
		return
	}
	said := &silent{header: http.Header{}}
	h.ServeHTTP(said, r)
	if said.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", said.header.Get("Allow"))
		s.refuse(w, problem(said.status, "method", r.Method+" cannot be asked of this: use "+said.header.Get("Allow")))
		return
	}
	s.refuse(w, problem(http.StatusNotFound, "no_such_path", "there is nothing here: GET /openapi.json lists what there is"))
}

// silent takes an answer that nobody gets.
type silent struct {
	header http.Header
	status int
}

func (s *silent) Header() http.Header         { return s.header }
func (s *silent) WriteHeader(status int)      { s.status = status }
func (s *silent) Write(p []byte) (int, error) { return len(p), nil }

// OpenAPI is the description of the API, as JSON.
func (s *Service) OpenAPI() []byte { return bytes.Clone(s.openAPI) }

// doing is an operation whose body and answer its handler reads and writes itself.
func doing[I any](s *Service, op huma.Operation, q func(*I) request, do func(context.Context, *I) error) {
	// huma would read a body that it knows of, whole: it is told of it afterwards.
	body := op.RequestBody
	op.RequestBody = nil
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		return &huma.StreamResponse{Body: func(huma.Context) {
			if err := do(ctx, in); err != nil {
				s.refuse(q(in).w, s.problemOf(ctx, err))
			}
		}}, nil
	})
	if body != nil {
		s.api.OpenAPI().Paths[op.Path].Post.RequestBody = body
	}
}

// file is the schema of a document in a body.
func file() *huma.RequestBody {
	binary := &huma.Schema{Type: "string", Format: "binary"}
	return &huma.RequestBody{Required: true, Description: "The document.", Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: binary},
		"multipart/form-data": {Schema: &huma.Schema{Type: "object", Required: []string{"file"}, Properties: map[string]*huma.Schema{
			"file": {Type: "array", MinItems: ptr(1), Items: binary, Description: "The document, or the files of its pages in order."},
		}}},
	}}
}

func ptr[T any](v T) *T { return &v }

// reportSchema is a report without its insides, of which /v1/schema has the rest.
func reportSchema() *huma.Schema {
	return &huma.Schema{Type: "object", Description: "A report; GET /v1/schema is its JSON Schema.", Required: []string{"schema", "status", "tables", "cells", "checks", "review"},
		Properties: map[string]*huma.Schema{
			"schema": {Type: "string", Enum: []any{report.Schema}},
			"status": {Type: "string", Enum: []any{string(report.Complete), string(report.Partial), string(report.NoNumbers), string(report.NotAReport)}},
			"tables": {Type: "object"}, "cells": {Type: "array", Items: &huma.Schema{Type: "object"}},
			"checks": {Type: "array", Items: &huma.Schema{Type: "object"}}, "review": {Type: "array", Items: &huma.Schema{Type: "object"}},
		}}
}

// reportContent is what reports can be had as.
func reportContent() map[string]*huma.MediaType {
	text := &huma.Schema{Type: "string"}
	return map[string]*huma.MediaType{
		typeJSON: {Schema: reportSchema()}, typeLines: {Schema: text}, typeCSV: {Schema: text}, typeXLSX: {Schema: &huma.Schema{Type: "string", Format: "binary"}},
	}
}

// answers are the responses of an operation: what it gives, and the refusals that any may give beside its own.
func answers(description string, content map[string]*huma.MediaType, errs ...int) (map[string]*huma.Response, []int) {
	ok := &huma.Response{Description: description, Content: content, Headers: map[string]*huma.Header{"ETag": {Description: "Names the content.", Schema: &huma.Schema{Type: "string"}}}}
	return map[string]*huma.Response{"200": ok}, append(errs, 400, 401, 403, 421, 500)
}

// documentErrors are the refusals of operations that take a document.
var documentErrors = []int{406, 408, 413, 415, 422, 429, 503}

// documents registers what opens a document at once.
func (s *Service) documents() {
	type convertInput struct {
		request
		Settings
		TableShape
	}
	op := huma.Operation{OperationID: "convert", Method: http.MethodPost, Path: "/v1/convert", Summary: "Convert a document",
		Description: "Answers with the report as nianbao convert prints it, once it is there: seconds for a scanned page. Of a document that holds several reports, JSON has the first, which names the others in its review; the other types have all. What takes longer goes to /v1/jobs.", RequestBody: file()}
	op.Responses, op.Errors = answers("The report.", reportContent(), documentErrors...)
	doing(s, op, func(in *convertInput) request { return in.request }, func(ctx context.Context, in *convertInput) error {
		kind := accepted(in.r, reportTypes)
		if kind == "" {
			return errNone(reportTypes)
		}
		return s.at(ctx, in.request, in.Name, func(ctx context.Context, d *document) error {
			res, err := s.convert(ctx, d, in.Settings, nil)
			if err != nil {
				return err
			}
			return s.send(in.request, kind, d.name, in.TableShape, res)
		})
	})
	type tablesInput struct {
		request
		Name  string `query:"name" maxLength:"255" doc:"The file's name."`
		Pages string `query:"pages" pattern:"^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$" doc:"The pages to take tables from: 2-4,7."`
	}
	op = huma.Operation{OperationID: "tables", Method: http.MethodPost, Path: "/v1/tables", Summary: "Take every table of any document",
		Description: "JSON and HTML keep spans; in CSV and Markdown a cell that spans stands at its first position.", RequestBody: file()}
	text := &huma.Schema{Type: "string"}
	op.Responses, op.Errors = answers("The tables.", map[string]*huma.MediaType{
		typeJSON: {Schema: &huma.Schema{Type: "array", Items: &huma.Schema{Type: "object"}}}, typeCSV: {Schema: text}, typeMarkdown: {Schema: text}, typeHTML: {Schema: text},
	}, documentErrors...)
	doing(s, op, func(in *tablesInput) request { return in.request }, func(ctx context.Context, in *tablesInput) error {
		kind := accepted(in.r, []string{typeJSON, typeCSV, typeMarkdown, typeHTML})
		if kind == "" {
			return errNone([]string{typeJSON, typeCSV, typeMarkdown, typeHTML})
		}
		want, err := layout.ParsePages(in.Pages)
		if err != nil {
			return wrong("%v", err)
		}
		return s.at(ctx, in.request, in.Name, func(ctx context.Context, d *document) error {
			return s.takeTables(ctx, in.request, d, kind, want)
		})
	})
}

// Settings are those of a conversion.
type Settings struct {
	Name       string `query:"name" maxLength:"255" doc:"The file's name, which the report repeats."`
	TablesOnly bool   `query:"tables_only" doc:"Leave the prose of scanned pages unread, which saves two thirds of the time."`
	Any        bool   `query:"any" doc:"Answer with the report of a document that is no annual report, too."`
}

// at does something with the document of a request, within the limits of an answer at once.
func (s *Service) at(ctx context.Context, q request, name string, do func(context.Context, *document) error) (err error) {
	leave, err := s.seat()
	if err != nil {
		return err
	}
	defer leave()
	d, err := s.take(q, name)
	if err != nil {
		return err
	}
	defer func() {
		if e := d.remove(); err == nil {
			err = e
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, s.Limits.Answer)
	defer cancel()
	return do(ctx, d)
}

// convert converts a document, and counts what became of it. page may be nil.
func (s *Service) convert(ctx context.Context, d *document, with Settings, page func(n, of int)) (*result, error) {
	begun := time.Now()
	res, err := s.converted(ctx, d, with, page)
	s.metrics.took(stageConvert, begun)
	if err == nil {
		s.metrics.converted(res, nil)
	} else if p := s.problemOf(ctx, err); p != nil {
		s.metrics.converted(nil, p)
		err = p
	}
	return res, err
}

func (s *Service) converted(ctx context.Context, d *document, with Settings, page func(n, of int)) (*result, error) {
	c := s.Converter
	if with.TablesOnly {
		c = s.short
	}
	ctx, cancel, page := s.bounded(ctx, page)
	defer cancel()
	res, err := c.Convert(ctx, d.input().OnPage(page).OnTimes(s.metrics.stages))
	if err != nil {
		return nil, because(ctx, err)
	}
	if res.Report.Outcome == report.NotAReport && !with.Any {
		return nil, notReport()
	}
	return resultOf(res)
}

// because is why this service gave a document up, if it did.
func because(ctx context.Context, err error) error {
	var p *Problem
	if errors.As(context.Cause(ctx), &p) {
		return p
	}
	return err
}

func (s *Service) takeTables(ctx context.Context, q request, d *document, kind string, want layout.Pages) error {
	ctx, cancel, page := s.bounded(ctx, nil)
	defer cancel()
	begun := time.Now()
	doc, err := s.Converter.Tables(ctx, d.input().OnPage(page).OnTimes(s.metrics.stages), nianbao.TableOptions{Pages: want})
	s.metrics.took(stageLayout, begun)
	if err != nil {
		return because(ctx, err)
	}
	var b bytes.Buffer
	format := map[string]markup.Format{typeJSON: markup.JSON, typeCSV: markup.CSV, typeMarkdown: markup.Markdown, typeHTML: markup.HTML}[kind]
	if err := markup.Write(&b, format, markup.Of(doc, want)); err != nil {
		return err
	}
	if !unchanged(q, s.etag(b.Bytes(), kind)) {
		respond(q.w, kind, b.Bytes())
	}
	return nil
}

// reports registers what works on the JSON of reports.
func (s *Service) reports() {
	body := func(description string, schema *huma.Schema) *huma.RequestBody {
		return &huma.RequestBody{Required: true, Description: description, Content: map[string]*huma.MediaType{typeJSON: {Schema: schema}}}
	}
	reportErrors := []int{408, 413, 415, 422}
	type checkInput struct{ request }
	faults := &huma.Schema{Type: "array", Items: &huma.Schema{Type: "object", Required: []string{"path", "message"}, Properties: map[string]*huma.Schema{
		"path": {Type: "string", Description: "The value, as a JSON pointer."}, "message": {Type: "string"},
	}}}
	op := huma.Operation{OperationID: "check", Method: http.MethodPost, Path: "/v1/check", Summary: "Test a report as it stands",
		Description: "Tests the schema, the equations of the forms, and whether values, evidence and review fit each other, after a hand edit or on anyone's JSON. Nothing is altered.",
		RequestBody: body("JSON that is said to be a report: what is none is answered with its faults.", &huma.Schema{})}
	op.Responses, op.Errors = answers("What was found.", map[string]*huma.MediaType{typeJSON: {Schema: &huma.Schema{Type: "object", Required: []string{"valid", "faults", "problems", "untested", "checks"}, Properties: map[string]*huma.Schema{
		"valid": {Type: "boolean", Description: "It keeps to the schema."}, "faults": faults, "problems": faults, "untested": faults, "checks": {Type: "array", Items: &huma.Schema{Type: "object"}},
	}}}}, reportErrors...)
	doing(s, op, func(in *checkInput) request { return in.request }, func(_ context.Context, in *checkInput) error {
		data, err := s.json(in.request)
		if err != nil {
			return err
		}
		x, err := check.Examine(data, s.Forms)
		if err != nil {
			return noReport(err)
		}
		return answerJSON(in.request, x)
	})
	type applyInput struct{ request }
	patch := &huma.Schema{Type: "object", Required: []string{"path", "value"}, Properties: map[string]*huma.Schema{
		"path": {Type: "string", Description: "The value, as a JSON pointer."}, "value": {Description: "A number, a text or null."},
		"note": {Type: "string"}, "who": {Type: "string"}, "when": {Type: "string"},
	}}
	op = huma.Operation{OperationID: "apply", Method: http.MethodPost, Path: "/v1/apply", Summary: "Lay a person's answers over a report",
		Description: "The values are frozen (verdict confirmed), and the sums decide anew what they settle.",
		RequestBody: body("A report, and answers to it.", &huma.Schema{Type: "object", Required: []string{"report", "answers"}, Properties: map[string]*huma.Schema{"report": reportSchema(), "answers": {Type: "array", Items: patch}}})}
	op.Responses, op.Errors = answers("The report with the answers.", map[string]*huma.MediaType{typeJSON: {Schema: reportSchema()}}, reportErrors...)
	doing(s, op, func(in *applyInput) request { return in.request }, func(_ context.Context, in *applyInput) error {
		data, err := s.json(in.request)
		if err != nil {
			return err
		}
		return s.apply(in.request, data)
	})
}

func (s *Service) apply(q request, data []byte) error {
	var said struct {
		Report  json.RawMessage `json:"report"`
		Answers json.RawMessage `json:"answers"`
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&said); err != nil {
		return wrong("an object with report and answers, a list of {path, value, note, who, when}, is expected: %v", err)
	}
	patches, err := report.DecodePatches(said.Answers)
	if err != nil {
		return wrong("answers: %v", err)
	}
	found, err := report.Validate(said.Report)
	if err != nil {
		return noReport(err)
	}
	if len(found) > 0 {
		return noReport(fmt.Errorf("%s: %s", found[0].Path, found[0].Message))
	}
	r, err := report.Decode(said.Report)
	if err != nil {
		return noReport(err)
	}
	if r, err = nianbao.Apply(r, patches, s.Forms.Own()...); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := report.Encode(&b, r, true); err != nil {
		return err
	}
	if !unchanged(q, s.etag(b.Bytes())) {
		respond(q.w, typeJSON, b.Bytes())
	}
	return nil
}

func noReport(err error) *Problem {
	return problem(http.StatusUnprocessableEntity, "no_report", "the body is no report as GET /v1/schema describes it: "+strings.ToValidUTF8(err.Error(), "�"))
}

func notReport() *Problem {
	r := reasons["not_a_report"]
	return problem(r.status, "not_a_report", "the document is no annual report: "+r.advice)
}

// answerJSON sends a value.
func answerJSON(q request, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	respond(q.w, typeJSON, b.Bytes())
	return nil
}

// facts registers what the service says of itself.
func (s *Service) facts() {
	type factInput struct{ request }
	fact := func(id, path, summary string, schema *huma.Schema, content func() ([]byte, error)) {
		op := huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary}
		op.Responses, op.Errors = answers("What is asked for.", map[string]*huma.MediaType{typeJSON: {Schema: schema}})
		op.Responses["304"] = &huma.Response{Description: "The client has it already (If-None-Match)."}
		doing(s, op, func(in *factInput) request { return in.request }, func(_ context.Context, in *factInput) error {
			b, err := content()
			if err != nil {
				return err
			}
			if !unchanged(in.request, s.etag(b)) {
				respond(in.w, typeJSON, b)
			}
			return nil
		})
	}
	fact("schema", "/v1/schema", "The JSON Schema of reports", &huma.Schema{Type: "object"}, func() ([]byte, error) { return report.SchemaJSON(), nil })
	fact("forms", "/v1/forms", "The forms that tables are told by", &huma.Schema{Type: "array", Items: &huma.Schema{Type: "object", Required: []string{"name", "tables"}, Properties: map[string]*huma.Schema{
		"name": {Type: "string"}, "title": {Type: "string"}, "tables": {Type: "array", Items: &huma.Schema{Type: "object"}},
	}}}, func() ([]byte, error) { return formsJSON(s.Forms) })

	type metricsInput struct{ request }
	op := huma.Operation{OperationID: "metrics", Method: http.MethodGet, Path: "/metrics", Summary: "What Prometheus is told"}
	op.Responses, op.Errors = answers("Documents by outcome, seconds by stage, values by verdict, the depth of the queues, the memory of workers.", map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: "string"}}})
	doing(s, op, func(in *metricsInput) request { return in.request }, func(_ context.Context, in *metricsInput) error {
		s.metrics.handler.ServeHTTP(in.w, in.r)
		return nil
	})
	type state struct {
		Status string `json:"status" enum:"ok" doc:"ok, or there is a problem in its place."`
	}
	type stateOutput struct{ Body state }
	huma.Register(s.api, huma.Operation{OperationID: "healthz", Method: http.MethodGet, Path: "/healthz", Summary: "Whether the service lives", Errors: []int{421}, SkipValidateParams: true},
		func(context.Context, *struct{}) (*stateOutput, error) { return &stateOutput{state{"ok"}}, nil })
	huma.Register(s.api, huma.Operation{OperationID: "readyz", Method: http.MethodGet, Path: "/readyz", Summary: "Whether the service takes documents", Errors: []int{421, 503}, SkipValidateParams: true},
		func(ctx context.Context, _ *struct{}) (*stateOutput, error) {
			if err := s.ready(ctx); err != nil {
				return nil, err
			}
			return &stateOutput{state{"ok"}}, nil
		})
}

func formsJSON(forms form.Set) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(forms.All())
	return b.Bytes(), err
}

// ready says whether documents are taken. That Tesseract is missing is no reason not to: all but scans are read.
func (s *Service) ready(context.Context) error {
	if s.leave.Load() {
		return problem(http.StatusServiceUnavailable, "ending", errLeaving.Error())
	}
	if len(s.seats) == cap(s.seats) {
		return problem(http.StatusServiceUnavailable, "full", errFull.Error())
	}
	return nil
}
