package form

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Fault is one thing that is wrong with a form, and where.
type Fault struct {
	Line    int    // in the file, from 1; 0 where the form is from no file
	Pointer string // JSON pointer: /tables/0/rows/3/key
	Message string
}

// String is the fault on one line.
func (f Fault) String() string {
	s := f.Message
	if f.Pointer != "" {
		s = f.Pointer + ": " + s
	}
	if f.Line > 0 {
		s = "line " + strconv.Itoa(f.Line) + ": " + s
	}
	return s
}

// Faults are all that is wrong with a form. As an error they say the first.
type Faults []Fault

// Error says the first fault and how many there are.
func (fs Faults) Error() string {
	switch len(fs) {
	case 0:
		return "no faults"
	case 1:
		return fs[0].String()
	}
	return fmt.Sprintf("%s (and %d more faults; nianbao form check lists them)", fs[0], len(fs)-1)
}

// maxFile is the most bytes of a form's file: a hundred times the largest official one.
const maxFile = 4 << 20

// maxDepth bounds the nesting of a form's JSON; a form has six levels.
const maxDepth = 20

// Load reads a form of the user's own, as Parse does.
func Load(r io.Reader) (*Form, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the form: %w", err)
	}
	return Parse(data)
}

// Parse reads a form of the user's own from its JSON. The error is of type Faults and names everything
// that is wrong with it.
func Parse(data []byte) (*Form, error) {
	f, faults := parse(data, true)
	if len(faults) > 0 {
		return nil, faults
	}
	return f, nil
}

// parse reads a form, the user's own or an official one, as far as it goes, with all of its faults in the
// order of the file.
func parse(data []byte, own bool) (*Form, Faults) {
	if len(data) > maxFile {
		return nil, Faults{{Message: fmt.Sprintf("%d bytes; a form has at most %d", len(data), maxFile)}}
	}
	r := reader{data: data, dec: json.NewDecoder(bytes.NewReader(data)), lines: map[string]int{}}
	r.dec.UseNumber()
	f := new(Form)
	if err := r.value(reflect.ValueOf(f).Elem(), ""); err != nil {
		return nil, append(r.faults, Fault{r.line(r.dec.InputOffset()), "", "not JSON: " + syntax(err)})
	}
	if _, err := r.dec.Token(); err != io.EOF {
		r.fault("", "something follows the form")
	}
	c := checker{form: f, own: own}
	c.check()
	for _, x := range c.faults {
		r.faults = append(r.faults, Fault{r.at(x.Pointer), x.Pointer, x.Message})
	}
	slices.SortStableFunc(r.faults, func(a, b Fault) int { return a.Line - b.Line })
	return f, r.faults
}

func syntax(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "the file ends too early"
	}
	return err.Error()
}

// reader fills a form from JSON and notes where each part of it stands. What does not belong there is a
// fault, and is passed over.
type reader struct {
	data   []byte
	dec    *json.Decoder
	lines  map[string]int // by pointer
	faults Faults
	depth  int
	// counted is how far lines have been counted, and passed how many line ends there were.
	counted int64
	passed  int
}

// start is where the next token begins.
func (r *reader) start() int64 {
	i := r.dec.InputOffset()
	for i < int64(len(r.data)) && strings.IndexByte(" \t\r\n,:", r.data[i]) >= 0 {
		i++
	}
	return i
}

// line of an offset; offsets are asked for in order.
func (r *reader) line(offset int64) int {
	if offset = min(offset, int64(len(r.data))); offset > r.counted {
		r.passed += bytes.Count(r.data[r.counted:offset], []byte{'\n'})
		r.counted = offset
	}
	return r.passed + 1
}

// at is the line of a pointer, or of the nearest part around it that is there.
func (r *reader) at(pointer string) int {
	for {
		if n, ok := r.lines[pointer]; ok || pointer == "" {
			return n
		}
		pointer = pointer[:strings.LastIndexByte(pointer, '/')]
	}
}

func (r *reader) fault(pointer, format string, args ...any) {
	r.faults = append(r.faults, Fault{r.at(pointer), pointer, fmt.Sprintf(format, args...)})
}

// value reads the next value into v. The error says that the input is no JSON.
func (r *reader) value(v reflect.Value, pointer string) error {
	if r.depth++; r.depth > maxDepth {
		return errors.New("it is nested too deep")
	}
	defer func() { r.depth-- }()
	r.lines[pointer] = r.line(r.start())
	tok, err := r.dec.Token()
	if err != nil {
		return err
	}
	switch x := tok.(type) {
	case json.Delim:
		if x == '{' {
			return r.object(v, pointer)
		}
		return r.list(v, pointer)
	case string:
		if v.Kind() == reflect.String {
			v.SetString(x)
			return nil
		}
	case bool:
		if v.Kind() == reflect.Bool {
			v.SetBool(x)
			return nil
		}
	case json.Number:
		if n, err := x.Int64(); err == nil && v.Kind() == reflect.Int {
			v.SetInt(n)
			return nil
		}
	}
	if v.IsValid() {
		r.fault(pointer, "%s", wanted(v))
	}
	return nil
}

// wanted says what a place must hold.
func wanted(v reflect.Value) string {
	switch v.Kind() {
	case reflect.String:
		return "a text is expected"
	case reflect.Bool:
		return "true or false is expected"
	case reflect.Int:
		return "a whole number is expected"
	case reflect.Slice:
		return "a list is expected"
	}
	return "an object is expected"
}

// object reads the members of an object whose { was read.
func (r *reader) object(v reflect.Value, pointer string) error {
	fits := v.Kind() == reflect.Struct
	if v.IsValid() && !fits {
		r.fault(pointer, "%s", wanted(v))
	}
	seen := map[string]bool{}
	for r.dec.More() {
		at := r.start()
		tok, err := r.dec.Token()
		if err != nil {
			return err
		}
		name, _ := tok.(string)
		p := pointer + "/" + name
		var to reflect.Value
		if fits {
			r.lines[p] = r.line(at)
			to = member(v, name)
			switch {
			case !to.IsValid():
				r.fault(p, "unknown field %q; there are %s", name, strings.Join(members(v), ", "))
			case seen[name]:
				r.fault(p, "%q is there twice", name)
			}
			seen[name] = true
		}
		if err := r.value(to, p); err != nil {
			return err
		}
	}
	_, err := r.dec.Token()
	return err
}

// list reads the items of a list whose [ was read.
func (r *reader) list(v reflect.Value, pointer string) error {
	fits := v.Kind() == reflect.Slice
	if v.IsValid() && !fits {
		r.fault(pointer, "%s", wanted(v))
	}
	for i := 0; r.dec.More(); i++ {
		var to reflect.Value
		if fits {
			v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
			to = v.Index(i)
		}
		if err := r.value(to, pointer+"/"+strconv.Itoa(i)); err != nil {
			return err
		}
	}
	_, err := r.dec.Token()
	return err
}

// member is the field of a struct with a JSON name, the zero Value where there is none.
func member(v reflect.Value, name string) reflect.Value {
	for i, n := range members(v) {
		if n == name {
			return v.Field(i)
		}
	}
	return reflect.Value{}
}

// members are the JSON names of a struct's fields.
func members(v reflect.Value) []string {
	out := make([]string, v.NumField())
	for i := range out {
		out[i], _, _ = strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
	}
	return out
}
