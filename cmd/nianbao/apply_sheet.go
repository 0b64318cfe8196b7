package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/out/export"
	"github.com/nianbao/nianbao/internal/run/answers"
	"github.com/nianbao/nianbao/internal/run/batch"
)

// applySheet takes the answers of a workbook into the output folder, or the queue, that it was made of.
func applySheet(ctx context.Context, e *env, o applyOptions, out, workbook string) error {
	if o.out != "" {
		return usageError{errors.New("-o is not for a workbook: the results in the output folder are brought to the answers")}
	}
	f, err := os.Open(workbook)
	if err != nil {
		return err
	}
	all, bad, err := export.ReadAnswers(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("%s: %w", workbook, err)
	}
	log := e.logger()
	at, err := o.at(ctx, e, log, out)
	if err != nil {
		return err
	}
	defer at.close()
	if _, err := at.book(); err != nil {
		return err
	}
	t := taken{out: at.out, forms: at.forms, now: time.Now().Format(time.RFC3339), who: o.who}
	for start := 0; start < len(all); {
		end := start
		for end < len(all) && all[end].File == all[start].File {
			end++
		}
		b, err := t.take(all[start:end])
		if err != nil {
			return err
		}
		bad = append(bad, b...)
		start = end
	}
	for _, b := range bad {
		e.logger().Error(b.Error(), "file", workbook)
	}
	e.tell("%d answers taken, %d were there already, %d lines cannot be taken; nianbao status %s says what is left", t.new, t.same, len(bad), typed(out))
	if len(bad) > 0 {
		return statusError{exitFailed}
	}
	return nil
}

// taken counts what was taken.
type taken struct {
	out       *batch.Output
	forms     form.Set
	now, who  string
	new, same int
}

// take keeps the answers for one result. Those that say what the history says already change nothing.
func (t *taken) take(list []export.Answer) (bad []export.BadLine, err error) {
	r, err := t.out.Result(list[0].File)
	if err != nil {
		for _, a := range list {
			bad = append(bad, export.BadLine{Line: a.Line, Err: fmt.Errorf("%s: there is no such result", a.File)})
		}
		return bad, nil
	}
	h, err := t.out.Answers().Load(r.Source.SHA256)
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		if last := h.Last(a.Path); last != nil && last.Value.Equal(a.Value) {
			t.same++
			continue
		}
		p := a.Patch
		p.When = t.now
		if p.Who == "" {
			p.Who = t.who
		}
		_, after, err := t.out.Answer(a.File, t.forms, -1, answers.Entry{Patch: p})
		if err != nil {
			bad = append(bad, export.BadLine{Line: a.Line, Err: err})
			continue
		}
		h = after
		t.new++
	}
	return bad, nil
}
