package worker

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A frame is one byte of kind, eight of length (big endian), and the data.
const (
	frameReady   = 'H' // child: started
	frameJob     = 'J' // parent: jobHead as JSON
	frameData    = 'D' // parent: a piece of the current part
	framePartEnd = 'E' // parent: the current part is complete
	frameAbort   = 'A' // parent: forget the job
	frameAborted = 'B' // child: the job is forgotten
	framePage    = 'P' // child: page n of so many, four bytes each
	frameTimes   = 'T' // child: Times as JSON, before the answer
	frameResult  = 'R' // child: the result
	frameFailure = 'F' // child: a Failure as JSON
)

type frame struct {
	kind byte
	data []byte
	long bool // the data were longer than allowed and left unread
}

type jobHead struct {
	Name  string   `json:"name"`
	Task  []byte   `json:"task,omitempty"`
	Parts []string `json:"parts"`
}

func (f frame) page() (n, of int) {
	if len(f.data) != 8 {
		return 0, 0
	}
	return int(binary.BigEndian.Uint32(f.data)), int(binary.BigEndian.Uint32(f.data[4:]))
}

func writeFrame(w io.Writer, kind byte, data []byte) error {
	var h [9]byte
	h[0] = kind
	binary.BigEndian.PutUint64(h[1:], uint64(len(data)))
	if _, err := w.Write(h[:]); err != nil {
		return err
	}
	if len(data) == 0 {
		return nil
	}
	_, err := w.Write(data)
	return err
}

var errTooLong = errors.New("frame too long")

// readFrame reads one frame of at most limit bytes; a longer one comes without its data, with errTooLong.
func readFrame(r io.Reader, limit int64) (frame, error) {
	var h [9]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return frame{}, err
	}
	n := binary.BigEndian.Uint64(h[1:])
	if n > uint64(limit) {
		return frame{kind: h[0], long: true}, fmt.Errorf("%w: %d bytes", errTooLong, n)
	}
	f := frame{kind: h[0], data: make([]byte, n)}
	_, err := io.ReadFull(r, f.data)
	return f, err
}
