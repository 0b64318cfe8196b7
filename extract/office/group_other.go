//go:build !unix

package office

import "os/exec"

// run leaves the program to exec.CommandContext, which kills the process that it started.
func run(cmd *exec.Cmd, _, _ string) error { return cmd.Run() }
