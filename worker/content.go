package worker

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// inMemory is the size in bytes up to which a document is held in the child's memory. A larger one,
// such as a scan of many pages, is written to a temporary file and mapped, so that only the parts
// being read take memory.
const inMemory = 4 << 20

// content is a file as it comes from the parent.
type content struct {
	held bytes.Buffer
	file *os.File
	size int64
}

func (c *content) Write(p []byte) (int, error) {
	if c.file == nil && c.held.Len()+len(p) > inMemory && canMap {
		f, err := os.CreateTemp("", "document-")
		if err != nil {
			return 0, unkept(err)
		}
		c.file = f
		_ = os.Remove(f.Name()) // an open file stays, whatever becomes of this process; the folder goes with it anyway
		n, err := f.Write(c.held.Bytes())
		if c.size += int64(n); err != nil {
			return 0, unkept(err)
		}
		c.held = bytes.Buffer{}
	}
	if c.file == nil {
		return c.held.Write(p)
	}
	n, err := c.file.Write(p)
	if c.size += int64(n); err != nil {
		return n, unkept(err)
	}
	return n, nil
}

// unkept is the failure of a document that there is no room for. It does not name the temporary file, which
// is none of the user's, and does not say that the document is to blame.
func unkept(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	reason := Failed
	if errors.Is(err, syscall.ENOSPC) {
		reason = NoRoom
	}
	return &Failure{Reason: reason, Message: "the document cannot be kept in a temporary file: " + err.Error(), cause: err}
}

// bytes gives the content; where it is mapped, it lasts until close.
func (c *content) bytes() ([]byte, mapping, error) {
	if c.file == nil {
		return c.held.Bytes(), nil, nil
	}
	m, err := mapFile(c.file, c.size)
	if err != nil {
		return nil, nil, unkept(err)
	}
	return m, m, nil
}

// close lets go of the file, but not of what is mapped.
func (c *content) close() {
	if c.file != nil {
		_ = c.file.Close() // it was only written to, and it is gone
	}
}

// giveBackTick is how often the memory is given back that the read parts of mapped documents take. The
// system still has these parts in its file cache, as long as it needs that memory for nothing else, so
// reading them again is cheap. At a gigabyte a second, which is how fast a file is hashed, 20 MB
// gather between two ticks.
const giveBackTick = 20 * time.Millisecond

// giveBack keeps mappings from taking memory until stop is called.
func giveBack(ms []mapping) (stop func()) {
	if len(ms) == 0 {
		return func() {}
	}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(giveBackTick)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				for _, m := range ms {
					m.giveBack()
				}
			case <-done:
				return
			}
		}
	}()
	return func() { close(done); <-ended }
}
