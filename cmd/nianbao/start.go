//go:build !man

package main

import (
	"context"
	"os"
	"os/signal"

	"github.com/nianbao/nianbao"
)

func main() {
	nianbao.WorkerMain()
	// An interrupt lets commands end in order; a second one ends the program at once.
	ctx, stop := signal.NotifyContext(context.Background(), interrupts()...)
	defer stop()
	context.AfterFunc(ctx, stop) // without which the second would be caught, too
	os.Exit(run(ctx, os.Args[1:], &env{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv}))
}
