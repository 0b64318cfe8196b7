package cos

import (
	"bytes"
	"io"
	"slices"
	"strconv"

	"github.com/klauspost/compress/zlib"
)

const (
	// tail is where the end of a file is looked for.
	tail = 1024
	// maxUpdates bounds how often a file may have been added to.
	maxUpdates = 32
	// maxObjects bounds the objects of a file; a scan of 2,000 pages has 10,000.
	maxObjects = 1 << 20
	// maxPacked bounds what a stream of objects, or a page's content, is unpacked to.
	maxPacked = 16 << 20
	// maxAllPacked bounds all streams of objects together.
	maxAllPacked = 64 << 20
	// entrySize is that of a line of a cross-reference table.
	entrySize = 20
)

// place is where an object is: at an offset, or in a stream of objects.
type place struct {
	offset, generation int
	in, index          int // the stream's number, 0 for none
	free               bool
}

// File is a sound PDF file that is not encrypted.
type File struct {
	data    []byte
	at      map[int]place
	size    int
	trailer Dict
	packs   map[int]*pack
	// unpacked is how many bytes they have.
	unpacked int
}

// pack is a stream of objects, unpacked.
type pack struct {
	data    []byte
	numbers []int
	offsets []int
}

// Open reads the cross-reference table of a file.
func Open(data []byte) (*File, error) {
	if !bytes.HasPrefix(data, []byte("%PDF-1.")) {
		return nil, ErrOther
	}
	f := &File{data: data, at: map[int]place{}, packs: map[int]*pack{}}
	end := data[max(0, len(data)-tail):]
	i := bytes.LastIndex(end, []byte("startxref"))
	if i < 0 {
		return nil, ErrOther
	}
	l := &lexer{data: end, at: i + len("startxref")}
	o, err := l.token(0)
	if err != nil {
		return nil, err
	}
	for l.at < len(l.data) && isSpace(l.data[l.at]) {
		l.at++
	}
	if !l.peek("%%EOF") || len(bytes.TrimRight(end[l.at+len("%%EOF"):], "\r\n ")) > 0 {
		return nil, ErrOther
	}
	seen := map[int]bool{}
	for next := o; next != nil; {
		n, ok := next.(Number)
		if !ok {
			return nil, ErrOther
		}
		offset, err := n.Int()
		if err != nil || offset <= 0 || offset >= len(data) || seen[offset] || len(seen) >= maxUpdates {
			return nil, ErrOther
		}
		seen[offset] = true
		d, err := f.section(offset)
		if err != nil {
			return nil, err
		}
		if f.trailer == nil {
			f.trailer = d
		}
		for _, key := range []Name{"Encrypt", "XRefStm"} {
			if _, has := d[key]; has {
				return nil, ErrOther
			}
		}
		next = d["Prev"]
	}
	if f.size, err = f.Int(f.trailer["Size"]); err != nil || f.size > maxObjects {
		return nil, ErrOther
	}
	for n := range f.at {
		if n >= f.size {
			return nil, ErrOther
		}
	}
	return f, nil
}

// Root gives the catalog.
func (f *File) Root() (Dict, error) { return f.Dict(f.trailer["Root"]) }

// section reads a cross-reference table, or a stream of one, and gives its trailer.
func (f *File) section(offset int) (Dict, error) {
	l := &lexer{data: f.data, at: offset}
	if !l.peek("xref") {
		return f.stream(offset)
	}
	l.at += len("xref")
	for {
		o, err := l.token(0)
		if err != nil {
			return nil, err
		}
		if o == keyword("trailer") {
			break
		}
		count, err := l.token(0)
		if err != nil {
			return nil, err
		}
		first, n, err := pair(o, count)
		if err != nil || first < 0 || n < 0 || first+n > maxObjects {
			return nil, ErrOther
		}
		l.skip()
		if len(f.data)-l.at < n*entrySize {
			return nil, ErrOther
		}
		for i := range n {
			p, err := entry(f.data[l.at : l.at+entrySize])
			if err != nil {
				return nil, err
			}
			f.put(first+i, p)
			l.at += entrySize
		}
	}
	o, err := l.token(0)
	d, ok := o.(Dict)
	if err != nil || !ok {
		return nil, ErrOther
	}
	if end, err := l.token(0); err != nil || end != keyword("startxref") {
		return nil, ErrOther
	}
	return d, nil
}

// entry reads a line of a table: ten digits, five digits, and n or f.
func entry(line []byte) (place, error) {
	number := func(s []byte) (n int, ok bool) {
		for _, c := range s {
			if c < '0' || c > '9' {
				return 0, false
			}
			n = n*10 + int(c-'0')
		}
		return n, true
	}
	offset, ok := number(line[:10])
	generation, ok2 := number(line[11:16])
	if !ok || !ok2 || line[10] != ' ' || line[16] != ' ' || line[17] != 'n' && line[17] != 'f' || !isSpace(line[18]) || !isSpace(line[19]) {
		return place{}, ErrOther
	}
	return place{offset: offset, generation: generation, free: line[17] == 'f'}, nil
}

// put notes where an object is, unless a newer part of the file has said so.
func (f *File) put(number int, p place) {
	if _, known := f.at[number]; !known {
		f.at[number] = p
	}
}

func pair(a, b any) (int, int, error) {
	x, ok := a.(Number)
	y, ok2 := b.(Number)
	if !ok || !ok2 {
		return 0, 0, ErrOther
	}
	i, err := x.Int()
	if err != nil {
		return 0, 0, err
	}
	k, err := y.Int()
	return i, k, err
}

// stream reads a cross-reference stream.
func (f *File) stream(offset int) (Dict, error) {
	o, _, err := f.object(offset, -1, -1)
	if err != nil {
		return nil, err
	}
	s, ok := o.(Stream)
	if !ok || s.Dict["Type"] != Name("XRef") {
		return nil, ErrOther
	}
	for _, key := range []Name{"Filter", "DecodeParms", "W", "Size", "Index"} {
		if !direct(s.Dict[key]) {
			return nil, ErrOther
		}
	}
	data, err := f.Unpacked(s, maxPacked)
	if err != nil {
		return nil, err
	}
	var widths [3]int
	w, err := f.Ints(s.Dict["W"])
	if err != nil || len(w) != len(widths) {
		return nil, ErrOther
	}
	line := 0
	for i := range w {
		if widths[i] = w[i]; w[i] < 0 || w[i] > 4 {
			return nil, ErrOther
		}
		line += w[i]
	}
	size, err := f.Int(s.Dict["Size"])
	if err != nil || widths[0] == 0 || widths[1] == 0 || line == 0 {
		return nil, ErrOther
	}
	parts := []int{0, size}
	if index, has := s.Dict["Index"]; has {
		if parts, err = f.Ints(index); err != nil || len(parts)%2 != 0 {
			return nil, ErrOther
		}
	}
	for i := 0; i < len(parts); i += 2 {
		first, n := parts[i], parts[i+1]
		if first < 0 || n < 0 || n > len(data)/line || first+n > maxObjects {
			return nil, ErrOther
		}
		for k := range n {
			var v [3]int
			at := 0
			for j, width := range widths {
				for range width {
					v[j] = v[j]<<8 | int(data[at])
					at++
				}
			}
			data = data[line:]
			switch v[0] {
			case 0:
				f.put(first+k, place{free: true})
			case 1:
				f.put(first+k, place{offset: v[1], generation: v[2]})
			case 2:
				f.put(first+k, place{in: v[1], index: v[2]})
			default:
				return nil, ErrOther
			}
		}
	}
	if len(data) > 0 {
		return nil, ErrOther
	}
	return s.Dict, nil
}

// object reads what stands at an offset, with its number; one that is asked for must be it.
func (f *File) object(offset, number, generation int) (any, Ref, error) {
	if offset <= 0 || offset >= len(f.data) {
		return nil, Ref{}, ErrOther
	}
	if c := f.data[offset]; c < '0' || c > '9' {
		return nil, Ref{}, ErrOther
	}
	l := &lexer{data: f.data, at: offset}
	a, err := l.token(0)
	b, err2 := l.token(0)
	c, err3 := l.token(0)
	if err != nil || err2 != nil || err3 != nil || c != keyword("obj") {
		return nil, Ref{}, ErrOther
	}
	r, err := reference(a, b)
	if err != nil || number >= 0 && r != (Ref{number, generation}) {
		return nil, Ref{}, ErrOther
	}
	all, err := l.object()
	if err != nil {
		return nil, r, err
	}
	switch end := all.end; {
	case end == "endobj":
		return all.value, r, nil
	case end != "stream":
		return nil, r, ErrOther
	}
	d, ok := all.value.(Dict)
	if !ok {
		return nil, r, ErrOther
	}
	if l.peek("\r\n") {
		l.at += 2
	} else if l.peek("\n") {
		l.at++
	} else {
		return nil, r, ErrOther
	}
	n, err := f.length(d["Length"])
	if err != nil || n < 0 || n > len(f.data)-l.at {
		return nil, r, ErrOther
	}
	data := f.data[l.at : l.at+n : l.at+n]
	l.at += n
	for l.at < len(l.data) && (l.data[l.at] == '\r' || l.data[l.at] == '\n') {
		l.at++
	}
	if !l.peek("endstream") {
		return nil, r, ErrOther
	}
	l.at += len("endstream")
	if end, err := l.token(0); err != nil || end != keyword("endobj") {
		return nil, r, ErrOther
	}
	return Stream{d, data}, r, nil
}

// length gives the length of a stream, which no other stream may say.
func (f *File) length(o any) (int, error) {
	if ref, is := o.(Ref); is {
		p, known := f.at[ref.Number]
		if !known || p.free || p.in != 0 || p.generation != ref.Generation || p.offset <= 0 || p.offset >= len(f.data) {
			return 0, ErrOther
		}
		l := &lexer{data: f.data, at: p.offset}
		if word := l.word(); word != strconv.Itoa(ref.Number) {
			return 0, ErrOther
		}
		generation, err := l.token(0)
		obj, err2 := l.token(0)
		if err != nil || err2 != nil || generation != Number(strconv.Itoa(ref.Generation)) || obj != keyword("obj") {
			return 0, ErrOther
		}
		b, err := l.object()
		if err != nil || b.end != "endobj" {
			return 0, ErrOther
		}
		o = b.value
	}
	n, ok := o.(Number)
	if !ok {
		return 0, ErrOther
	}
	return n.Int()
}

// direct says that no reference stands in an object: what is needed to find objects must not be found so.
func direct(o any) bool {
	switch o := o.(type) {
	case Ref:
		return false
	case Array:
		return !slices.ContainsFunc(o, func(v any) bool { return !direct(v) })
	case Dict:
		for _, v := range o {
			if !direct(v) {
				return false
			}
		}
	}
	return true
}

// body is an object and the keyword that follows it.
type body struct {
	value any
	end   string
}

// object takes an object with the keyword after it.
func (l *lexer) object() (body, error) {
	var all []any
	for {
		o, err := l.token(0)
		if err != nil {
			return body{}, err
		}
		k, ok := o.(keyword)
		switch {
		case !ok && len(all) < 3:
			all = append(all, o)
		case ok && k == "R" && len(all) == 2:
			r, err := reference(all[0], all[1])
			if err != nil {
				return body{}, err
			}
			all = []any{r}
		case ok && len(all) == 1:
			return body{all[0], string(k)}, nil
		default:
			return body{}, ErrOther
		}
	}
}

// Value gives an object, or the one that a reference stands for.
func (f *File) Value(o any) (any, error) {
	r, ok := o.(Ref)
	if !ok {
		return o, nil
	}
	p, ok := f.at[r.Number]
	if !ok || p.free {
		return nil, ErrOther
	}
	var v any
	var err error
	if p.in != 0 {
		if r.Generation != 0 {
			return nil, ErrOther
		}
		v, err = f.packed(p, r.Number)
	} else {
		v, _, err = f.object(p.offset, r.Number, r.Generation)
		if err == nil && p.generation != r.Generation {
			err = ErrOther
		}
	}
	if err != nil {
		return nil, err
	}
	if _, again := v.(Ref); again {
		return nil, ErrOther
	}
	return v, nil
}

// packed gives an object of a stream of objects.
func (f *File) packed(p place, number int) (any, error) {
	k := f.packs[p.in]
	if k == nil {
		at := f.at[p.in]
		if at.free || at.in != 0 {
			return nil, ErrOther
		}
		o, _, err := f.object(at.offset, p.in, at.generation)
		if err != nil {
			return nil, err
		}
		s, ok := o.(Stream)
		if !ok || s.Dict["Type"] != Name("ObjStm") || s.Dict["Extends"] != nil {
			return nil, ErrOther
		}
		if k, err = f.unpack(s); err != nil {
			return nil, err
		}
		f.packs[p.in] = k
	}
	if p.index >= len(k.numbers) || k.numbers[p.index] != number {
		return nil, ErrOther
	}
	end := len(k.data)
	if p.index+1 < len(k.offsets) {
		end = k.offsets[p.index+1]
	}
	l := &lexer{data: k.data[:end], at: k.offsets[p.index]}
	o, err := l.token(0)
	if _, is := o.(keyword); err != nil || is || l.more() {
		return nil, ErrOther
	}
	return o, nil
}

func (f *File) unpack(s Stream) (*pack, error) {
	for _, key := range []Name{"Filter", "DecodeParms"} {
		if !direct(s.Dict[key]) {
			return nil, ErrOther
		}
	}
	n, first, err := pair(s.Dict["N"], s.Dict["First"])
	if err != nil {
		return nil, err
	}
	data, err := f.Unpacked(s, maxPacked)
	if err != nil || n < 0 || first < 0 || first > len(data) {
		return nil, ErrOther
	}
	if f.unpacked += len(data); f.unpacked > maxAllPacked {
		return nil, ErrOther
	}
	k := &pack{data: data}
	l := &lexer{data: data[:first]}
	for range min(n, first) {
		a, err := l.token(0)
		b, err2 := l.token(0)
		if err != nil || err2 != nil {
			return nil, ErrOther
		}
		number, offset, err := pair(a, b)
		if err != nil || offset < 0 || offset > len(data)-first || len(k.offsets) > 0 && first+offset < k.offsets[len(k.offsets)-1] {
			return nil, ErrOther
		}
		k.numbers, k.offsets = append(k.numbers, number), append(k.offsets, first+offset)
	}
	if len(k.numbers) != n || l.more() {
		return nil, ErrOther
	}
	return k, nil
}

// Dict gives the dictionary that an object is or stands for.
func (f *File) Dict(o any) (Dict, error) {
	v, err := f.Value(o)
	if err != nil {
		return nil, err
	}
	d, ok := v.(Dict)
	if !ok {
		return nil, ErrOther
	}
	return d, nil
}

// Array gives the array that an object is or stands for.
func (f *File) Array(o any) (Array, error) {
	v, err := f.Value(o)
	if err != nil {
		return nil, err
	}
	a, ok := v.(Array)
	if !ok {
		return nil, ErrOther
	}
	return a, nil
}

// Stream gives the stream that an object stands for.
func (f *File) Stream(o any) (Stream, error) {
	v, err := f.Value(o)
	if err != nil {
		return Stream{}, err
	}
	s, ok := v.(Stream)
	if !ok {
		return Stream{}, ErrOther
	}
	return s, nil
}

// Int gives the whole number that an object is or stands for.
func (f *File) Int(o any) (int, error) {
	v, err := f.Value(o)
	if err != nil {
		return 0, err
	}
	n, ok := v.(Number)
	if !ok {
		return 0, ErrOther
	}
	return n.Int()
}

// Ints gives the whole numbers of an array.
func (f *File) Ints(o any) ([]int, error) {
	a, err := f.Array(o)
	if err != nil {
		return nil, err
	}
	out := make([]int, len(a))
	for i := range a {
		if out[i], err = f.Int(a[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Filter gives the one filter of a stream, "" for none, and its parameters.
func (f *File) Filter(d Dict) (Name, Dict, error) {
	one := func(key Name) (any, error) {
		v, err := f.Value(d[key])
		if a, ok := v.(Array); ok && err == nil {
			switch len(a) {
			case 0:
				return nil, nil
			case 1:
				return f.Value(a[0])
			}
			return nil, ErrOther
		}
		return v, err
	}
	filter, err := one("Filter")
	parameters, err2 := one("DecodeParms")
	if err != nil || err2 != nil {
		return "", nil, ErrOther
	}
	for _, key := range []Name{"F", "FFilter", "FDecodeParms", "DP"} {
		if _, has := d[key]; has {
			return "", nil, ErrOther
		}
	}
	name, isName := filter.(Name)
	p, isDict := parameters.(Dict)
	if filter != nil && !isName || parameters != nil && !isDict {
		return "", nil, ErrOther
	}
	return name, p, nil
}

// Unpacked gives the bytes of a stream that is stored as it is or by zlib, at most so many.
func (f *File) Unpacked(s Stream, most int) ([]byte, error) {
	filter, parameters, err := f.Filter(s.Dict)
	switch {
	case err != nil:
		return nil, err
	case filter == "" && parameters == nil:
		return s.Data, nil
	case filter != "FlateDecode":
		return nil, ErrOther
	}
	z, err := zlib.NewReader(bytes.NewReader(s.Data))
	if err != nil {
		return nil, ErrOther
	}
	data, err := io.ReadAll(io.LimitReader(z, int64(most)+1))
	if err != nil || len(data) > most {
		return nil, ErrOther
	}
	return f.predicted(data, parameters)
}

// predicted undoes PNG's filters of rows.
func (f *File) predicted(data []byte, parameters Dict) ([]byte, error) {
	value := map[Name]int{"Predictor": 1, "Colors": 1, "BitsPerComponent": 8, "Columns": 1}
	for key, o := range parameters {
		n, err := f.Int(o)
		if _, known := value[key]; err != nil || !known || n < 1 {
			return nil, ErrOther
		}
		value[key] = n
	}
	if value["Predictor"] == 1 {
		return data, nil
	}
	if value["Predictor"] < 10 || value["Predictor"] > 15 || value["Colors"] > 4 || value["BitsPerComponent"] > 8 || value["Columns"] > 1<<20 {
		return nil, ErrOther
	}
	bits := value["Colors"] * value["BitsPerComponent"]
	back, stride := (bits+7)/8, (bits*value["Columns"]+7)/8
	if len(data)%(stride+1) != 0 {
		return nil, ErrOther
	}
	out := make([]byte, 0, len(data)/(stride+1)*stride)
	above := make([]byte, stride)
	for ; len(data) > 0; data = data[stride+1:] {
		row := data[1 : stride+1]
		if err := unfilter(data[0], row, above, back); err != nil {
			return nil, err
		}
		out = append(out, row...)
		above = row
	}
	return out, nil
}

// unfilter undoes the filter of a row; back is how far the dot on the left is.
func unfilter(kind byte, row, above []byte, back int) error {
	for i := range row {
		var left, corner byte
		if i >= back {
			left, corner = row[i-back], above[i-back]
		}
		switch kind {
		case 0:
		case 1:
			row[i] += left
		case 2:
			row[i] += above[i]
		case 3:
			row[i] += byte((int(left) + int(above[i])) / 2)
		case 4:
			row[i] += paeth(left, above[i], corner)
		default:
			return ErrOther
		}
	}
	return nil
}

func paeth(a, b, c byte) byte {
	distance := func(x byte) int {
		d := int(a) + int(b) - int(c) - int(x)
		return max(d, -d)
	}
	switch {
	case distance(a) <= distance(b) && distance(a) <= distance(c):
		return a
	case distance(b) <= distance(c):
		return b
	}
	return c
}
