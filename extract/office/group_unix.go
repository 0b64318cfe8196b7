//go:build unix

package office

import (
	"os/exec"
	"syscall"
)

// group puts the program into a process group of its own and kills all of it: soffice is a script
// that starts the program proper as a child.
func group(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
