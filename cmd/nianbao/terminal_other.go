//go:build !unix

package main

import "os"

// terminalColumns is 0: lines are printed instead of a bar.
func terminalColumns(*os.File) int { return 0 }
