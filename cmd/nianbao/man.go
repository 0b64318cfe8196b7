//go:build man

package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra/doc"
)

// With the tag man, the program writes its manual pages to a folder instead: releases have them, and
// the program need not carry what makes them. SOURCE_DATE_EPOCH is their date.
func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: nianbao DIR")
		os.Exit(exitUsage)
	}
	root := newRootCommand(&env{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv})
	root.DisableAutoGenTag = true
	h := &doc.GenManHeader{Section: "1", Source: "nianbao " + programVersion(), Manual: "nianbao"}
	if err := doc.GenManTree(root, h, os.Args[1]); err != nil {
		fmt.Fprintf(os.Stderr, "nianbao: %v\n", err)
		os.Exit(exitFailed)
	}
}
