package worker_test

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/worker"
)

// lockedIn is how the child is locked in.
var lockedIn []worker.Lock

// try does something that a child may be made to do, and gives an error where it could not.
func try(what string) ([]byte, error) {
	what, arg, _ := strings.Cut(what, " ")
	done := []byte("done")
	switch what {
	case "locks":
		return json.Marshal(lockedIn)
	case "tcp", "udp":
		c, err := net.DialTimeout(what, arg, time.Second)
		if err == nil {
			_ = c.Close()
		}
		return done, err
	case "listen":
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err == nil {
			_ = l.Close()
		}
		return done, err
	case "unix":
		l, err := net.Listen("unix", filepath.Join(os.TempDir(), "s"))
		if err == nil {
			_ = l.Close()
		}
		return done, err
	case "read":
		_, err := os.ReadFile(arg)
		return done, err
	case "list":
		_, err := os.ReadDir(arg)
		return done, err
	case "write":
		return done, os.WriteFile(arg, done, 0o600)
	case "own":
		p := filepath.Join(os.TempDir(), "x", "y")
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(p, done, 0o600); err != nil {
			return nil, err
		}
		return os.ReadFile(p)
	case "run":
		return done, exec.Command(arg).Run()
	case "kill":
		pid, err := strconv.Atoi(arg)
		if err != nil {
			return nil, err
		}
		p, err := os.FindProcess(pid)
		if err != nil {
			return nil, err
		}
		return done, signal0(p)
	case "env":
		return []byte(os.Getenv(arg)), nil
	}
	return nil, fmt.Errorf("what is %q?", what)
}

// TestLockedIn: a child that is made to reach for the network, for files, programs and processes that are not its own is
// refused, where the kernel can; what it needs it has.
func TestLockedIn(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has the means")
	}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("NIANBAO_TOKEN", "the token of the parent")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	locked := newWorker(t, func(c *worker.Config) {
		c.Env, c.Limits.Base = append(c.Env, "WORKER_TEST_LOCKED=1"), time.Minute
	})
	free := newWorker(t, func(c *worker.Config) { c.Limits.Base = time.Minute })
	b, err := locked.Do(t.Context(), job("try locks"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var locks []worker.Lock
	if err := json.Unmarshal(b, &locks); err != nil || len(locks) != 3 {
		t.Fatalf("%v %s", err, b)
	}
	held := map[string]bool{}
	for _, x := range locks {
		held[x.Name] = x.Held
		held["signals"] = held["signals"] || strings.Contains(x.Means, "signals")
		if x.Means == "" {
			t.Errorf("%s does not say what it means", x.Name)
		}
	}
	if os.Getenv("CI") != "" && (!held["landlock"] || !held["seccomp"]) {
		t.Errorf("the kernel of this machine has not all: %s", b)
	}
	parent := strconv.Itoa(os.Getpid())
	for _, x := range []struct {
		what, by string
		refused  bool
	}{
		{"tcp " + l.Addr().String(), "seccomp", true},
		{"udp 127.0.0.1:53", "seccomp", true},
		{"listen", "seccomp", true},
		{"unix", "seccomp", true},
		{"read /etc/passwd", "landlock", true},
		{"read " + secret, "landlock", true},
		{"read /proc/" + parent + "/environ", "landlock", true},
		{"read /proc/self/environ", "landlock", true},
		{"list /home", "landlock", true},
		{"list /", "landlock", true},
		{"write " + secret, "landlock", true},
		{"write " + filepath.Join(filepath.Dir(secret), "new"), "landlock", true},
		{"write /dev/shm/nianbao-test", "landlock", true},
		{"run /bin/sh", "landlock", true},
		{"run /usr/bin/id", "landlock", true},
		{"run /usr/bin/true", "landlock", false},
		{"kill " + parent, "signals", true},
		{"own", "landlock", false},
		{"read /usr/share/zoneinfo/UTC", "landlock", false},
	} {
		if !held[x.by] {
			t.Logf("%s: the kernel has no %s", x.what, x.by)
			continue
		}
		if out, err := locked.Do(t.Context(), job("try "+x.what), nil); (err != nil) != x.refused {
			if _, missing := free.Do(t.Context(), job("try "+x.what), nil); !x.refused && missing != nil {
				continue // it is not there at all
			}
			t.Errorf("%s: %q, %v", x.what, out, err)
		}
	}
	if b, err := locked.Do(t.Context(), job("try env NIANBAO_TOKEN"), nil); err != nil || len(b) > 0 {
		t.Errorf("the child has the token of its parent: %q %v", b, err)
	}
	// The same child, not locked in, may: what is tested above is no mere lack.
	for _, what := range []string{"tcp " + l.Addr().String(), "read " + secret, "write " + secret, "run /bin/sh", "kill " + parent} {
		if _, err := free.Do(t.Context(), job("try "+what), nil); err != nil {
			t.Errorf("not locked in, %s: %v", what, err)
		}
	}
}
