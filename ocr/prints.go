package ocr

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"math"
	"os"
)

// Print is what was read of a cell: pictures of its lines, and the height of a digit in them, in pixels.
type Print struct {
	Lines  []*image.Gray
	Height float64
}

// mostKept is how many bytes of prints stay in memory: those of some five full pages at 300 dots an
// inch, which is more than most reports have.
const mostKept = 4 << 20

// Prints keeps the prints of a document's cells for another look, the first ones in memory and the
// others in a temporary file, so that memory does not grow with the document. It is not for concurrent
// use. The zero value is empty and works.
type Prints struct {
	recent []byte // what is not in the file
	file   *os.File
	filed  int64 // bytes in the file
}

// A print is kept as its length without these four bytes, the height, the number of lines, the width
// and height of each, and their pixels.
const printHead, lineHead = 4 + 8 + 4, 8

// keep gives the number under which the print can be had, which is never 0.
func (s *Prints) keep(p Print) (int64, error) {
	size := printHead + lineHead*len(p.Lines)
	for _, l := range p.Lines {
		size += l.Rect.Dx() * l.Rect.Dy()
	}
	if len(s.recent) > 0 && len(s.recent)+size > mostKept {
		if err := s.flush(); err != nil {
			return 0, err
		}
	}
	if s.recent == nil {
		s.recent = make([]byte, 0, mostKept) // at once: growing it would take twice the memory
	}
	number := s.filed + int64(len(s.recent)) + 1
	b := binary.LittleEndian.AppendUint32(s.recent, uint32(size-4))
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p.Height))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(p.Lines)))
	for _, l := range p.Lines {
		b = binary.LittleEndian.AppendUint32(b, uint32(l.Rect.Dx()))
		b = binary.LittleEndian.AppendUint32(b, uint32(l.Rect.Dy()))
	}
	for _, l := range p.Lines {
		for y := range l.Rect.Dy() {
			b = append(b, l.Pix[y*l.Stride:][:l.Rect.Dx()]...)
		}
	}
	s.recent = b
	return number, nil
}

// flush moves what is in memory to the file.
func (s *Prints) flush() error {
	if s.file == nil {
		f, err := os.CreateTemp("", "nianbao-cells-")
		if err != nil {
			return fmt.Errorf("keep the pixels of cells: %w", err)
		}
		s.file = f
		// Where an open file can be removed, nothing is left behind, whatever becomes of this process.
		_ = os.Remove(f.Name())
	}
	n, err := s.file.WriteAt(s.recent, s.filed)
	if err != nil {
		return fmt.Errorf("keep the pixels of cells: %w", err)
	}
	s.filed += int64(n)
	s.recent = s.recent[:0]
	return nil
}

// Get gives the print that is kept under a number, and an empty one for 0.
func (s *Prints) Get(number int64) (Print, error) {
	if number == 0 {
		return Print{}, nil
	}
	at := number - 1
	var head [4]byte
	if err := s.read(head[:], at); err != nil {
		return Print{}, err
	}
	b := make([]byte, binary.LittleEndian.Uint32(head[:]))
	if err := s.read(b, at+int64(len(head))); err != nil {
		return Print{}, err
	}
	p := Print{
		Lines:  make([]*image.Gray, binary.LittleEndian.Uint32(b[8:])),
		Height: math.Float64frombits(binary.LittleEndian.Uint64(b)),
	}
	sizes := b[printHead-len(head):]
	pixels := sizes[lineHead*len(p.Lines):]
	for i := range p.Lines {
		box := image.Rect(0, 0, int(binary.LittleEndian.Uint32(sizes)), int(binary.LittleEndian.Uint32(sizes[4:])))
		n := box.Dx() * box.Dy()
		p.Lines[i] = &image.Gray{Pix: pixels[:n:n], Stride: box.Dx(), Rect: box}
		sizes, pixels = sizes[lineHead:], pixels[n:]
	}
	return p, nil
}

// read gives what was kept from a place on.
func (s *Prints) read(b []byte, at int64) error {
	if at >= s.filed {
		copy(b, s.recent[at-s.filed:])
		return nil
	}
	if _, err := s.file.ReadAt(b, at); err != nil {
		return fmt.Errorf("the pixels of cells, kept in a temporary file: %w", err)
	}
	return nil
}

// Close forgets all prints.
func (s *Prints) Close() error {
	f := s.file
	*s = Prints{}
	if f == nil {
		return nil
	}
	err := f.Close()
	if gone := os.Remove(f.Name()); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}
