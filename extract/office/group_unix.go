//go:build unix

package office

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
)

// guard is the script of a process that waits for this one to end, and then ends LibreOffice, which would go on
// without it, and removes what that leaves behind. It is told by its input: a line when all went well, nothing when this
// process was killed.
const guard = `read -r line; [ "$line" = done ] || { kill -9 -"$1"; sleep 1; rm -rf -- "$2" "$3" "$4"; }`

// run runs the program in a process group of its own and kills all of it when the command's context ends: soffice
// is a script that starts the program proper as a child. socket is the name of what the program leaves in the folders for
// temporary files.
func run(cmd *exec.Cmd, dir, socket string) (err error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	if err := cmd.Start(); err != nil {
		return err
	}
	sockets := []string{filepath.Join("/tmp", socket), filepath.Join("/var/tmp", socket)}
	watch := exec.Command("/bin/sh", "-c", guard, "sh", strconv.Itoa(cmd.Process.Pid), dir, sockets[0], sockets[1])
	watch.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // what kills this process's session leaves it
	watch.Dir = "/"
	told, err := watch.StdinPipe()
	if err == nil {
		err = watch.Start()
	}
	if err != nil {
		return errors.Join(err, cmd.Cancel(), cmd.Wait())
	}
	err = cmd.Wait()
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what the script left running; mostly there is nothing
	for _, s := range sockets {
		_ = os.Remove(s) // mostly there is none
	}
	_, _ = io.WriteString(told, "done\n") // a guard that is gone does no harm
	_ = told.Close()
	_ = watch.Wait()
	return err
}
