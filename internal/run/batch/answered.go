package batch

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/run/answers"
	"github.com/nianbao/nianbao/internal/run/series"
	"github.com/nianbao/nianbao/internal/whole"
	"github.com/nianbao/nianbao/report"
)

// keep writes a result, with what people said of it, and notes it.
func (b *run) keep(r *row, rep *report.Report, data []byte) error {
	unlock, err := lockResults(b.Out)
	if err != nil {
		return err
	}
	defer unlock()
	if data, err = b.answered(r.Output, rep, data); err != nil {
		return err
	}
	if err := b.write(r, func(output string) error { return b.store.putResult(output, data) }); err != nil {
		return err
	}
	r.Made = fileHash(data)
	if err := r.take(rep, b.rules); err != nil {
		return err
	}
	return b.ledger.put(r)
}

// lockResults waits until no other process lays answers over results: between the reading of a history and the
// writing of the result nothing may be answered.
func lockResults(out string) (unlock func(), err error) {
	return answers.Lock(filepath.Join(out, "results.lock"))
}

// answered lays over a new result what people said of these bytes, whatever converted them. Answers of a result
// that is older than histories of answers are taken over first: the result is about to be written over.
func (b *run) answered(output string, rep *report.Report, data []byte) ([]byte, error) {
	said := answers.InOutput(b.Out)
	old, err := os.ReadFile(b.store.result(output))
	switch {
	case err == nil:
		if r, err := report.Decode(old); err == nil && r.Source.SHA256 == rep.Source.SHA256 {
			if _, err := said.Adopt(r); err != nil {
				return nil, err
			}
		}
	case errors.Is(err, fs.ErrPermission):
		return nil, err // there may be answers in it
	}
	h, err := said.Load(rep.Source.SHA256)
	if err != nil {
		return nil, err
	}
	changed, err := answers.Settle(rep, b.Forms, h)
	if err != nil || !changed {
		return data, err
	}
	return encodeReport(rep)
}

func encodeReport(r *report.Report) ([]byte, error) {
	var b bytes.Buffer
	err := report.Encode(&b, r, true)
	return b.Bytes(), err
}

// Place finds a result below the output folder of a batch that holds it: the folder, and the result's path below
// json/. ok is false where the file is in no such folder.
func Place(file string) (out, output string, ok bool) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return "", "", false
	}
	for dir := filepath.Dir(abs); filepath.Dir(dir) != dir; dir = filepath.Dir(dir) {
		if filepath.Base(dir) != resultsDir {
			continue
		}
		if names, err := ledgers(filepath.Dir(dir)); err != nil || len(names) == 0 {
			continue
		}
		rel, err := filepath.Rel(dir, abs)
		return filepath.Dir(dir), filepath.ToSlash(rel), err == nil
	}
	return "", "", false
}

// ReadResult reads a result by its path below json/.
func ReadResult(out, output string) (*report.Report, error) {
	if !filepath.IsLocal(filepath.FromSlash(output)) {
		return nil, fmt.Errorf("%q is no path of a result", output)
	}
	b, err := os.ReadFile(filepath.Join(out, resultsDir, filepath.FromSlash(output)))
	if err != nil {
		return nil, err
	}
	return report.Decode(b)
}

// Answer keeps what a person said of a result, and brings the result and the ledger to it. seen is how many
// entries of the history the person had seen, negative if that is not to be asked; where somebody else
// answered the same value after that, nothing changes and the error is answers.ErrConflict; an answer that does not fit gives check.ErrUnfit. When the error is
// nil the answers are on the disk.
func Answer(out, output string, forms form.Set, seen int, entries ...answers.Entry) (*report.Report, *answers.History, error) {
	r, err := ReadResult(out, output)
	if err != nil {
		return nil, nil, err
	}
	said := answers.InOutput(out)
	if _, err := said.Adopt(r); err != nil {
		return nil, nil, err
	}
	for i, e := range entries {
		if e.Undo != 0 {
			continue
		}
		if err := check.Fits(r, forms, e.Patch); err != nil {
			return r, nil, err
		}
		if e.Before == nil {
			entries[i] = answers.Of(r, e.Patch)
		}
	}
	h, err := said.Add(r.Source.SHA256, r.Source.Name, seen, entries...)
	if err != nil {
		return r, h, err
	}
	r, err = settle(out, output, forms)
	return r, h, err
}

// settle brings a result and the ledger to what its history says.
func settle(out, output string, forms form.Set) (*report.Report, error) {
	unlock, err := lockResults(out)
	if err != nil {
		return nil, err
	}
	defer unlock()
	// The history may have grown meanwhile, and the result with it.
	r, err := ReadResult(out, output)
	if err != nil {
		return nil, err
	}
	h, err := answers.InOutput(out).Load(r.Source.SHA256)
	if err != nil {
		return nil, err
	}
	changed, err := answers.Settle(r, forms, h)
	if err != nil || !changed {
		return r, err
	}
	data, err := encodeReport(r)
	if err != nil {
		return nil, err
	}
	if err := whole.Write(filepath.Join(out, resultsDir, filepath.FromSlash(output)), data, ""); err != nil {
		return nil, err
	}
	return r, noteResult(out, output, forms, r, fileHash(data))
}

// noteResult has every ledger that knows a result count it as it stands.
func noteResult(out, output string, forms form.Set, r *report.Report, made string) error {
	names, err := ledgers(out)
	if err != nil {
		return err
	}
	for _, n := range names {
		l, err := tryLedger(n)
		if err != nil {
			return fmt.Errorf("ledger %s: %w", n, err)
		}
		row, err := l.byOutput(output)
		if err == nil && row != nil && row.State == Done {
			row.Made = made
			if err = row.take(r, series.RulesOf(forms)); err == nil {
				err = l.put(row)
			}
		}
		if err := errors.Join(err, l.close()); err != nil {
			return err
		}
	}
	return nil
}

// SettleAll brings all results of an output folder to what their histories say, for answers whose result could not
// be written before the process ended. It gives the paths of those that changed.
func SettleAll(out string, forms form.Set) ([]string, error) {
	files, err := os.ReadDir(filepath.Join(out, answers.Folder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all, err := readAll(out)
	if err != nil {
		return nil, err
	}
	outputs := map[string]string{}
	for _, r := range all {
		if r.State == Done {
			outputs[r.Hash] = r.Output
		}
	}
	var changed []string
	for _, f := range files {
		sha, ok := strings.CutSuffix(f.Name(), ".json")
		output := outputs[sha]
		if !ok || output == "" {
			continue
		}
		before, err := ReadResult(out, output)
		if err != nil {
			continue // the batch that makes it again lays the answers over it
		}
		r, err := settle(out, output, forms)
		if err != nil {
			return changed, fmt.Errorf("%s: %w", output, err)
		}
		if len(r.Patches) != len(before.Patches) || len(r.Review) != len(before.Review) {
			changed = append(changed, output)
		}
	}
	return changed, nil
}
