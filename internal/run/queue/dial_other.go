//go:build !linux

package queue

import (
	"syscall"
	"time"
)

// giveUpAfter leaves it to the system when to end a connection of which nothing is received.
func giveUpAfter(time.Duration) func(network, address string, c syscall.RawConn) error { return nil }
