//go:build unix

package batch

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lock takes the lock that a name stands for; it ends with the process, however that ends. Network
// mounts without locks are trusted.
func lock(name string) (unlock func(), err error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil && !errors.Is(err, syscall.ENOSYS) && !errors.Is(err, syscall.ENOTSUP) {
		_ = f.Close() // nothing is ever written to it
		return nil, fmt.Errorf("%w (%s)", ErrLocked, name)
	}
	return func() { _ = f.Close() }, nil
}
