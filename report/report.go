// Package report is the output: the JSON of one report, as a contract.
//
// Tables hold plain numbers; Cells hold the evidence for each of them under the same JSON pointer;
// Checks are the equations and Review names what a person must look at. The package reads and
// writes the JSON and knows nothing of documents, so that whoever only consumes it needs nothing
// else. Encoding is deterministic: the same report gives the same bytes.
package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/nianbao/nianbao/layout/diag"
)

// Schema is the value of Report.Schema: the version of the contract.
const Schema = "annual-report/1"

// Report is one converted report.
type Report struct {
	Schema string `json:"schema"`
	// Outcome says in a word what a person may expect of the report.
	Outcome Outcome `json:"status"`
	// Form is the name of the report's form: "2021", "2019", "2014", "local", "narrative", or that of a form of
	// the user's own.
	Form string `json:"form"`
	// Forms holds the form of each table, which can differ within a report.
	Forms    map[string]string `json:"forms"`
	Meta     Meta              `json:"report"`
	Source   Source            `json:"source"`
	Sections []Section         `json:"sections"`
	// Preamble is the text before the first chapter; nil where there is none.
	Preamble *Preamble `json:"preamble,omitempty"`
	Tables   Tables    `json:"tables"`
	Cells    []Cell    `json:"cells"`
	Checks   []Check   `json:"checks"`
	Review   []Review  `json:"review"`
	Quality  *Quality  `json:"quality,omitempty"`
	Warnings []Warning `json:"warnings"`
	Patches  []Patch   `json:"patches,omitempty"`
	Producer Producer  `json:"producer"`
}

// Outcome is what became of a document. Only complete reports may be counted as done.
type Outcome string

// The outcomes.
const (
	Complete   Outcome = "complete"     // every table that the document shows was read; title, issuer and year are known
	Partial    Outcome = "partial"      // something that it shows is missing; the review names it
	NoNumbers  Outcome = "no_numbers"   // a report of which no value was taken
	NotAReport Outcome = "not_a_report" // nothing in it is of an annual report
)

// Meta says whose report of which year it is. Year is nil when it could not be found.
type Meta struct {
	Title  string `json:"title"`
	Issuer string `json:"issuer"`
	Year   *int   `json:"year"`
}

// Source is the file that was read.
type Source struct {
	Name      string `json:"name"`
	SHA256    string `json:"sha256"`
	MediaType string `json:"media_type"`
	// Pages is empty for formats without pages.
	Pages []Page `json:"pages"`
	// Part counts the reports of a file that holds several, from 1, and Parts is how many it holds; 0 where it is one.
	Part  int `json:"part,omitempty"`
	Parts int `json:"parts,omitempty"`
}

// Page is one page of the source.
type Page struct {
	Number int `json:"number"`
	// Turn is by how many degrees clockwise the page must be turned for its print to stand upright.
	Turn   int     `json:"turn,omitempty"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	Unit   string  `json:"unit"`
	Route  string  `json:"route"`
}

// Section is a chapter of prose.
type Section struct {
	Key     string `json:"key"` // "" for a chapter that no form knows
	Heading string `json:"heading"`
	Text    string `json:"text"`
	Pages   []int  `json:"pages"`
	// Confidence of the text, 1 where it was not recognised from pixels.
	Confidence float64 `json:"confidence"`
}

// Preamble is the text between a report's title and its first chapter.
type Preamble struct {
	Text  string `json:"text"`
	Pages []int  `json:"pages"`
	// Confidence of the text, 1 where it was not recognised from pixels.
	Confidence float64 `json:"confidence"`
}

// Mark says what stands in a cell.
type Mark string

// The marks.
const (
	MarkNumber Mark = "number"
	MarkZero   Mark = "zero"
	MarkBlank  Mark = "blank"
	MarkSlash  Mark = "slash"
	MarkDash   Mark = "dash"
	MarkText   Mark = "text"
)

// Verdict says how far a value is proven.
type Verdict string

// The verdicts.
const (
	Proven    Verdict = "proven"    // read, and at least two independent equations that hold contain it
	Supported Verdict = "supported" // read, and one does
	Read      Verdict = "read"      // read; no equation covers it
	Repaired  Verdict = "repaired"  // another reading of the same pixels, singled out by the equations
	Conflict  Verdict = "conflict"  // an equation that contains it fails and no reading settles it
	Missing   Verdict = "missing"   // the form has this cell, the page does not, or nothing could be read
	Confirmed Verdict = "confirmed" // a person said so
)

// Origins of a cell.
const (
	OriginText = "text"
	OriginOCR  = "ocr"
)

// Cell is the evidence for one value.
type Cell struct {
	Path string `json:"path"`
	// Raw is what was read, never altered.
	Raw  string `json:"raw"`
	Mark Mark   `json:"mark"`
	Note string `json:"note,omitempty"`
	// Unit is the unit that the page states for the figure, over it or beside it, where that is another than the
	// field's. The value is in the field's unit.
	Unit    string  `json:"unit,omitempty"`
	Verdict Verdict `json:"verdict"`
	// Confidence is the calibrated probability that the value is what is printed.
	Confidence float64     `json:"confidence"`
	Origin     string      `json:"origin"`
	Page       *int        `json:"page"`
	Box        *[4]float64 `json:"box"` // x0 y0 x1 y1 in the page's unit, origin top left
	// ReadConfidence is what the recogniser alone gave to Raw, before any equation; ocr only.
	ReadConfidence *float64 `json:"read_confidence,omitempty"`
	// ReadAgain is what a second look at the same pixels, in other ways, gave to Raw; nil where there was none.
	ReadAgain *float64 `json:"read_again,omitempty"`
	// Candidates are other readings of the same pixels, best first; ocr only.
	Candidates []Candidate `json:"candidates,omitempty"`
	// Second is what a second, independent recogniser read, when it was asked.
	Second *string `json:"second,omitempty"`
	// Seal is set when the ink of a seal or a pen touched the cell's print, or a seal's a cell without print.
	Seal bool `json:"seal,omitempty"`
	// Walls is set where with and without the ink near the cell's walls another number was read.
	Walls bool `json:"-"`
	// Struck is set when something is struck out or covered beside what was read.
	Struck bool    `json:"struck,omitempty"`
	Repair *Repair `json:"repair,omitempty"`
	// Label is the likeness of the labels of the cell's row and column to the form's, 0 to 1; it is
	// left out (0) where they were read without doubt.
	Label float64 `json:"label,omitempty"`
	// Sentence is the prose that states the value, for values taken from text.
	Sentence string `json:"sentence,omitempty"`
}

// Unread stands in a reading for a character that the recogniser saw and could not name.
const Unread = '□'

// Candidate is another reading of a cell's pixels.
type Candidate struct {
	Raw         string  `json:"raw"`
	Probability float64 `json:"probability"`     // what the recogniser gave it at first; 0 when it did not come upon it
	Again       float64 `json:"again,omitempty"` // what a second look gave it
}

// Repair tells how a reading was replaced by another one.
type Repair struct {
	From        string   `json:"from"`
	Rules       []string `json:"rules"` // "T3.row received", …
	Probability float64  `json:"probability"`
}

// Status of a check.
type Status string

// The statuses.
const (
	Pass    Status = "pass"
	Fail    Status = "fail"
	Unknown Status = "unknown"
)

// Check is one equation for one scope, tested.
type Check struct {
	Rule     string   `json:"rule"`
	Scope    string   `json:"scope"`
	Severity string   `json:"severity"` // "error" or "warning"
	Status   Status   `json:"status"`
	Relation string   `json:"relation"` // "=" or "<="
	Left     *Number  `json:"left"`     // nil when unknown
	Right    *Number  `json:"right"`
	Cells    []string `json:"cells"`
}

// Reason why a cell is in review.
type Reason string

// The reasons.
const (
	LowConfidence        Reason = "low_confidence"
	WasRepaired          Reason = "repaired"
	InConflict           Reason = "conflict"
	PrintedInconsistency Reason = "printed_inconsistency"
	IsMissing            Reason = "missing"
	TextDisagrees        Reason = "text_disagrees"
	OtherUnit            Reason = "unit" // the number is printed in another unit than the field's
	AnswerUnused         Reason = "answer_unused"
)

// Review names a cell that a person should look at.
type Review struct {
	Path   string `json:"path"`
	Reason Reason `json:"reason"`
	// Detail says what to look for, in a few words.
	Detail string `json:"detail,omitempty"`
}

// Quality is an estimate of reading quality that needs no truth: from the rate of failing
// equations before decoding.
type Quality struct {
	// Equations tested before decoding, and how many of them failed.
	Equations int `json:"equations"`
	Failing   int `json:"failing"`
	// CellErrorRate of the readings before decoding, with a 95 % interval.
	CellErrorRate float64    `json:"cell_error_rate"`
	Interval      [2]float64 `json:"interval"`
	// Repaired, and review counts after decoding.
	Repaired int `json:"repaired"`
	Review   int `json:"review"`
}

// Patch is a person's answer for one value: what is printed there, or null for nothing. For a path of the
// review that has no value, a table or a row, null says that somebody looked and nothing is to be done.
type Patch struct {
	Path  string `json:"path"`
	Value Value  `json:"value"`
	Note  string `json:"note,omitempty"`
	// Who answered, and when, as they were given.
	Who  string `json:"who,omitempty"`
	When string `json:"when,omitempty"`
}

// Warning is something to look at that is no single value.
type Warning struct {
	Code    diag.Code `json:"code"`
	Message string    `json:"message"`
	Page    *int      `json:"page"`
	// Path is the pointer of what the document shows and the report lacks; review names it too.
	Path string `json:"path,omitempty"`
}

// Producer is the program that wrote the JSON.
type Producer struct {
	Name    string            `json:"name"`
	Version string            `json:"version"`
	Engines map[string]string `json:"engines"`
}

// The paths of what Meta holds.
const (
	TitlePath  = "/report/title"
	IssuerPath = "/report/issuer"
	YearPath   = "/report/year"
)

// Value at a path of the tables or of Meta, and whether there is such a path. A title or issuer that is not
// known is null.
func (r *Report) Value(path string) (Value, bool) {
	text := func(s string) (Value, bool) {
		if s == "" {
			return Value{}, true
		}
		return Value{Text: &s}, true
	}
	switch path {
	case TitlePath:
		return text(r.Meta.Title)
	case IssuerPath:
		return text(r.Meta.Issuer)
	case YearPath:
		if r.Meta.Year == nil {
			return Value{}, true
		}
		n := Int(int64(*r.Meta.Year))
		return Value{Number: &n}, true
	}
	return r.Tables.Value(path)
}

// Set puts a value at a path of the tables or of Meta. The error says that the value is of no kind that can
// stand there; whether a path of the tables exists is not asked.
func (r *Report) Set(path string, v Value) error {
	switch path {
	case TitlePath, IssuerPath:
		if v.Number != nil {
			return fmt.Errorf("%s: a text or null is expected", path)
		}
		s := ""
		if v.Text != nil {
			s = *v.Text
		}
		if path == TitlePath {
			r.Meta.Title = s
		} else {
			r.Meta.Issuer = s
		}
	case YearPath:
		switch {
		case v.IsNull():
			r.Meta.Year = nil
		case v.Number != nil && v.Number.IsInteger() && v.Number.IntPart() >= firstYear && v.Number.IntPart() <= lastYear:
			y := int(v.Number.IntPart())
			r.Meta.Year = &y
		default:
			return fmt.Errorf("%s: a year or null is expected", path)
		}
	default:
		r.Tables.Set(path, v)
	}
	return nil
}

// Cell of a path, or nil.
func (r *Report) Cell(path string) *Cell {
	for i := range r.Cells {
		if r.Cells[i].Path == path {
			return &r.Cells[i]
		}
	}
	return nil
}

// Encode writes the report as JSON: indented, or on one line, with a line end after it.
func Encode(w io.Writer, r *Report, indent bool) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if indent {
		e.SetIndent("", "  ")
	}
	if err := e.Encode(r); err != nil {
		return fmt.Errorf("encode the report: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// DecodeAll reads reports that stand one behind the other, at least one: those of a file that holds several.
func DecodeAll(data []byte) ([]*Report, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var out []*Report
	for len(out) == 0 || d.More() {
		r := new(Report)
		if err := d.Decode(r); err != nil {
			return nil, fmt.Errorf("read the JSON of report %d: %w", len(out)+1, err)
		}
		out = append(out, r)
	}
	return out, nil
}
