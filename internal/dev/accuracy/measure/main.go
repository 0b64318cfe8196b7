// Measure measures the accuracy of conversions and writes docs/accuracy.md and the record that the
// tests compare with:
//
//	go run ./internal/dev/accuracy/measure            (make accuracy; ten minutes on two cores)
//
// Errors are printed one a line as they are found.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/internal/dev/accuracy"
	"github.com/nianbao/nianbao/ocr/tesseract"
	"github.com/nianbao/nianbao/stages"
)

func main() {
	n := flag.Int("n", accuracy.Whole, "reports")
	out := flag.String("out", "docs/accuracy.md", "where to write the figures")
	record := flag.String("record", "internal/dev/accuracy/record.json", "the record to rewrite")
	alone := flag.Bool("alone", true, "measure Tesseract alone too, else keep its recorded figures")
	var foreign []string
	flag.Func("foreign", "a folder of scans with their truth, measured too (repeatable)", func(dir string) error {
		foreign = append(foreign, dir)
		return nil
	})
	flag.Parse()
	if err := run(*n, *out, *record, *alone, foreign); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

// show prints what went wrong in a case.
func show(o accuracy.Outcome) {
	fmt.Printf("case %d: %d of %d right\n", o.Case.Number, o.Tally.Right, o.Tally.Cells)
	if o.Err != nil {
		fmt.Println(o.Err)
	}
	for _, e := range o.Errors {
		fmt.Println(e)
	}
}

func run(n int, out, recordPath string, alone bool, foreign []string) error {
	engine, err := tesseract.Open("")
	if err != nil {
		return err
	}
	defer engine.Close()
	opener := &extract.Opener{}
	if dir, err := os.UserCacheDir(); err == nil {
		opener.PDF.CacheDir = filepath.Join(dir, "nianbao")
	}
	defer opener.PDF.Close()
	c := &stages.Converter{Open: opener.Open, Recognizer: engine, TablesOnly: true}
	ctx, workers := context.Background(), runtime.NumCPU()
	m := accuracy.Measurement{Engines: engine.Versions()}

	record, err := accuracy.ReadRecord(recordPath)
	if err != nil {
		return err
	}
	m.Scans = accuracy.Scans(ctx, c, accuracy.Cases(n), workers, show)
	record[accuracy.Full] = accuracy.ByLevel(m.Scans)
	record[accuracy.Short] = accuracy.ByLevel(accuracy.OfShort(m.Scans))
	for _, f := range accuracy.Formats {
		outcomes := accuracy.Digital(ctx, c, accuracy.Cases(n), f.Name, workers)
		m.Digital = append(m.Digital, accuracy.Format{Name: f.Name, Tally: accuracy.Sum(outcomes)})
		for _, o := range outcomes {
			for _, e := range o.Errors {
				fmt.Println(f.Name, e)
			}
		}
	}
	if m.Readers, err = accuracy.ReadersAlone(ctx, c, engine, accuracy.HeldOut(accuracy.Cases(n))); err != nil {
		return err
	}
	if m.Foreign, err = accuracy.Foreigners(ctx, c, foreign, show); err != nil {
		return err
	}
	if alone {
		for _, mode := range accuracy.AloneModes {
			record[accuracy.AloneName(mode)] = accuracy.ByLevel(accuracy.Alone(ctx, engine, mode, accuracy.ShortCases(), workers))
		}
	}
	m.Record = record
	if err := record.Write(recordPath); err != nil {
		return err
	}
	return os.WriteFile(out, m.Markdown(), 0o644)
}
