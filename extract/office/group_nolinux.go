//go:build !linux

package office

import "os/exec"

// runWithMe is for Linux alone, where LibreOffice is started without its script.
func runWithMe(cmd *exec.Cmd) error { return cmd.Run() }
