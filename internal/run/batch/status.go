package batch

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/nianbao/nianbao/internal/run/folder"
	"github.com/nianbao/nianbao/report"
	"github.com/nianbao/nianbao/worker"
)

// ErrNoLedger means that a folder is no output folder of a batch.
var ErrNoLedger = errors.New("it holds no ledger: is it the output folder of a batch?")

// readAll reads the rows of every ledger of an output folder. Of rows with one output, which changed
// shards leave behind, the last ledger's counts.
func readAll(out string) ([]Row, error) {
	names, err := ledgers(out)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	var all []Row
	for _, n := range names {
		rs, err := rows(n)
		if errors.Is(err, errUnborn) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			key := strings.ToLower(r.Output)
			if i, ok := at[key]; ok {
				all[i] = r
				continue
			}
			at[key] = len(all)
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b Row) int { return natural(a.Output, b.Output) })
	return all, nil
}

// Status is how a batch stands.
type Status struct {
	Shards []ShardStatus `json:"shards"`
	// Done counts the contents whose report is complete; Partial and NoNumbers those that have a result and
	// are not done; Failed those that have none, and Reasons says why.
	Done      int                   `json:"done"`
	Partial   int                   `json:"partial"`
	NoNumbers int                   `json:"no_numbers"`
	Failed    int                   `json:"failed"`
	Reasons   map[worker.Reason]int `json:"reasons"`
	// Review is how many results have cells to review; Counts adds up all results.
	Review int    `json:"review"`
	Counts Counts `json:"counts"`
	// Seconds is the time spent on all these contents.
	Seconds float64 `json:"seconds"`
	// Queue is how a queue stands, nil where there is none.
	Queue *QueueStatus `json:"queue,omitempty"`
}

// QueueStatus is what is left in a queue, and who works on it.
type QueueStatus struct {
	Waiting   int            `json:"waiting"`
	Running   int            `json:"running"`
	Remaining float64        `json:"seconds_left"` // 0 when it cannot be told
	Workers   []WorkerStatus `json:"workers"`
}

// WorkerStatus is a worker that has given a sign of life lately.
type WorkerStatus struct {
	ID        string   `json:"id"`
	Host      string   `json:"host"`
	PID       int      `json:"pid"`
	Jobs      int      `json:"jobs"`
	Version   string   `json:"version"`
	Converted int      `json:"converted"`
	Failed    int      `json:"failed"`
	StartedAt string   `json:"started"`
	SeenAt    string   `json:"seen"`
	Alive     bool     `json:"alive"`
	Rate      float64  `json:"per_minute"`
	InFlight  []string `json:"in_flight"`
}

// ShardStatus is the last run of one shard.
type ShardStatus struct {
	Ledger string `json:"ledger"`
	runState
	// Alive says that the run is going on, by when it last gave a sign.
	Alive     bool     `json:"alive"`
	StartedAt string   `json:"started"`
	UpdatedAt string   `json:"updated"`
	Left      int      `json:"left"`
	Rate      float64  `json:"per_minute"`
	Remaining float64  `json:"seconds_left"` // 0 when it cannot be told
	InFlight  []string `json:"in_flight"`
}

// silence is how long ago a run may have written to its ledger and still count as alive: on a slow
// mount it may take that long.
const silence = 30 * time.Second

// ReadStatus reads the ledgers of an output folder, which may be in use.
func ReadStatus(out string) (*Status, error) {
	names, err := batchLedgers(out, out)
	if err != nil {
		return nil, err
	}
	s := &Status{Reasons: map[worker.Reason]int{}, Shards: []ShardStatus{}}
	for _, n := range names {
		sh, err := readShard(n)
		if errors.Is(err, errUnborn) || errors.Is(err, sql.ErrNoRows) {
			continue // it has only just begun
		}
		if err != nil {
			return nil, err
		}
		s.Shards = append(s.Shards, *sh)
	}
	all, err := readAll(out)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		s.Seconds += r.Seconds
		switch r.State {
		case Done:
			switch r.Outcome {
			case report.Complete:
				s.Done++
			case report.NoNumbers:
				s.NoNumbers++
			default:
				s.Partial++
			}
			if r.Counts.Review > 0 {
				s.Review++
			}
			s.Counts.add(r.Counts)
		case Failed:
			s.Failed++
			s.Reasons[r.Reason]++
		}
	}
	return s, nil
}

func (c *Counts) add(d Counts) {
	c.Cells += d.Cells
	c.Proven += d.Proven
	c.Supported += d.Supported
	c.Read += d.Read
	c.Repaired += d.Repaired
	c.Conflict += d.Conflict
	c.Missing += d.Missing
	c.Confirmed += d.Confirmed
	c.Review += d.Review
	c.FailedSums += d.FailedSums
	c.PagesByOCR += d.PagesByOCR
	c.PagesByText += d.PagesByText
}

func readShard(name string) (*ShardStatus, error) {
	db, err := openReading(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }() // it was only read
	s := &ShardStatus{Ledger: filepath.Base(name), InFlight: []string{}}
	var started, updated int64
	err = db.QueryRow(`SELECT state, host, pid, jobs, started, updated, total, planned, converted, failed, skipped, duplicates FROM run`).
		Scan(&s.State, &s.Host, &s.PID, &s.Jobs, &started, &updated, &s.Total, &s.Planned, &s.Converted, &s.Failed, &s.Skipped, &s.Duplicates)
	if err != nil {
		return nil, fmt.Errorf("ledger %s: %w", name, err)
	}
	s.Started, s.Updated = time.Unix(started, 0), time.Unix(updated, 0)
	s.StartedAt, s.UpdatedAt = s.Started.Format(time.RFC3339), s.Updated.Format(time.RFC3339)
	s.Left = max(0, s.Total-s.Converted-s.Failed-s.Skipped-s.Duplicates)
	s.Alive = s.State == "running" && time.Since(s.Updated) < silence
	if d := s.Updated.Sub(s.Started).Minutes(); d > 0 && s.Converted > 0 {
		s.Rate = float64(s.Converted+s.Failed) / d
		if s.Alive {
			s.Remaining = float64(s.Left) / s.Rate * 60
		}
	}
	if s.State == "running" && !s.Alive {
		s.State = "killed"
	}
	if !s.Alive {
		return s, nil
	}
	rs, err := db.Query("SELECT path FROM document WHERE state = ? ORDER BY updated", Running)
	if err != nil {
		return nil, fmt.Errorf("ledger %s: %w", name, err)
	}
	defer rs.Close()
	for rs.Next() {
		var p string
		if err := rs.Scan(&p); err != nil {
			return nil, fmt.Errorf("ledger %s: %w", name, err)
		}
		s.InFlight = append(s.InFlight, p)
	}
	return s, rs.Err()
}

// Reasons reads the reasons of all inputs without a result, by input.
func Reasons(out folder.Folder) ([]Quarantined, error) {
	var all []Quarantined
	err := out.List(quarantineDir, func(f folder.Entry) error {
		if !strings.HasSuffix(f.Name, reasonExt) {
			return nil
		}
		q, err := readQuarantined(out, f.Name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it has a result meanwhile
		}
		if err == nil {
			all = append(all, *q)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("output folder: %w", err)
	}
	sort.SliceStable(all, func(i, j int) bool { return natural(all[i].Input, all[j].Input) < 0 })
	return all, nil
}
