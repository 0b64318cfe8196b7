package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/width"

	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/wording"
	"github.com/nianbao/nianbao/worker"
)

const (
	barEvery  = 100 * time.Millisecond // how often the bar is drawn at most
	lineEvery = 10 * time.Second       // how often a line is printed where there is no terminal
	rateOver  = time.Minute            // the time that the rate is taken over
)

// progress tells how a batch goes: a bar on a terminal, a line now and then elsewhere. It is its own
// writer, so that messages and the bar do not run into each other.
type progress struct {
	log     *slog.Logger
	json    bool
	columns func() int // of the terminal; nil when there is none

	words *wording.Words

	mu      sync.Mutex
	w       io.Writer
	now     batch.Progress
	current map[int]string
	samples []sample
	drawn   bool
	last    time.Time
	ticking chan struct{}
	groups  int // told so far, by the planner alone
}

// sample is how much work was done by a time.
type sample struct {
	at   time.Time
	done int
}

func newProgress(w io.Writer, o logOptions) *progress {
	p := &progress{w: w, words: wordsOf(w), current: map[int]string{}, last: time.Now(), json: o.format == "json", ticking: make(chan struct{})}
	p.log = o.logger(p)
	if v, ok := w.(*voice); ok {
		w = v.Writer
	}
	if f, ok := w.(*os.File); ok && !o.quiet && !p.json && terminalColumns(f) > 0 {
		p.columns = func() int { return terminalColumns(f) }
	}
	go p.tick()
	return p
}

// tick keeps the numbers moving while a document takes long.
func (p *progress) tick() {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			p.mu.Lock()
			line := p.show(time.Now())
			p.mu.Unlock()
			p.say(line)
		case <-p.ticking:
			return
		}
	}
}

// Write is for the logger: it moves the bar out of the way.
func (p *progress) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.drawn {
		b = append([]byte("\r\x1b[K"), b...)
		p.drawn = false
		p.last = time.Time{}
	}
	return p.w.Write(b)
}

func (p *progress) event(e batch.Event) {
	p.mu.Lock()
	p.now = e.Counts
	switch e.Kind {
	case batch.Started:
		p.current[e.Slot] = printable(e.Input)
	case batch.Page:
		p.current[e.Slot] = fmt.Sprintf("%s %d/%d", printable(e.Input), e.N, e.Of)
	case batch.Converted, batch.Rejected:
		delete(p.current, e.Slot)
	}
	line := p.show(time.Now())
	p.mu.Unlock()
	p.say(line)

	args := []any{"file", e.Input}
	switch e.Kind {
	case batch.Converted:
		if p.json {
			p.log.Info("converted", append(args, "seconds", seconds(e.Seconds), "stages", ofStages(e.Times), "review", e.Review)...)
		}
	case batch.Rejected:
		if p.json {
			args = append(args, "reason", string(e.Reason), "seconds", seconds(e.Seconds), "stages", ofStages(e.Times))
		}
		p.log.Error(inLine(e.Message), args...)
	case batch.Grouped:
		p.grouped(e)
	case batch.Trouble:
		if e.Input == "" {
			args = nil
		}
		p.log.Warn(e.Message, args...)
	case batch.Found:
		p.log.Info(fmt.Sprintf("%d inputs", e.Counts.Total))
	}
}

// fewGroups is how many groups of pages are named one by one.
const fewGroups = 10

// grouped says which files are taken for the pages of one report.
func (p *progress) grouped(e batch.Event) {
	p.groups++
	switch {
	case p.groups <= fewGroups:
		p.log.Info(fmt.Sprintf("%d files are taken for the pages of one report: %s (--page-folders never keeps them apart)", e.N, e.Message), "file", e.Input)
	case p.groups == fewGroups+1:
		p.log.Info("and more files are taken for pages, which the manifest lists")
	}
}

// ofStages are the seconds of stages.
func ofStages(times worker.Times) map[string]float64 {
	m := map[string]float64{}
	for stage, d := range times {
		m[stage] = seconds(d.Seconds())
	}
	return m
}

func seconds(s float64) float64 { return float64(int64(s*1000)) / 1000 }

// show draws the bar, or gives a line to print when it is time for one. The lock is held.
func (p *progress) show(now time.Time) string {
	worked := p.now.Converted + p.now.Failed
	p.samples = append(p.samples, sample{now, worked})
	old := slices.IndexFunc(p.samples, func(s sample) bool { return now.Sub(s.at) <= rateOver })
	p.samples = p.samples[old:]
	if len(p.samples) > 1000 { // the rate needs no more than a few of them
		p.samples = slices.Delete(p.samples, 1, len(p.samples)/2)
	}
	if p.columns == nil {
		if now.Sub(p.last) < lineEvery || p.now.Total == 0 {
			return ""
		}
		p.last = now
		return p.line()
	}
	if now.Sub(p.last) < barEvery || p.now.Total == 0 {
		return ""
	}
	p.last, p.drawn = now, true
	columns := p.columns()
	const bar = 20
	full := bar * p.now.Finished() / max(p.now.Total, 1)
	text := fmt.Sprintf("[%s%s] %s", strings.Repeat("#", full), strings.Repeat(".", bar-full), p.line())
	// A bar that cannot be drawn is no reason to stop.
	_, _ = fmt.Fprintf(p.w, "\r%s\x1b[K", fit(text, columns-1))
	return ""
}

// say prints a line outside of the lock, because the logger writes through p.
func (p *progress) say(line string) {
	if line == "" {
		return
	}
	if p.json {
		p.mu.Lock()
		n, rate := p.now, p.rate()
		p.mu.Unlock()
		p.log.LogAttrs(context.Background(), slog.LevelInfo, "progress", slog.Int("total", n.Total), slog.Int("finished", n.Finished()),
			slog.Int("converted", n.Converted), slog.Int("failed", n.Failed+n.KnownFailed), slog.Float64("per_minute", seconds(rate*60)))
		return
	}
	p.log.Info(line)
}

// rate is in documents a second, over the last minute.
func (p *progress) rate() float64 {
	if len(p.samples) < 2 {
		return 0
	}
	first, last := p.samples[0], p.samples[len(p.samples)-1]
	if d := last.at.Sub(first.at).Seconds(); d > 0 {
		return float64(last.done-first.done) / d
	}
	return 0
}

func (p *progress) line() string {
	n := p.now
	s := p.words.Say("%d/%d, %d converted", n.Finished(), n.Total, n.Converted)
	if n.Skipped > 0 {
		s += p.words.Say(", %d done before", n.Skipped)
	}
	if f := n.Failed + n.KnownFailed; f > 0 {
		s += p.words.Say(", %d failed", f)
	}
	if r := p.rate(); r > 0 {
		left := time.Duration(float64(n.Total-n.Finished()) / r * float64(time.Second))
		s += p.words.Say(", %s, %s left", perTime(p.words, r), roughly(left))
	}
	slots := make([]int, 0, len(p.current))
	for k := range p.current {
		slots = append(slots, k)
	}
	slices.Sort(slots)
	for i, k := range slots {
		s += map[bool]string{true: " | ", false: " · "}[i == 0] + p.current[k]
	}
	return s
}

func perTime(words *wording.Words, r float64) string {
	if r >= 1 {
		return fmt.Sprintf("%.1f/s", r)
	}
	return words.Say("%.1f/min", r*60)
}

// roughly is a duration as people say it.
func roughly(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
}

// fit cuts a text to so many columns; Chinese characters take two.
func fit(s string, columns int) string {
	var b bytes.Buffer
	used := 0
	for _, r := range s {
		w := 1
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			w = 2
		}
		if used += w; used > columns {
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}

// end prints the last line.
func (p *progress) end(s batch.Summary) {
	close(p.ticking)
	p.mu.Lock()
	if p.drawn {
		_, _ = io.WriteString(p.w, "\r\x1b[K")
		p.drawn = false
	}
	p.mu.Unlock()
	if s.Total == 0 {
		return
	}
	words := p.words
	if p.json {
		words = nil // machines read English
	}
	text := words.Say("%d inputs: %d converted", s.Total, s.Converted)
	add := func(n int, part string) {
		if n > 0 {
			text += part
		}
	}
	add(s.Skipped, words.Say(", %d done before", s.Skipped))
	add(s.Duplicates, words.Say(", %d duplicates", s.Duplicates))
	add(s.Failed+s.KnownFailed, words.Say(", %d in quarantine", s.Failed+s.KnownFailed))
	add(s.Total-s.Finished(), words.Say(", %d left", s.Total-s.Finished()))
	add(s.Partial+s.NoNumbers, words.Say("; %d reports not complete (%d without numbers)", s.Partial+s.NoNumbers, s.NoNumbers))
	add(s.Review, words.Say("; %d reports to review", s.Review))
	add(s.Series, words.Say("; %d contradictions between reports", s.Series))
	p.log.Info(text)
}
