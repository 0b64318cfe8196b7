package service

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/internal/out/markup"
)

// ofJob is the part of a request that names a job.
type ofJob struct {
	request
	ID string `path:"id" maxLength:"64" doc:"The job."`
}

// later registers what is done later.
func (s *Service) later() {
	s.taking()
	jobErrors := []int{400, 401, 403, 404, 421, 500}
	type jobInput struct {
		ID string `path:"id" maxLength:"64" doc:"The job."`
	}
	type seenOutput struct{ Body Job }
	huma.Register(s.api, huma.Operation{OperationID: "job", Method: http.MethodGet, Path: "/v1/jobs/{id}", Summary: "See how a job stands", Errors: jobErrors},
		func(ctx context.Context, in *jobInput) (*seenOutput, error) {
			r, err := s.jobs.store.get(ctx, in.ID)
			if err != nil {
				return nil, s.saying(ctx, err)
			}
			return &seenOutput{s.jobs.seen(r)}, nil
		})
	huma.Register(s.api, huma.Operation{OperationID: "delete-job", Method: http.MethodDelete, Path: "/v1/jobs/{id}", Summary: "Remove a job",
		Description: "It is ended if it runs, and its document, its result and its record are removed.", Errors: jobErrors},
		func(ctx context.Context, in *jobInput) (*struct{}, error) {
			was, err := s.jobs.forget(ctx, in.ID)
			if err == nil && !was {
				err = errNoJob
			}
			return nil, s.saying(ctx, err)
		})

	type resultInput struct {
		request
		ID string `path:"id" maxLength:"64" doc:"The job."`
		TableShape
	}
	op := huma.Operation{OperationID: "result", Method: http.MethodGet, Path: "/v1/jobs/{id}/result", Summary: "Take the report of a job away",
		Description: "The problem of a job that failed is answered as /v1/convert would have answered it."}
	op.Responses, op.Errors = answers("The report.", reportContent(), 404, 406, 409, 413, 415, 422)
	op.Responses["304"] = &huma.Response{Description: "The client has it already (If-None-Match)."}
	doing(s, op, func(in *resultInput) request { return in.request }, func(ctx context.Context, in *resultInput) error {
		kind := accepted(in.r, reportTypes)
		if kind == "" {
			return errNone(reportTypes)
		}
		r, err := s.jobs.store.get(ctx, in.ID)
		if err != nil {
			return err
		}
		res, err := s.jobs.kept(r)
		if err != nil {
			return err
		}
		return s.send(in.request, kind, r.Name, in.TableShape, res)
	})
	s.following()
	s.drawing()
}

// saying is an error for those operations whose answers huma writes.
func (s *Service) saying(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if p := s.problemOf(ctx, err); p != nil {
		return p
	}
	return context.Canceled // nobody listens any more
}

// taking registers what takes jobs.
func (s *Service) taking() {
	type takeInput struct {
		request
		Settings
		Keep int    `query:"keep" minimum:"1" maximum:"31536000" doc:"For how many seconds after its end the job is kept, document and result; at most, and by default, what the service is set to."`
		Key  string `header:"Idempotency-Key" maxLength:"255" doc:"The same request with the same key, sent again, gives the same job."`
	}
	op := huma.Operation{OperationID: "take-job", Method: http.MethodPost, Path: "/v1/jobs", Summary: "Have a document converted later",
		Description: "Answers as soon as the document is kept: the job outlives the service. For documents of many pages, and for many documents.", RequestBody: file()}
	taken := &huma.Schema{Ref: "#/components/schemas/Job"}
	op.Responses, op.Errors = answers("The job, as it was taken.", nil, 408, 413, 422, 429, 503)
	op.Responses["202"] = &huma.Response{Description: "The job.", Content: map[string]*huma.MediaType{typeJSON: {Schema: taken}}, Headers: map[string]*huma.Header{"Location": {Description: "Where to see it.", Schema: &huma.Schema{Type: "string"}}}}
	delete(op.Responses, "200")
	op.DefaultStatus = http.StatusAccepted
	doing(s, op, func(in *takeInput) request { return in.request }, func(ctx context.Context, in *takeInput) error {
		if s.leave.Load() {
			return errLeaving
		}
		keep := s.Limits.Keep
		if in.Keep > 0 {
			keep = min(keep, time.Duration(in.Keep)*time.Second)
		}
		d, err := s.take(in.request, in.Name)
		if err != nil {
			return err
		}
		r, err := s.jobs.add(ctx, d, in.Settings, keep, in.Key)
		if err != nil || d.dir != s.jobs.folder(r.ID) { // it failed, or there was such a job
			err = errors.Join(err, d.remove())
		}
		if err != nil {
			return err
		}
		in.w.Header().Set("Location", "/v1/jobs/"+r.ID)
		b, err := json.Marshal(s.jobs.seen(r))
		if err != nil {
			return err
		}
		in.w.Header().Set("Content-Type", typeJSON)
		in.w.WriteHeader(http.StatusAccepted)
		_, _ = in.w.Write(b) // nobody listens any more
		return nil
	})
}

// heartbeat is how often a stream of events says something, so that whoever stands between does not take it for dead.
const heartbeat = 15 * time.Second

// following registers the events of a job.
func (s *Service) following() {
	op := huma.Operation{OperationID: "events", Method: http.MethodGet, Path: "/v1/jobs/{id}/events", Summary: "Follow a job",
		Description: "Server-sent events: each has the job as GET /v1/jobs/{id} gives it, under the name of its state; the last one is done, failed or gone."}
	op.Responses, op.Errors = answers("Events until the job ends.", map[string]*huma.MediaType{typeEvents: {}}, 404, 503)
	doing(s, op, func(in *ofJob) request { return in.request }, func(ctx context.Context, in *ofJob) error {
		if s.leave.Load() {
			return errLeaving
		}
		if _, err := s.jobs.store.get(ctx, in.ID); err != nil {
			return err
		}
		in.w.Header().Set("Content-Type", typeEvents)
		control := http.NewResponseController(in.w)
		beat := time.NewTicker(heartbeat)
		defer beat.Stop()
		last := ""
		for {
			change := s.jobs.change() // what changes after this is not missed
			r, err := s.jobs.store.get(ctx, in.ID)
			if errors.Is(err, errNoJob) {
				_, _ = fmt.Fprint(in.w, "event: gone\ndata: {}\n\n") // nobody listens any more
				return nil
			}
			if err != nil {
				return nil // the headers are sent: the client sees the stream end
			}
			job := s.jobs.seen(r)
			b, err := json.Marshal(job)
			if err != nil {
				return nil // as above
			}
			if now := string(b); now != last {
				last = now
				if _, err := fmt.Fprintf(in.w, "event: %s\ndata: %s\n\n", job.State, b); err != nil {
					return nil // nobody listens any more
				}
			}
			if err := control.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) || job.State == Done || job.State == Failed {
				return nil
			}
			select {
			case <-change:
			case <-beat.C:
				if _, err := fmt.Fprint(in.w, ": still there\n\n"); err != nil {
					return nil // nobody listens any more
				}
			case <-ctx.Done():
				return nil
			case <-s.ending:
				return nil
			}
		}
	})
}

// drawing registers the pictures of a job's document.
func (s *Service) drawing() {
	picture := func(id, path, summary, description string) huma.Operation {
		op := huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Description: description}
		op.Responses, op.Errors = answers("The picture.", map[string]*huma.MediaType{typePNG: {Schema: &huma.Schema{Type: "string", Format: "binary"}}}, 404, 409, 422, 429, 503)
		op.Responses["304"] = &huma.Response{Description: "The client has it already (If-None-Match)."}
		return op
	}
	type pageInput struct {
		request
		ID   string `path:"id" maxLength:"64" doc:"The job."`
		Page string `path:"page" pattern:"^[1-9][0-9]{0,4}\\.png$" doc:"The page, counted from 1: 1.png"`
		DPI  int    `query:"dpi" minimum:"20" maximum:"300" default:"150" doc:"Dots an inch."`
	}
	doing(s, picture("page", "/v1/jobs/{id}/pages/{page}", "See a page of a job's document", "Upright, however it was scanned."), func(in *pageInput) request { return in.request }, func(ctx context.Context, in *pageInput) error {
		n, err := strconv.Atoi(strings.TrimSuffix(in.Page, ".png"))
		if err != nil {
			return wrong("the page must be a number")
		}
		return s.draw(ctx, in.request, in.ID, fmt.Sprint("page ", n, in.DPI), func(ctx context.Context, res *nianbao.Result) (image.Image, error) {
			if n > len(res.Report.Source.Pages) {
				return nil, problem(http.StatusNotFound, "no_pages", fmt.Sprintf("the document has %d pages that can be drawn", len(res.Report.Source.Pages)))
			}
			return res.Page(ctx, n, in.DPI)
		})
	})
	type cropInput struct {
		request
		ID      string `path:"id" maxLength:"64" doc:"The job."`
		Pointer string `path:"pointer" pattern:"\\.png$" maxLength:"1024" doc:"The value as a JSON pointer, percent-encoded or not, and .png: %2Ftables%2Frequests%2Freceived%2Ftotal.png"`
	}
	op := picture("crop", "/v1/jobs/{id}/crops/{pointer}", "See the cell that a value was taken from", "Upright, with a margin, at the resolution of the page's picture.")
	crop := func(ctx context.Context, in *cropInput) error {
		path := "/" + strings.TrimPrefix(strings.TrimSuffix(in.Pointer, ".png"), "/")
		return s.draw(ctx, in.request, in.ID, "crop "+path, func(ctx context.Context, res *nianbao.Result) (image.Image, error) { return res.Crop(ctx, path) })
	}
	doing(s, op, func(in *cropInput) request { return in.request }, crop)
	// OpenAPI has no parameter of several segments; the address reads better with one.
	s.mux.HandleFunc("GET /v1/jobs/{id}/crops/{first}/{pointer...}", func(w http.ResponseWriter, r *http.Request) {
		u := url.URL{Path: "/v1/jobs/" + r.PathValue("id") + "/crops/"}
		pointer := r.PathValue("first") + "/" + r.PathValue("pointer")
		r.URL.Path, r.URL.RawPath = u.Path+pointer, u.EscapedPath()+url.PathEscape(pointer)
		s.mux.ServeHTTP(w, r)
	})

	op = huma.Operation{OperationID: "source", Method: http.MethodGet, Path: "/v1/jobs/{id}/source", Summary: "See the text and the tables of a job's document",
		Description: "HTML without any markup of the document's own, for formats that have no pages."}
	op.Responses, op.Errors = answers("Paragraphs and tables in their order.", map[string]*huma.MediaType{typeHTML: {Schema: &huma.Schema{Type: "string"}}}, 404, 409, 422, 429, 503)
	op.Responses["304"] = &huma.Response{Description: "The client has it already (If-None-Match)."}
	doing(s, op, func(in *ofJob) request { return in.request }, func(ctx context.Context, in *ofJob) error {
		return s.picture(ctx, in.request, in.ID, "source", typeHTML, func(ctx context.Context, r *record, res *nianbao.Result) ([]byte, error) {
			doc, err := s.Converter.Layout(ctx, s.jobs.document(r).input())
			if err != nil {
				return nil, err
			}
			var b bytes.Buffer
			err = markup.WriteBlocks(&b, doc)
			return b.Bytes(), err
		})
	})
}

// draw answers with a picture of a job's document.
func (s *Service) draw(ctx context.Context, q request, id, name string, make func(context.Context, *nianbao.Result) (image.Image, error)) error {
	return s.picture(ctx, q, id, name, typePNG, func(ctx context.Context, _ *record, res *nianbao.Result) ([]byte, error) {
		img, err := make(ctx, res)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		err = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img)
		return b.Bytes(), err
	})
}

// picture answers with what a worker makes of a job's document.
func (s *Service) picture(ctx context.Context, q request, id, name, kind string, make func(context.Context, *record, *nianbao.Result) ([]byte, error)) error {
	r, err := s.jobs.store.get(ctx, id)
	if err != nil {
		return err
	}
	if r.State == Failed {
		return problem(http.StatusConflict, "no_result", "the job has no result, and so no pictures: "+r.Problem.Detail)
	}
	kept, err := s.jobs.kept(r)
	if err != nil {
		return err
	}
	if unchanged(q, s.etag([]byte(id), name)) {
		return nil
	}
	leave, err := s.seat()
	if err != nil {
		return err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, s.Limits.Answer)
	defer cancel()
	begun := time.Now()
	b, err := make(ctx, r, s.Converter.Reopen(kept.all[0], s.jobs.document(r).input()))
	s.metrics.took(stageDraw, begun)
	if err != nil {
		return err
	}
	// The browser may keep it and must ask each time whether it still may.
	q.w.Header().Set("Cache-Control", "private, no-cache")
	respond(q.w, kind, b)
	return nil
}
