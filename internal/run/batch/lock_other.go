//go:build !unix

package batch

import (
	"errors"
	"fmt"
	"os"
)

// lock makes a file that a second process cannot make. A killed process leaves it behind.
func lock(name string) (unlock func(), err error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("%w (%s; remove it if none is)", ErrLocked, name)
	}
	if err != nil {
		return nil, err
	}
	return func() { _, _ = f.Close(), os.Remove(name) }, nil
}
