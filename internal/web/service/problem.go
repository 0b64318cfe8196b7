package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/worker"
)

// Problem is an error as clients get it (RFC 9457).
type Problem struct {
	Status int    `json:"status" doc:"The HTTP status, again."`
	Title  string `json:"title" doc:"The HTTP status in words."`
	Code   string `json:"code" doc:"One word for programs; it never changes its meaning."`
	Detail string `json:"detail" doc:"What happened, and what to do about it."`
	// Errors are the faults of single parameters.
	Errors []*huma.ErrorDetail `json:"errors,omitempty" doc:"The faults of single parameters."`
}

func (p *Problem) Error() string { return p.Detail }

// GetStatus gives the status to huma.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of problems.
func (*Problem) ContentType(string) string { return "application/problem+json" }

// huma knows how errors look from this variable alone; no other package of the program uses huma.
func init() {
	huma.NewError = func(status int, detail string, errs ...error) huma.StatusError {
		code := "wrong"
		switch status {
		case http.StatusUnprocessableEntity:
			// huma means parameters; what is wrong with a document is said by this package.
			status = http.StatusBadRequest
		case http.StatusRequestEntityTooLarge:
			code = "too_large"
		case http.StatusInternalServerError:
			code = "failed"
		}
		p := problem(status, code, detail)
		for _, err := range errs {
			var d huma.ErrorDetailer
			if errors.As(err, &d) {
				p.Errors = append(p.Errors, d.ErrorDetail())
			}
		}
		return p
	}
}

func problem(status int, code, detail string) *Problem {
	return &Problem{Status: status, Title: http.StatusText(status), Code: code, Detail: detail}
}

// wrong is a request that makes no sense.
func wrong(format string, args ...any) *Problem {
	return problem(http.StatusBadRequest, "wrong", fmt.Sprintf(format, args...))
}

// reasons are what is wrong with a document: the status, and what to do.
var reasons = map[worker.Reason]struct {
	status int
	advice string
}{
	worker.Crashed:        {422, "the document makes a reader crash: save it anew with the program that it is from, or print it to PDF"},
	worker.Timeout:        {422, "send it as a job (POST /v1/jobs), split it, or have the limits of the service raised"},
	worker.OutOfMemory:    {422, "split it, or have the limits of the service raised (--memory)"},
	worker.OutputTooLarge: {422, "split it, or have the limits of the service raised (--max-output)"},
	worker.TooLarge:       {413, "split it, or have the limits of the service raised (--max-input)"},
	worker.Unsupported:    {415, "PDF, OFD, DOCX, DOC, WPS, ODT, RTF, XLSX, XLS, ODS, HTML, MHT, text and page images are read"},
	worker.Encrypted:      {422, "remove the password first"},
	worker.Damaged:        {422, "get the file again from its source"},
	worker.Empty:          {422, "the body holds no bytes: send the file itself"},
	worker.MissingProgram: {422, "the machine of the service lacks a program"},
	worker.NotAReport:     {422, "any=true lets such documents pass, /v1/tables takes the tables of anything"},
}

// problemOf says what is to be said of an error; nil where nobody listens any more.
func (s *Service) problemOf(ctx context.Context, err error) *Problem {
	var p *Problem
	var f *worker.Failure
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, errFull):
		return problem(http.StatusTooManyRequests, "full", err.Error())
	case errors.Is(err, errLeaving):
		return problem(http.StatusServiceUnavailable, "ending", err.Error())
	case errors.As(err, &large):
		return problem(http.StatusRequestEntityTooLarge, "too_large", fmt.Sprintf("the body is larger than %d bytes: send less, or have the limit of the service raised (--max-input)", large.Limit))
	case errors.Is(err, os.ErrDeadlineExceeded):
		return problem(http.StatusRequestTimeout, "slow", fmt.Sprintf("the body came too slowly: at least %d bytes a second are expected", s.Limits.Pace))
	case errors.As(context.Cause(ctx), &p): // why this service gave up
		return p
	case errors.Is(err, context.DeadlineExceeded):
		return problem(http.StatusUnprocessableEntity, string(worker.Timeout), fmt.Sprintf("the document took longer than %v: %s", s.Limits.Answer, reasons[worker.Timeout].advice))
	case errors.Is(err, nianbao.ErrNoPages), errors.Is(err, nianbao.ErrNoPlace):
		return problem(http.StatusNotFound, "no_pages", err.Error())
	case errors.Is(err, check.ErrUnfit):
		return problem(http.StatusUnprocessableEntity, "unfit", err.Error())
	case errors.As(err, &f):
		r, ok := reasons[f.Reason]
		if !ok {
			r.status = http.StatusUnprocessableEntity
		}
		detail := f.Message
		if r.advice != "" {
			detail += ": " + r.advice
		}
		return problem(r.status, string(f.Reason), detail)
	case errors.Is(err, context.Canceled):
		return nil
	}
	s.Logger.ErrorContext(ctx, err.Error())
	return problem(http.StatusInternalServerError, "failed", "this is no fault of the request: "+err.Error())
}

// refuse answers with a problem.
func (s *Service) refuse(w http.ResponseWriter, p *Problem) {
	if p == nil {
		return
	}
	h := w.Header()
	switch p.Status {
	case http.StatusTooManyRequests:
		h.Set("Retry-After", strconv.Itoa(s.patience()))
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", "5")
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="nianbao"`)
	}
	h.Del("ETag")
	h.Del("Content-Disposition")
	h.Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // nobody listens any more
}

// patience is after how many seconds a seat may be free: a scanned page takes about a second.
func (s *Service) patience() int { return min(60, 1+len(s.seats)/s.Processes) }
