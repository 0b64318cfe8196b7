package batch_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nianbao/nianbao/internal/run/batch"
)

// TestKilledAtAnyMoment kills the batch's whole process group again and again; -long is the full size.
func TestKilledAtAnyMoment(t *testing.T) {
	files, kills := 120, 5
	if *long {
		files, kills = 2000, 20
	}
	in, whole, out := t.TempDir(), t.TempDir(), t.TempDir()
	content := map[string]string{}
	for i := range files {
		name := fmt.Sprintf("%d/%d.txt", i%7, i)
		content[name] = fmt.Sprint("report ", i)
		if i%50 == 0 {
			content[name] = fmt.Sprint("cut ", i)
		}
	}
	write(t, in, content)
	start := func(out string) *exec.Cmd {
		cmd := exec.Command("/proc/self/exe", "--", in, out)
		cmd.Env = append(os.Environ(), "BATCH_TEST=run")
		cmd.Stderr = os.Stderr
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	begun := time.Now()
	if err := start(whole).Wait(); err != nil {
		t.Fatal(err)
	}
	took := time.Since(begun)
	rng := rand.New(rand.NewPCG(1, uint64(time.Now().UnixNano())))
	early := 0
	for range kills {
		cmd := start(out)
		time.Sleep(time.Duration(rng.Int64N(int64(took) / int64(kills) * 2)))
		if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); err != nil {
			t.Logf("it was done: %v", err)
		}
		if cmd.Wait() != nil {
			early++
		}
	}
	if err := start(out).Wait(); err != nil {
		t.Fatal(err)
	}
	a, b := tree(t, whole), tree(t, out)
	if names(a) != names(b) {
		t.Fatal("not the same results")
	}
	if len(b) != files {
		t.Errorf("%d results for %d inputs", len(b), files)
	}
	for n, data := range a {
		if strings.HasPrefix(n, "json/") && b[n] != data {
			t.Errorf("%s differs", n)
		}
	}
	st, err := batch.ReadStatus(out)
	if err != nil || st.Failed != (files+49)/50 || st.Done+st.Failed != files {
		t.Errorf("ledger: %+v, %v", st, err)
	}
	t.Logf("%d files, %d kills of which %d hit: %d results and reasons, equal to those of a run of %v", files, kills, early, len(b), took.Round(time.Millisecond))
}
