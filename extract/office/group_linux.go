package office

import (
	"os/exec"
	"runtime"
	"syscall"
)

// runWithMe runs LibreOffice itself, which starts no other program, so that it ends when the command's context ends, or
// when this process does, however that ends. The system watches the thread that started it, which is kept.
func runWithMe(cmd *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return cmd.Run()
}
