//go:build !unix

package work

import "time"

var start = time.Now()

// spent is the time since the start where the system does not tell what of it this process had.
func spent() time.Duration { return time.Since(start) }
