//go:build unix

package work

import (
	"time"

	"golang.org/x/sys/unix"
)

// spent is the processor time that this process has had.
func spent() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
