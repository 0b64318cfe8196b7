//go:build linux

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/dev/synth"
	"github.com/nianbao/nianbao/internal/run/answers"
	"github.com/nianbao/nianbao/internal/run/batch"
)

// served is a review that is running.
type served struct {
	cmd    *exec.Cmd
	base   string
	client *http.Client
}

func serveReview(t *testing.T, cmd *exec.Cmd) *served {
	t.Helper()
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	address, err := bufio.NewReader(pipe).ReadString('\n')
	if err != nil {
		t.Fatalf("%v: %s", err, errs.String())
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		t.Fatal(err)
	}
	s := &served{cmd: cmd, base: "http://" + u.Host, client: &http.Client{Jar: jar, Timeout: time.Minute}}
	res, err := s.client.Get(u.String())
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%d %v", res.StatusCode, err)
	}
	return s
}

func (s *served) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait() // it was killed
}

// answer gives a value, and says how many entries the history has when the answer was said to be saved.
func (s *served) answer(output, path string, value, seen int) (saved int, err error) {
	body := fmt.Sprintf(`{"o": %q, "seen": %d, "who": "甲", "answers": [{"path": %q, "value": %d}]}`, output, seen, path, value)
	res, err := s.client.Post(s.base+"/api/answer", "application/json", strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	data, err := io.ReadAll(res.Body)
	if err := res.Body.Close(); err != nil {
		return 0, err
	}
	var v struct{ History []struct{ N int } }
	if err != nil || res.StatusCode != http.StatusOK || json.Unmarshal(data, &v) != nil {
		return 0, errors.Join(fmt.Errorf("status %d: %.100s", res.StatusCode, data), err)
	}
	return len(v.History), nil
}

// TestReviewSurvivesKills: kill -9 at thirty moments loses no answer that was said to be saved, and leaves no file half.
func TestReviewSurvivesKills(t *testing.T) {
	in, out := t.TempDir(), filepath.Join(t.TempDir(), "out")
	if err := os.WriteFile(filepath.Join(in, "a.docx"), synth.Make(1, synth.Options{Form: "2021"}).DOCX(synth.MakeStyle(1)), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, errs, status := inProcess(t, "", "batch", in, "-o", out, "-q"); status != exitOK {
		t.Fatal(errs)
	}
	r, err := batch.Local(out).Result("a.docx.json")
	if err != nil {
		t.Fatal(err)
	}
	const path = "/tables/requests/received/total"
	said := answers.InOutput(out)
	acked, value := 0, 0
	rng := rand.New(rand.NewPCG(1, 2))
	for kill := range 30 {
		s := serveReview(t, exec.Command("/proc/self/exe", "review", out, "--no-open"))
		time.AfterFunc(time.Duration(rng.IntN(120))*time.Millisecond, func() { _ = s.cmd.Process.Kill() })
		for {
			value++
			n, err := s.answer("a.docx.json", path, value, acked+1_000_000)
			if err != nil {
				break
			}
			acked = n
		}
		s.kill()
		h, err := said.Load(r.Source.SHA256)
		if err != nil {
			t.Fatalf("kill %d: %v", kill, err)
		}
		if len(h.Entries) < acked {
			t.Fatalf("kill %d: %d answers were said to be saved, %d are there", kill, acked, len(h.Entries))
		}
		if _, err := batch.Local(out).Result("a.docx.json"); err != nil {
			t.Fatalf("kill %d: %v", kill, err)
		}
	}
	if acked < 10 {
		t.Errorf("only %d answers were given", acked)
	}
	// What was kept and not yet laid over the result is when it is opened next.
	if _, err := batch.Local(out).SettleAll(form.Set{}); err != nil {
		t.Fatal(err)
	}
	h, err := said.Load(r.Source.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	if r, err = batch.Local(out).Result("a.docx.json"); err != nil {
		t.Fatal(err)
	}
	if v, _ := r.Tables.Value(path); !v.Equal(h.Last(path).Value) {
		t.Errorf("the result has %v, the last answer was %v", v.Number, h.Last(path).Value.Number)
	}
}
