//go:build unix

package worker_test

import (
	"os"
	"os/exec"
	"syscall"
)

func setGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// signal0 asks whether a process may be sent signals.
func signal0(p *os.Process) error { return p.Signal(syscall.Signal(0)) }
