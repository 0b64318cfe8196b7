//go:build unix

package folder

import "syscall"

// lostMount is what a network mount without its server says.
var lostMount = []error{syscall.EIO, syscall.ESTALE, syscall.ETIMEDOUT, syscall.ENOTCONN, syscall.EHOSTDOWN, syscall.EHOSTUNREACH}
