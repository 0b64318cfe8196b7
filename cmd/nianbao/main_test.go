package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/internal/run/queue"
)

// programVariable makes the test binary the program itself, which is what the child processes of
// convert and batch are started as.
const programVariable = "NIANBAO_TEST_PROGRAM"

// silenceVariable is queue.Silence of the program.
const silenceVariable = "NIANBAO_TEST_SILENCE"

func TestMain(m *testing.M) {
	nianbao.WorkerMain() // a worker does not have the variable below
	if d, err := time.ParseDuration(os.Getenv(silenceVariable)); err == nil {
		queue.Silence = d
	}
	if os.Getenv(programVariable) != "" {
		main()
	}
	if err := os.Setenv(programVariable, "1"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// inProcess runs the program in this process.
func inProcess(t *testing.T, stdin string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(t.Context(), args, &env{stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs, getenv: os.Getenv})
	return out.String(), errs.String(), status
}
