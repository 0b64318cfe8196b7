//go:build !linux

package worker

import (
	"errors"
	"os"
	"os/exec"
)

func self() string {
	name, err := os.Executable()
	if err != nil {
		return os.Args[0]
	}
	return name
}

func detach(*exec.Cmd) {}

func (c *child) run(cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	c.pid = cmd.Process.Pid
	go func() {
		_ = cmd.Wait() // the state says all
		c.state = cmd.ProcessState
		close(c.exited)
	}()
	return nil
}

func killSession(pid int) {
	if p, err := os.FindProcess(pid); err == nil {
		_ = p.Kill()
	}
}

// canMap is false: documents are held in memory.
const canMap = false

type mapping []byte

func (mapping) giveBack() {}

func (mapping) unmap() error { return nil }

func mapFile(*os.File, int64) (mapping, error) { return nil, errors.ErrUnsupported }

// Other systems have no cheap way to learn the memory of a process.
func session(int) ([]int, int64) { return nil, 0 }

func residentOf(int) int64 { return 0 }

// Confine asks the garbage collector to keep to the limit and gives the result pipe.
func Confine(memory int64) (*os.File, error) {
	spare(memory, func() {})
	return os.Stdout, nil
}
