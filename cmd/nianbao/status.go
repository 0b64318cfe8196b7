package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mattn/go-runewidth"
	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/internal/out/manifest"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/run/queue"
	"github.com/nianbao/nianbao/internal/wording"
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
				err = printJSON(e.stdout, s)
			} else {
				err = printStatus(e.stdout, e.words, s)
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
	q, err := queue.Open(ctx, arg, fewConnections, e.logger())
	if err != nil {
		return nil, err
	}
	defer q.Close()
	return q.Status(ctx)
}

func printStatus(w io.Writer, words *wording.Words, s *batch.Status) error {
	out := bufio.NewWriter(w)
	var rows [][2]string
	row := func(head, text string) { rows = append(rows, [2]string{head, text}) }
	row(words.Say("done"), words.Say("%d complete", s.Done))
	row(words.Say("not complete"), words.Say("%d partial, %d without numbers", s.Partial, s.NoNumbers))
	row(words.Say("quarantine"), strconv.Itoa(s.Failed))
	for _, r := range slices.Sorted(maps.Keys(s.Reasons)) {
		row("  "+reasonIn(words, r), strconv.Itoa(s.Reasons[r]))
	}
	row(words.Say("to review"), words.Say("%d reports, %d cells", s.Review, s.Counts.Review))
	c := s.Counts
	row(words.Say("cells"), words.Say("%d: %d proven, %d supported, %d read, %d repaired, %d conflict, %d missing, %d confirmed",
		c.Cells, c.Proven, c.Supported, c.Read, c.Repaired, c.Conflict, c.Missing, c.Confirmed))
	row(words.Say("wrong sums in print"), strconv.Itoa(c.FailedSums))
	if n := s.Done + s.Partial + s.NoNumbers + s.Failed; n > 0 {
		row(words.Say("time"), words.Say("%s, %.2f s a document", roughly(time.Duration(s.Seconds*float64(time.Second))), s.Seconds/float64(n)))
	}
	for _, sh := range s.Shards {
		text := words.Say("%s on %s, %d of %d inputs left", words.Say(sh.State), sh.Host, sh.Left, sh.Total)
		if sh.Alive && sh.Rate > 0 {
			text += words.Say(", %s, about %s to go", perTime(words, sh.Rate/60), roughly(time.Duration(sh.Remaining*float64(time.Second))))
		}
		row(sh.Ledger, text)
		for _, f := range sh.InFlight {
			row("  "+words.Say("now in work"), printable(f))
		}
	}
	if q := s.Queue; q != nil {
		text := words.Say("%d waiting, %d being converted", q.Waiting, q.Running)
		if q.Remaining > 0 {
			text += words.Say(", about %s to go", roughly(time.Duration(q.Remaining*float64(time.Second))))
		}
		row(words.Say("queue"), text)
		for _, w := range q.Workers {
			state := words.Say("working")
			if !w.Alive {
				state = words.Say("silent since %s", w.SeenAt)
			}
			row(w.ID, words.Say("%s, %d at a time, %s; %d converted, %d failed", state, w.Jobs, perTime(words, w.Rate/60), w.Converted, w.Failed))
			for _, f := range w.InFlight {
				row("  "+words.Say("now in work"), printable(f))
			}
		}
	}
	wide := 0
	for _, r := range rows {
		wide = max(wide, runewidth.StringWidth(r[0]))
	}
	for _, r := range rows {
		if _, err := fmt.Fprintf(out, "%s%s  %s\n", r[0], strings.Repeat(" ", wide-runewidth.StringWidth(r[0])), r[1]); err != nil {
			return err
		}
	}
	return out.Flush()
}

// reasonIn is a reason of quarantine, as a person reads it.
func reasonIn(words *wording.Words, r worker.Reason) string {
	if words.Language() == wording.Chinese {
		return manifest.ReasonLabel(r)
	}
	return string(r)
}
