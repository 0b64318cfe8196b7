// Readings records what the readers make of numbers that are known, for the simulation of package
// check to draw its misreadings from:
//
//	go run ./internal/dev/accuracy/readings -reports 600   (make readings; an hour on two cores)
//
// Reports of package synth go through conversion as far as the reading of the cells, at every level in
// turn, but at a part of its resolution. All lines that were misread are kept, and a few of the others; one line of JSON each, as
// check/testdata/README.md says.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"

	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/ocr/tesseract"
	"github.com/nianbao/nianbao/report"
	"github.com/nianbao/nianbao/stages"
)

func main() {
	n := flag.Int("reports", 600, "reports to read")
	first := flag.Uint64("seed", 50000, "seed of the first report")
	keep := flag.Int("keep", 150, "of the lines that were read right and surely, one in so many is kept")
	unsure := flag.Int("unsure", 10, "of those that were read right and not surely, one in so many is kept")
	out := flag.String("out", "check/testdata/readings.jsonl", "where to write the record")
	flag.Parse()
	if err := run(*n, *first, *keep, *unsure, *out); err != nil {
		fmt.Fprintln(os.Stderr, "readings:", err)
		os.Exit(1)
	}
}

// line is one recorded line.
type line struct {
	truth    string
	readings []report.Candidate // best first
	again    []report.Candidate // of a second look
	score    float64            // that the second look gives the truth, asked for it
	second   string
	others   []float64 // that it gives numbers near the truth
	level    synth.Level
	unread   bool // ink that the first reader could not read
	weight   int  // of how many such lines this one was kept
}

// MarshalJSON writes the line as a list, to be short.
func (l line) MarshalJSON() ([]byte, error) {
	list := [][2]any{}
	for _, c := range l.readings {
		list = append(list, [2]any{c.Raw, short(c.Probability)})
	}
	again := [][2]any{}
	for _, c := range l.again {
		again = append(again, [2]any{c.Raw, short(c.Probability)})
	}
	others := []float64{}
	for _, p := range l.others {
		others = append(others, short(p))
	}
	return json.Marshal([]any{l.truth, list, again, short(l.score), l.second, others, int(l.level), l.unread, l.weight})
}

// short keeps three digits of a probability near 0, and of what is left to 1 near 1.
func short(p float64) float64 {
	if p > 0.5 {
		return 1 - short(1-p)
	}
	v, err := strconv.ParseFloat(strconv.FormatFloat(p, 'g', 3, 64), 64)
	if err != nil {
		return p
	}
	return v
}

func run(n int, first uint64, keep, unsure int, out string) error {
	engine, err := tesseract.Open("")
	if err != nil {
		return err
	}
	defer engine.Close()
	opener := &extract.Opener{}
	defer opener.PDF.Close()
	r := recorder{conv: &stages.Converter{Open: opener.Open, Recognizer: engine, TablesOnly: true}, keep: keep, unsure: unsure}
	found := make([][]line, n)
	read := make([]count, n)
	errs := make([]error, n)
	next := make(chan int)
	var wg sync.WaitGroup
	for range runtime.NumCPU() {
		wg.Go(func() {
			for i := range next {
				found[i], read[i], errs[i] = r.report(first + uint64(i))
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, lines := range found {
		for _, l := range lines {
			if err := e.Encode(l); err != nil {
				return errors.Join(err, f.Close())
			}
		}
	}
	for _, level := range synth.Levels() {
		lines, wrong := 0, 0
		for i, c := range read {
			if levelOf(first+uint64(i)) == level {
				lines, wrong = lines+c.lines, wrong+c.wrong
			}
		}
		fmt.Printf("%s: %d lines, %d misread\n", level, lines, wrong)
	}
	return errors.Join(w.Flush(), f.Close())
}

// dpi are the dots an inch that pages of each level are drawn at: fewer than package synth has, so that
// a cell or two in a hundred are misread.
var dpi = map[synth.Level]float64{synth.Clean: 80, synth.Office: 88, synth.Sealed: 97, synth.Fax: 160, synth.Phone: 105, synth.Photocopy: 102}

// place says where a number is printed, in pixels of one of the pages that are read, from 1.
type place struct {
	page int
	at   layout.Point
}

// within says that a cell is the one around the place, and no wider than one: what is read there is the
// reader's doing, not the grid's.
func (p place) within(c *report.Cell) bool {
	if c.Page == nil || c.Box == nil || *c.Page != p.page {
		return false
	}
	box := layout.Rect{X0: c.Box[0], Y0: c.Box[1], X1: c.Box[2], Y1: c.Box[3]}
	x, y := box.Center().X-p.at.X, box.Center().Y-p.at.Y
	return math.Abs(x) < box.Width()/5 && math.Abs(y) < box.Height()/5
}

type recorder struct {
	conv         *stages.Converter
	keep, unsure int // of how many lines that were read right one is kept
}

// sure is the probability from which a reading is sure.
const sure = 0.999

// count of the lines of a report.
type count struct{ lines, wrong int }

// levelOf is the level of a report's scans: all in turn.
func levelOf(seed uint64) synth.Level {
	levels := synth.Levels()
	return levels[seed%uint64(len(levels))]
}

// report reads the tables of one report and gives the lines to keep, and how many were read, and
// misread.
func (c *recorder) report(seed uint64) (out []line, n count, err error) {
	ctx := context.Background()
	level := levelOf(seed)
	printed := synth.Make(seed, synth.Options{Form: "2021"})
	pages := synth.LayOut(printed, synth.MakeStyle(seed))
	pixels := pages.Draw(dpi[level])
	var scans []*synth.Scan
	places := map[string]place{}
	for i, page := range pixels {
		scan := synth.Degrade(page, level, seed*100+uint64(i))
		numbered := false
		for _, p := range pages.Places {
			if p.Page == i {
				numbered = true
				places[p.Path] = place{len(scans) + 1, scan.Map(synth.PixelBox(p.Box, dpi[level]).Center())}
			}
		}
		if numbered {
			scans = append(scans, scan)
		}
	}
	d, err := c.conv.Draft(ctx, "scan.tif", synth.TIFF(scans))
	if err != nil {
		return nil, n, fmt.Errorf("report %d: %w", seed, err)
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	rng := rand.New(rand.NewPCG(seed, 0x72656164))
	for _, cell := range printed.Cells {
		ev := d.Report.Cell(cell.Path)
		if ev == nil || ev.Origin != report.OriginOCR || ev.ReadConfidence == nil || !figure.Digits(cell.Printed) || !places[cell.Path].within(ev) {
			continue
		}
		n.lines++
		weight := 1
		switch {
		case ev.Raw != cell.Printed:
			n.wrong++
		case *ev.ReadConfidence < sure:
			weight = c.unsure
		default:
			weight = c.keep
		}
		if rng.IntN(weight) != 0 {
			continue
		}
		l, err := again(ctx, d, cell.Printed, ev)
		if err != nil {
			return nil, n, fmt.Errorf("report %d: %s: %w", seed, cell.Path, err)
		}
		l.level, l.weight = level, weight
		out = append(out, l)
	}
	return out, n, nil
}

// again has a cell read again, as a conversion does that doubts it.
func again(ctx context.Context, d *stages.Draft, truth string, ev *report.Cell) (line, error) {
	l := line{truth: truth, unread: ev.Verdict == report.Missing, readings: append([]report.Candidate{{Raw: ev.Raw, Probability: *ev.ReadConfidence}}, ev.Candidates...)}
	var err error
	if l.again, err = d.Again(ctx, ev.Path, nil); err != nil {
		return l, err
	}
	v, err := strconv.Atoi(truth)
	if err != nil {
		return l, err
	}
	known := map[string]bool{truth: true}
	for _, x := range l.readings {
		known[x.Raw] = true
	}
	asked := []string{truth}
	for _, d := range []int{-1, 1, -2, 2, 3, -10, 10, 7} {
		if t := strconv.Itoa(v + d); v+d >= 0 && !known[t] {
			asked = append(asked, t)
		}
	}
	scores, err := score(ctx, d, ev.Path, asked)
	if err != nil {
		return l, err
	}
	l.score, l.others = scores[0], scores[1:]
	l.second, _, err = d.Second(ctx, ev.Path)
	return l, err
}

// score is what a second look gives texts that it is asked for.
func score(ctx context.Context, d *stages.Draft, path string, texts []string) ([]float64, error) {
	seen, err := d.Again(ctx, path, texts)
	out := make([]float64, len(texts))
	for _, x := range seen {
		if i := slices.Index(texts, x.Raw); i >= 0 {
			out[i] = math.Max(out[i], x.Probability)
		}
	}
	return out, err
}
