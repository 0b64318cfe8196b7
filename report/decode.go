package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Decode reads a report. It does not validate against the schema: Validate does.
//
// Four fifths of a report are its cells and checks, which encoding/json takes a millisecond for. They are read here from the bytes; what
// is not as Encode writes it goes the long way, with the same result.
func Decode(data []byte) (*Report, error) {
	r := new(Report)
	rest, err := members(data, map[string]func(*reader) error{
		"cells":  func(t *reader) error { return list(t, &r.Cells, listRoom, readCell) },
		"checks": func(t *reader) error { return list(t, &r.Checks, listRoom, readCheck) },
	})
	if err != nil {
		*r, rest = Report{}, data
	}
	d := json.NewDecoder(bytes.NewReader(rest))
	d.UseNumber()
	if err := d.Decode(r); err != nil {
		return nil, fmt.Errorf("read the report's JSON: %w", err)
	}
	return r, nil
}

// DecodeFigures reads of a report only whose it is, its numbers and how far each is proven, in half the time of Decode: for whoever goes
// over many reports to put them in order.
func DecodeFigures(data []byte) (*Report, error) {
	r := new(Report)
	skip := (*reader).skip
	rest, err := members(data, map[string]func(*reader) error{
		"cells":  func(t *reader) error { return list(t, &r.Cells, listRoom, readVerdict) },
		"checks": skip, "sections": skip, "preamble": skip, "source": skip, "review": skip, "quality": skip, "warnings": skip, "patches": skip,
	})
	if err != nil {
		r.Cells, rest = nil, data
	}
	var f struct {
		Schema string            `json:"schema"`
		Form   string            `json:"form"`
		Forms  map[string]string `json:"forms"`
		Meta   Meta              `json:"report"`
		Tables Tables            `json:"tables"`
		Cells  []struct {
			Path    string  `json:"path"`
			Verdict Verdict `json:"verdict"`
		} `json:"cells"`
	}
	if err := json.NewDecoder(bytes.NewReader(rest)).Decode(&f); err != nil {
		return nil, fmt.Errorf("read the report's JSON: %w", err)
	}
	r.Schema, r.Meta, r.Form, r.Forms, r.Tables = f.Schema, f.Meta, f.Form, f.Forms, f.Tables
	for _, c := range f.Cells {
		r.Cells = append(r.Cells, Cell{Path: c.Path, Verdict: c.Verdict})
	}
	return r, nil
}

// errOther says that JSON is not as Encode writes it.
var errOther = errors.New("not as it is written here")

// members goes over the members of an object: those in own are read by it, and the others are given back as an object.
func members(data []byte, own map[string]func(*reader) error) (rest []byte, err error) {
	rest = append(rest, '{')
	t := &reader{data}
	seen := map[string]bool{}
	err = t.object(func(key []byte) error {
		k := string(key)
		if seen[strings.ToLower(k)] {
			return errOther // the library lets the last one win
		}
		seen[strings.ToLower(k)] = true
		if read := own[k]; read != nil {
			return read(t)
		}
		if own[strings.ToLower(k)] != nil {
			return errOther // the library takes it for the same
		}
		before := t.rest
		if err := t.skip(); err != nil {
			return err
		}
		if len(rest) > 1 {
			rest = append(rest, ',')
		}
		rest = append(append(append(rest, '"'), key...), '"', ':')
		rest = append(rest, before[:len(before)-len(t.rest)]...)
		return nil
	})
	if err == nil && t.next() != 0 {
		err = errOther // something stands behind it
	}
	return append(rest, '}'), err
}

// listRoom is how many cells and checks a report has, or a few more: a list that grows to it is copied again and again, 5 % of an export.
const listRoom = 256

// list reads a list, with room for so many from the start.
func list[T any](t *reader, to *[]T, room int, one func(*reader, *T) error) error {
	out := make([]T, 0, room)
	err := t.each('[', func() error {
		var x T
		err := one(t, &x)
		out = append(out, x)
		return err
	})
	*to = out
	return err
}

func readCell(t *reader, c *Cell) error {
	return t.object(func(key []byte) (err error) {
		switch string(key) {
		case "path":
			c.Path, err = t.string()
		case "raw":
			c.Raw, err = t.string()
		case "mark":
			err = word(t, &c.Mark, MarkNumber, MarkZero, MarkBlank, MarkSlash, MarkDash, MarkText)
		case "note":
			c.Note, err = t.string()
		case "unit":
			c.Unit, err = t.string()
		case "verdict":
			err = word(t, &c.Verdict, Proven, Supported, Read, Repaired, Conflict, Missing, Confirmed)
		case "confidence":
			c.Confidence, err = t.float()
		case "origin":
			err = word(t, &c.Origin, OriginText, OriginOCR)
		case "page":
			c.Page, err = orNull(t, t.integer)
		case "box":
			c.Box, err = orNull(t, t.box)
		case "read_confidence":
			c.ReadConfidence, err = orNull(t, t.float)
		case "read_again":
			c.ReadAgain, err = orNull(t, t.float)
		case "candidates":
			err = list(t, &c.Candidates, 0, readCandidate)
		case "second":
			c.Second, err = orNull(t, t.string)
		case "seal":
			err = t.value(&c.Seal)
		case "struck":
			err = t.value(&c.Struck)
		case "repair":
			err = t.value(&c.Repair)
		case "label":
			c.Label, err = t.float()
		case "sentence":
			c.Sentence, err = t.string()
		default: // of another version
			return errOther
		}
		return err
	})
}

func readCandidate(t *reader, c *Candidate) error {
	return t.object(func(key []byte) (err error) {
		switch string(key) {
		case "raw":
			c.Raw, err = t.string()
		case "probability":
			c.Probability, err = t.float()
		case "again":
			c.Again, err = t.float()
		default:
			return errOther
		}
		return err
	})
}

func readVerdict(t *reader, c *Cell) error {
	return t.object(func(key []byte) (err error) {
		switch string(key) {
		case "path":
			c.Path, err = t.string()
		case "verdict":
			err = word(t, &c.Verdict, Proven, Supported, Read, Repaired, Conflict, Missing, Confirmed)
		default:
			if k := strings.ToLower(string(key)); k == "path" || k == "verdict" {
				return errOther
			}
			return t.skip()
		}
		return err
	})
}

func readCheck(t *reader, c *Check) error {
	return t.object(func(key []byte) (err error) {
		switch string(key) {
		case "rule":
			c.Rule, err = t.string()
		case "scope":
			c.Scope, err = t.string()
		case "severity":
			err = word(t, &c.Severity, "error", "warning")
		case "status":
			err = word(t, &c.Status, Pass, Fail, Unknown)
		case "relation":
			err = word(t, &c.Relation, "=", "<=", ">=")
		case "left":
			c.Left, err = orNull(t, t.number)
		case "right":
			c.Right, err = orNull(t, t.number)
		case "cells":
			err = list(t, &c.Cells, 0, func(t *reader, s *string) error {
				*s, err = t.string()
				return err
			})
		default:
			return errOther
		}
		return err
	})
}

// reader goes over JSON, and takes nothing that is none.
type reader struct{ rest []byte }

// next is the first byte of what comes next, 0 at the end.
func (r *reader) next() byte {
	for i, c := range r.rest {
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			r.rest = r.rest[i:]
			return c
		}
	}
	r.rest = nil
	return 0
}

// take takes one character, which must come next.
func (r *reader) take(c byte) error {
	if r.next() != c || c == 0 {
		return errOther
	}
	r.rest = r.rest[1:]
	return nil
}

// each reads what stands between brackets, parted by commas.
func (r *reader) each(open byte, do func() error) error {
	end := open + 2 // in ASCII, a closing bracket is the second after its opening one
	if err := r.take(open); err != nil {
		return err
	}
	if r.next() == end {
		return r.take(end)
	}
	for {
		if err := do(); err != nil {
			return err
		}
		if r.next() == end {
			return r.take(end)
		}
		if err := r.take(','); err != nil {
			return err
		}
	}
}

// object reads an object: do reads the value of each member.
func (r *reader) object(do func(key []byte) error) error {
	return r.each('{', func() error {
		key, plain := r.quoted()
		if !plain || !ascii(key) {
			return errOther
		}
		if err := r.take(':'); err != nil {
			return err
		}
		return do(key[1 : len(key)-1])
	})
}

func ascii(s []byte) bool {
	for _, c := range s {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// skip goes past a value.
func (r *reader) skip() error { return r.past(0) }

func (r *reader) past(depth int) error {
	switch c := r.next(); {
	case depth > deepest:
		return errOther
	case c == '{':
		return r.object(func([]byte) error { return r.past(depth + 1) })
	case c == '[':
		return r.each('[', func() error { return r.past(depth + 1) })
	case c == '"':
		_, err := r.string()
		return err
	case c == 'n':
		return r.literal("null")
	case c == 't':
		return r.literal("true")
	case c == 'f':
		return r.literal("false")
	}
	_, err := r.digits()
	return err
}

// deepest is how deep a value may be nested: those of a report are at most 8.
const deepest = 100

func (r *reader) literal(s string) error {
	if !bytes.HasPrefix(r.rest, []byte(s)) {
		return errOther
	}
	r.rest = r.rest[len(s):]
	return nil
}

// value reads what comes next as the library does.
func (r *reader) value(to any) error {
	r.next()
	before := r.rest
	if err := r.skip(); err != nil {
		return err
	}
	return json.Unmarshal(before[:len(before)-len(r.rest)], to)
}

// quoted takes a string with its quotes, nil where there is none; it is plain where it stands for itself.
func (r *reader) quoted() (s []byte, plain bool) {
	if r.next() != '"' {
		return nil, false
	}
	plain = true
	for i := 1; i < len(r.rest); i++ {
		switch c := r.rest[i]; {
		case c == '"':
			s, r.rest = r.rest[:i+1], r.rest[i+1:]
			return s, plain && utf8.Valid(s)
		case c < ' ':
			return nil, false
		case c == '\\':
			plain = false
			i++
		}
	}
	return nil, false
}

func (r *reader) string() (s string, err error) {
	q, plain := r.quoted()
	switch {
	case q == nil:
		return "", errOther
	case plain:
		return string(q[1 : len(q)-1]), nil
	}
	err = json.Unmarshal(q, &s)
	return s, err
}

// word reads a text that is mostly one of a few, of which no further copy is made.
func word[S ~string](t *reader, to *S, known ...S) error {
	if t.next() != '"' {
		return errOther
	}
	for _, k := range known {
		if n := len(k); len(t.rest) > n+1 && t.rest[n+1] == '"' && string(t.rest[1:n+1]) == string(k) {
			*to, t.rest = k, t.rest[n+2:]
			return nil
		}
	}
	s, err := t.string()
	*to = S(s)
	return err
}

// digits takes a number.
func (r *reader) digits() (string, error) {
	r.next()
	end := 0
	for end < len(r.rest) && strings.IndexByte("+-.0123456789Ee", r.rest[end]) >= 0 {
		end++
	}
	s := r.rest[:end]
	r.rest = r.rest[end:]
	whole := bytes.TrimPrefix(s, []byte("-"))
	switch {
	case len(whole) == 0, whole[0] < '0', whole[0] > '9', whole[0] == '0' && len(whole) > 1 && whole[1] >= '0' && whole[1] <= '9':
		return "", errOther
	case bytes.IndexFunc(whole, func(c rune) bool { return c < '0' || c > '9' }) < 0: // the rule
	case !json.Valid(s):
		return "", errOther
	}
	return string(s), nil
}

func (r *reader) float() (float64, error) {
	s, err := r.digits()
	if err != nil {
		return 0, err
	}
	return strconv.ParseFloat(s, 64)
}

func (r *reader) integer() (int, error) {
	s, err := r.digits()
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(s)
}

func (r *reader) number() (n Number, err error) {
	s, err := r.digits()
	if err != nil {
		return n, err
	}
	return n, n.UnmarshalJSON([]byte(s))
}

func (r *reader) box() (box [4]float64, err error) {
	i := 0
	err = r.each('[', func() error {
		if i == len(box) {
			return errOther
		}
		box[i], err = r.float()
		i++
		return err
	})
	if i < len(box) {
		err = errOther
	}
	return box, err
}

// orNull reads null as nothing.
func orNull[T any](t *reader, read func() (T, error)) (*T, error) {
	if t.next() == 'n' {
		return nil, t.literal("null")
	}
	x, err := read()
	return &x, err
}
