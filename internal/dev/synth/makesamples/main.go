// Makesamples writes the sample reports under testdata, each with its truth beside it:
//
//	go run ./internal/dev/synth/makesamples testdata
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/dev/synth"
)

// sample is one file and what it is made of.
type sample struct {
	name    string
	seed    uint64
	options synth.Options
	style   synth.Style
	write   func(*synth.Report, synth.Style) []byte
}

func samples(folder string) ([]sample, error) {
	text, err := os.ReadFile(filepath.Join(folder, "forms", "hall.json"))
	if err != nil {
		return nil, err
	}
	hall, err := form.Parse(text)
	if err != nil {
		return nil, err
	}
	own := synth.Options{Own: hall, Size: synth.Medium}
	boxed := synth.Plain()
	boxed.Split, boxed.Shade, boxed.Repeat = true, 0.85, true
	return []sample{
		{"reports/county_2021form.docx", 21, synth.Options{Form: "2021", Size: synth.Medium, Notes: true}, boxed,
			func(r *synth.Report, st synth.Style) []byte { return r.DOCX(st) }},
		{"reports/city_2021form.pdf", 22, synth.Options{Form: "2021", Size: synth.Large, Commas: true}, synth.Plain(),
			func(r *synth.Report, st synth.Style) []byte { return synth.LayOut(r, st).PDF() }},
		{"reports/bureau_2019form.html", 23, synth.Options{Form: "2019", Size: synth.Medium, Zero: synth.Blank}, synth.Plain(),
			func(r *synth.Report, st synth.Style) []byte { return r.HTML(st) }},
		{"reports/township_2014form.txt", 24, synth.Options{Form: "2014", Size: synth.Small}, synth.Plain(),
			func(r *synth.Report, st synth.Style) []byte { return r.Text(st) }},
		{"reports/broken_2021form.fax.tif", 25, synth.Options{Form: "2021", Size: synth.Medium, BreakOne: true}, boxed,
			func(r *synth.Report, st synth.Style) []byte {
				return synth.TIFF(synth.LayOut(r, st).Scans(synth.Fax, 25))
			}},
		{"forms/hall.docx", 14, own, synth.Plain(), func(r *synth.Report, st synth.Style) []byte { return r.DOCX(st) }},
		{"forms/hall.fax.tif", 14, own, synth.Plain(),
			func(r *synth.Report, st synth.Style) []byte {
				return synth.TIFF(synth.LayOut(r, st).Rubbed("/tables/hall_services/received/business", synth.Fax, 4))
			}},
	}, nil
}

// truth is the sample's truth file.
func (s sample) truth() ([]byte, error) {
	data, err := json.MarshalIndent(synth.Make(s.seed, s.options).Truth(), "", " ")
	return append(data, '\n'), err
}

func run(folder string) error {
	all, err := samples(folder)
	if err != nil {
		return err
	}
	for _, s := range all {
		truth, err := s.truth()
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, s.name), s.write(synth.Make(s.seed, s.options), s.style), 0o644); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, s.name+".truth.json"), truth, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: makesamples FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "makesamples:", err)
		os.Exit(1)
	}
}
