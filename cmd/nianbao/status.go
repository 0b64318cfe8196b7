package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/run/queue"
	"github.com/nianbao/nianbao/worker"
)

func newStatusCommand(e *env) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "status OUT|URL",
		Short: "Say how a batch stands, also while it runs",
		Long: `Say how a batch stands: what is done, what is in flight, what is in quarantine and why, for all shards, or of
a queue (postgres://...) for all workers.

Exit status:
  0  all well
  1  something is in quarantine, or the folder cannot be read
  2  wrong usage`,
		Example: "  nianbao status out\n  watch -n 5 nianbao status out\n  nianbao status out --json | jq .reasons",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := readStatus(cmd.Context(), e, args[0])
			if err != nil {
				return err
			}
			if asJSON {
				j := json.NewEncoder(e.stdout)
				j.SetIndent("", "  ")
				err = j.Encode(s)
			} else {
				err = printStatus(e.stdout, s)
			}
			if err == nil && s.Failed > 0 {
				err = statusError{exitFailed}
			}
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func readStatus(ctx context.Context, e *env, arg string) (*batch.Status, error) {
	if !queue.IsURL(arg) {
		return batch.ReadStatus(arg)
	}
	q, err := queue.Open(ctx, arg, fewConnections, errorsOnly(e))
	if err != nil {
		return nil, err
	}
	defer q.Close()
	return q.Status(ctx)
}

func printStatus(w io.Writer, s *batch.Status) error {
	out := bufio.NewWriter(w)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "done\t%d complete\n", s.Done)
	fmt.Fprintf(t, "not complete\t%d partial, %d without numbers\n", s.Partial, s.NoNumbers)
	fmt.Fprintf(t, "quarantine\t%d\n", s.Failed)
	reasons := make([]worker.Reason, 0, len(s.Reasons))
	for r := range s.Reasons {
		reasons = append(reasons, r)
	}
	slices.Sort(reasons)
	for _, r := range reasons {
		fmt.Fprintf(t, "  %s\t%d\n", r, s.Reasons[r])
	}
	fmt.Fprintf(t, "to review\t%d reports, %d cells\n", s.Review, s.Counts.Review)
	c := s.Counts
	fmt.Fprintf(t, "cells\t%d: %d proven, %d supported, %d read, %d repaired, %d conflict, %d missing\n",
		c.Cells, c.Proven, c.Supported, c.Read, c.Repaired, c.Conflict, c.Missing)
	fmt.Fprintf(t, "wrong sums in print\t%d\n", c.FailedSums)
	if n := s.Done + s.Partial + s.NoNumbers + s.Failed; n > 0 {
		fmt.Fprintf(t, "time\t%s, %.2f s a document\n", roughly(time.Duration(s.Seconds*float64(time.Second))), s.Seconds/float64(n))
	}
	for _, sh := range s.Shards {
		fmt.Fprintf(t, "%s\t%s on %s, %d of %d inputs left", sh.Ledger, sh.State, sh.Host, sh.Left, sh.Total)
		if sh.Alive && sh.Rate > 0 {
			fmt.Fprintf(t, ", %s, about %s to go", perTime(sh.Rate/60), roughly(time.Duration(sh.Remaining*float64(time.Second))))
		}
		fmt.Fprintln(t)
		for _, f := range sh.InFlight {
			fmt.Fprintf(t, "  now\t%s\n", printable(f))
		}
	}
	if q := s.Queue; q != nil {
		fmt.Fprintf(t, "queue\t%d waiting, %d being converted", q.Waiting, q.Running)
		if q.Remaining > 0 {
			fmt.Fprintf(t, ", about %s to go", roughly(time.Duration(q.Remaining*float64(time.Second))))
		}
		fmt.Fprintln(t)
		for _, w := range q.Workers {
			state := "working"
			if !w.Alive {
				state = "silent since " + w.SeenAt
			}
			fmt.Fprintf(t, "%s\t%s, %d at a time, %s; %d converted, %d failed\n", w.ID, state, w.Jobs, perTime(w.Rate/60), w.Converted, w.Failed)
			for _, f := range w.InFlight {
				fmt.Fprintf(t, "  now\t%s\n", f)
			}
		}
	}
	return errors.Join(t.Flush(), out.Flush())
}
