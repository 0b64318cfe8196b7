package batch

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/internal/run/answers"
	"github.com/nianbao/nianbao/internal/run/folder"
	"github.com/nianbao/nianbao/internal/run/series"
	"github.com/nianbao/nianbao/report"
)

// shards are the ledgers of an output folder of this machine.
type shards struct{ out string }

// lockResults waits until no other process lays answers over results: between the reading of a history and the
// writing of the result nothing may be answered.
func lockResults(out string) (unlock func(), err error) {
	return answers.Lock(filepath.Join(out, "results.lock"))
}

// Changed reads what has changed in the ledgers. The mark says of each when it last changed, and how far it was read.
func (s shards) Changed(mark string, each func(*Row) error) (string, error) {
	was := map[string]ledgerRead{}
	if mark != "" {
		if err := json.Unmarshal([]byte(mark), &was); err != nil {
			return mark, err
		}
	}
	names, err := ledgers(s.out)
	if err != nil {
		return mark, err
	}
	for _, n := range names {
		stamp := fileStamp(n)
		if was[n].Stamp == stamp {
			continue
		}
		updated, err := readLedger(n, was[n].Updated, each)
		if errors.Is(err, errUnborn) {
			continue
		}
		if err != nil {
			return mark, err
		}
		was[n] = ledgerRead{stamp, updated}
	}
	next, err := json.Marshal(was)
	return string(next), err
}

// Lookup gives the row of a content; of several shards' that of a result.
func (s shards) Lookup(hash string) (*Row, error) {
	names, err := ledgers(s.out)
	if err != nil {
		return nil, err
	}
	var found *Row
	for _, n := range names {
		db, err := openReading(n)
		if errors.Is(err, errUnborn) {
			continue
		}
		if err != nil {
			return nil, err
		}
		r, err := (&ledger{db: db}).ByHash(hash)
		if err = errors.Join(err, db.Close()); err != nil {
			return nil, err
		}
		if r != nil && (found == nil || r.State == Done) {
			found = r
		}
	}
	return found, nil
}

// Revise has every ledger that knows a result count it as it stands.
func (s shards) Revise(output string, rules *series.Rules, do func() (*Revised, error)) error {
	unlock, err := lockResults(s.out)
	if err != nil {
		return err
	}
	defer unlock()
	v, err := do()
	if err != nil || v == nil {
		return err
	}
	names, err := ledgers(s.out)
	if err != nil {
		return err
	}
	for _, n := range names {
		l, err := tryLedger(n)
		if err != nil {
			return fmt.Errorf("ledger %s: %w", n, err)
		}
		row, err := l.ByOutput(output)
		if err == nil && row != nil && row.State == Done {
			if err = v.Note(row, rules); err == nil {
				err = l.Put(row)
			}
		}
		if err := errors.Join(err, l.Close()); err != nil {
			return err
		}
	}
	return nil
}

// Place finds a result below the output folder of a batch that holds it: the folder, and the result's path below
// json/. ok is false where the file is in no such folder.
func Place(file string) (out, output string, ok bool) {
	return around(file, func(out string) bool {
		names, err := ledgers(out)
		return err == nil && len(names) > 0
	})
}

// Bookless says that a result lies in the output folder of a batch whose ledger is not there, but in the database of a queue.
func Bookless(file string) bool {
	_, _, ok := around(file, func(out string) bool {
		info, err := os.Stat(filepath.Join(out, quarantineDir))
		return err == nil && info.IsDir()
	})
	return ok
}

// around finds the output folder that a result is below json/ of.
func around(file string, is func(out string) bool) (out, output string, ok bool) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return "", "", false
	}
	for dir := filepath.Dir(abs); filepath.Dir(dir) != dir; dir = filepath.Dir(dir) {
		if filepath.Base(dir) != resultsDir || !is(filepath.Dir(dir)) {
			continue
		}
		rel, err := filepath.Rel(dir, abs)
		return filepath.Dir(dir), filepath.ToSlash(rel), err == nil
	}
	return "", "", false
}

// conclude looks at all that there is by now, other shards' reports included: how many reports have
// cells to review or are not complete, and what they say about one another, which goes to series.json.
func (s shards) conclude(sum *Summary, rules *series.Rules) error {
	all, err := readAll(s.out)
	if err != nil {
		return err
	}
	dir := folder.Dir{Root: s.out}
	all = slices.DeleteFunc(all, func(r Row) bool {
		there, err := dir.Has(resultName(r.Output))
		return r.State != Done || err != nil || !there
	})
	for _, r := range all {
		if r.Counts.Review > 0 {
			sum.Review++
		}
		switch r.Outcome {
		case report.Complete:
		case report.NoNumbers:
			sum.NoNumbers++
		default:
			sum.Partial++
		}
	}
	sum.Series, err = PutSeries(dir, rules, func(add func([]series.Entry)) error { return byIssuer(all, add) })
	return err
}

// PutSeries compares the reports of each issuer, which groups gives one after the other, and writes what they
// contradict each other in. It gives the number of contradictions.
func PutSeries(out folder.Folder, rules *series.Rules, groups func(add func([]series.Entry)) error) (int, error) {
	s := rules.New()
	if err := groups(s.Add); err != nil {
		return 0, err
	}
	data, err := encode(s)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, f := range s.Findings {
		if f.Severity == "error" {
			n++
		}
	}
	return n, out.Write(seriesName, data)
}

// byIssuer reads the entries of rows, those of one issuer at a time: there may be very many.
func byIssuer(all []Row, add func([]series.Entry)) error {
	slices.SortFunc(all, func(x, y Row) int { return strings.Compare(x.issuer, y.issuer) })
	books := map[string]*ledger{}
	defer func() {
		for _, l := range books {
			_ = l.Close() // it was only read
		}
	}()
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].issuer == all[0].issuer {
			n++
		}
		var group []series.Entry
		for _, r := range all[:n] {
			if books[r.ledger] == nil {
				db, err := openReading(r.ledger)
				if err != nil {
					return err
				}
				books[r.ledger] = &ledger{db: db}
			}
			full, err := books[r.ledger].ByHash(r.Hash)
			if err != nil {
				return err
			}
			if full == nil || full.State != Done {
				continue // its shard has begun it again
			}
			var e series.Entry
			if err := json.Unmarshal(full.Entry, &e); err != nil {
				return fmt.Errorf("ledger: %s: %w", r.Output, err)
			}
			e.Name = r.Output
			group = append(group, e)
		}
		add(group)
		all = all[n:]
	}
	return nil
}
