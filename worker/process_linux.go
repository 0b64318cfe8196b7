package worker

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

func self() string { return "/proc/self/exe" }

// detach gives the child a session of its own. Programs that the child starts in groups of their own
// stay in its session, and the terminal's Ctrl-C does not reach it: when to stop is the parent's choice.
func detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
}

// run starts the process and reaps it. The signal that ends the child with its parent is sent when
// the thread that started it ends, not the process, so that thread is kept until the child is gone.
func (c *child) run(cmd *exec.Cmd) error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		if err == nil {
			c.pid = cmd.Process.Pid
		}
		started <- err
		if err != nil {
			return
		}
		_ = cmd.Wait() // the state says all
		c.state = cmd.ProcessState
		close(c.exited)
	}()
	return <-started
}

// killSession kills every process of a session until none is left to start another.
func killSession(sid int) {
	for range 10 {
		pids, _ := session(sid)
		if len(pids) == 0 {
			return
		}
		for _, pid := range pids {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

// session lists the living processes of a session and adds up their resident bytes. It asks for each
// process's session id first, since that is cheap; reading /proc/PID/stat is not, and a machine may
// have thousands of processes.
func session(sid int) (pids []int, resident int64) {
	proc, err := os.Open("/proc")
	if err != nil {
		return nil, 0
	}
	defer func() { _ = proc.Close() }() // it was only read
	names, err := proc.Readdirnames(0)
	if err != nil {
		return nil, 0
	}
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue // no process
		}
		if s, err := unix.Getsid(pid); err != nil || s != sid {
			continue // gone meanwhile, or another's
		}
		b, err := os.ReadFile("/proc/" + name + "/stat")
		if err != nil {
			continue
		}
		state, rss, ok := parseStat(b)
		if !ok || state == 'Z' || state == 'X' {
			continue
		}
		pids = append(pids, pid)
		resident += rss
	}
	return pids, resident
}

// parseStat takes state and resident bytes out of /proc/PID/stat (proc(5)). The command's name, in parentheses, may hold anything.
func parseStat(b []byte) (state byte, resident int64, ok bool) {
	i := bytes.LastIndexByte(b, ')')
	if i < 0 {
		return 0, 0, false
	}
	f := bytes.Fields(b[i+1:])
	if len(f) < 22 {
		return 0, 0, false
	}
	pages, err := strconv.ParseInt(string(f[21]), 10, 64)
	if err != nil {
		return 0, 0, false
	}
	return f[0][0], pages * int64(os.Getpagesize()), true
}

func residentOf(pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rss, _ := parseStat(b)
	return rss
}

// pave asks the kernel for large memory pages (2 MB) in a part of the heap. Pictures take much memory,
// and with pages of 4 KB the page faults alone cost a twentieth of the time for a page of a document.
func pave() {
	room := make([]byte, light)
	_ = unix.Madvise(room, unix.MADV_HUGEPAGE) // a kernel that has none goes on with small ones
}

// canMap says that files can be mapped.
const canMap = true

// mapping is a file as it lies in the address space.
type mapping []byte

func mapFile(f *os.File, size int64) (mapping, error) {
	return unix.Mmap(int(f.Fd()), 0, int(size), unix.PROT_READ, unix.MAP_SHARED)
}

// giveBack frees the memory that the mapped file takes. Whoever reads it again gets it from the file.
func (m mapping) giveBack() {
	_ = unix.Madvise(m, unix.MADV_DONTNEED) // else it stays where it is
}

func (m mapping) unmap() error { return unix.Munmap(m) }

// Confine is called by the child before it serves: it gives itself the limits that a process sets for
// itself, and moves its result pipe away from descriptor 1, which libraries may print to. It returns
// the pipe.
//
// The address space is not limited, because Go and WebAssembly reserve much more of it than they use;
// writable memory is, with room for what is mapped and never touched. This ceiling is for what
// allocates faster than the parent looks.
func Confine(memory int64) (*os.File, error) {
	const slack = 1 << 30
	hard := uint64(memory + slack)
	if err := syscall.Setrlimit(unix.RLIMIT_DATA, &syscall.Rlimit{Cur: hard, Max: hard}); err != nil {
		return nil, fmt.Errorf("limit the memory: %w", err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}); err != nil {
		return nil, fmt.Errorf("forbid core files: %w", err)
	}
	spare(memory, pave) // the heap takes its room from the lowest address on, which is then the paved one
	// When the machine itself runs out, the kernel shall take this process and not the parent. Some
	// containers forbid it; then the kernel chooses by size, which is mostly the same.
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0)

	fd, err := unix.FcntlInt(1, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, fmt.Errorf("keep the result pipe: %w", err)
	}
	if err := unix.Dup3(2, 1, 0); err != nil {
		return nil, fmt.Errorf("send stdout to stderr: %w", err)
	}
	return os.NewFile(uintptr(fd), "results"), nil
}
