package batch

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/run/answers"
	"github.com/nianbao/nianbao/internal/run/folder"
	"github.com/nianbao/nianbao/internal/run/series"
	"github.com/nianbao/nianbao/report"
)

// Output is a batch's output as people look at it and answer in it: the folder, and the book that is kept of it.
type Output struct {
	Folder  folder.Folder
	Records Records
	answers *answers.Store
}

// Records are the rows of an output for those who read it: the ledgers of all shards, or the database of a queue.
type Records interface {
	// Changed gives the rows that were written since a mark, all for "", some perhaps once more, and the next mark.
	Changed(mark string, each func(*Row) error) (next string, err error)
	// Lookup gives the row of a content, nil where there is none.
	Lookup(hash string) (*Row, error)
	// Revise has a result changed while nobody else changes it, and notes it as it is then. Nil is no change.
	Revise(output string, rules *series.Rules, do func() (*Revised, error)) error
}

// Revised is a result as it was changed, and the SHA-256 of its bytes.
type Revised struct {
	Report *report.Report
	Made   string
}

// Note puts into the row what a ledger keeps of it.
func (v *Revised) Note(row *Row, rules *series.Rules) error {
	row.Made = v.Made
	return row.Take(v.Report, rules)
}

// Local is an output folder of this machine.
func Local(out string) *Output {
	return &Output{folder.Dir{Root: out}, shards{out}, answers.InOutput(out)}
}

// Shared is an output of which somebody else keeps the book. His Revise is the lock over answers, too.
func Shared(out folder.Folder, records Records) *Output {
	return &Output{out, records, answers.Under(out)}
}

// Answers are the histories of what people said.
func (o *Output) Answers() *answers.Store { return o.answers }

// Result reads a result by its path below json/.
func (o *Output) Result(output string) (*report.Report, error) {
	if !filepath.IsLocal(filepath.FromSlash(output)) {
		return nil, fmt.Errorf("%q is no path of a result", output)
	}
	b, err := o.Folder.Read(resultName(output))
	if err != nil {
		return nil, err
	}
	return report.Decode(b)
}

// Read gives the JSON of a result.
func (o *Output) Read(output string) ([]byte, error) { return o.Folder.Read(resultName(output)) }

// Results lists the results by their paths below json/.
func (o *Output) Results() ([]string, error) {
	var all []string
	err := o.Folder.List(resultsDir, func(e folder.Entry) error {
		if filepath.Ext(e.Name) == resultExt {
			all = append(all, e.Name[len(resultsDir)+1:])
		}
		return nil
	})
	return all, err
}

// Answer keeps what a person said of a result, and brings the result and the ledger to it. seen is how many
// entries of the history the person had seen, negative if that is not to be asked; where somebody else
// answered the same value after that, nothing changes and the error is answers.ErrConflict; an answer that does not
// fit gives check.ErrUnfit. When the error is nil the answers are kept.
func (o *Output) Answer(output string, forms form.Set, seen int, entries ...answers.Entry) (r *report.Report, h *answers.History, err error) {
	err = o.Records.Revise(output, series.RulesOf(forms), func() (*Revised, error) {
		if r, err = o.Result(output); err != nil {
			return nil, err
		}
		if _, err := o.answers.Adopt(r); err != nil {
			return nil, err
		}
		for i, e := range entries {
			if e.Undo != 0 {
				continue
			}
			if err := check.Fits(r, forms, e.Patch); err != nil {
				return nil, err
			}
			if e.Before == nil {
				entries[i] = answers.Of(r, e.Patch)
			}
		}
		if h, err = o.answers.Add(r.Source.SHA256, r.Source.Name, seen, entries...); err != nil {
			return nil, err
		}
		return o.settle(output, forms, r, h)
	})
	return r, h, err
}

// settle brings a result to what its history says, and gives it back if that changed it.
func (o *Output) settle(output string, forms form.Set, r *report.Report, h *answers.History) (*Revised, error) {
	changed, err := answers.Settle(r, forms, h)
	if err != nil || !changed {
		return nil, err
	}
	data, err := encodeReport(r)
	if err != nil {
		return nil, err
	}
	return &Revised{r, fileHash(data)}, o.Folder.Write(resultName(output), data)
}

// SettleAll brings all results to what their histories say, for answers whose result could not be written before the
// process ended. It gives the paths of those that changed.
func (o *Output) SettleAll(forms form.Set) ([]string, error) {
	contents, err := o.answers.Contents()
	if err != nil {
		return nil, err
	}
	var changed []string
	for _, sha := range contents {
		row, err := o.Records.Lookup(sha)
		if err != nil {
			return changed, err
		}
		if row == nil || row.State != Done {
			continue
		}
		err = o.Records.Revise(row.Output, series.RulesOf(forms), func() (*Revised, error) {
			r, err := o.Result(row.Output)
			if err != nil {
				return nil, nil // the batch that makes it again lays the answers over it
			}
			h, err := o.answers.Load(sha)
			if err != nil {
				return nil, err
			}
			v, err := o.settle(row.Output, forms, r, h)
			if v != nil {
				changed = append(changed, row.Output)
			}
			return v, err
		})
		if err != nil {
			return changed, fmt.Errorf("%s: %w", row.Output, err)
		}
	}
	return changed, nil
}

func encodeReport(r *report.Report) ([]byte, error) {
	var b bytes.Buffer
	err := report.Encode(&b, r, true)
	return b.Bytes(), err
}

// keep writes a result, with what people said of it, and notes it.
func (b *run) keep(r *Row, rep *report.Report, data []byte) error {
	return b.ledger.Keep(r, func() error {
		data, err := b.answered(r, rep, data)
		if err != nil {
			return err
		}
		err = b.write(r, func() error { return b.store.putResult(r, data) })
		r.Made = fileHash(data)
		return errors.Join(err, r.Take(rep, b.rules))
	})
}

// answered lays over a new result what people said of these bytes, whatever converted them. Answers of a result
// that is older than histories of answers are taken over first: the result is about to be written over.
func (b *run) answered(row *Row, rep *report.Report, data []byte) ([]byte, error) {
	if !row.Fresh {
		old, err := b.store.folder.Read(resultName(row.Output))
		switch {
		case err == nil:
			if r, err := report.Decode(old); err == nil && r.Source.SHA256 == rep.Source.SHA256 {
				if _, err := b.said.Adopt(r); err != nil {
					return nil, err
				}
			}
		case errors.Is(err, fs.ErrPermission), errors.Is(err, folder.ErrUnavailable):
			return nil, err // there may be answers in it
		}
	}
	h, err := b.said.Load(rep.Source.SHA256)
	if err != nil {
		return nil, err
	}
	changed, err := answers.Settle(rep, b.Forms, h)
	if err != nil || !changed {
		return data, err
	}
	return encodeReport(rep)
}
