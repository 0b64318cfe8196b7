package worker

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"unsafe"

	"github.com/landlock-lsm/go-landlock/landlock"
	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// LockIn takes from this process, for good, what a child does not need: the network, all files but those of the rooms,
// programs but those of the rooms, other processes, new privileges. Each holds where the kernel can. A document that
// takes over a C library finds itself in there, and so do the programs that the child starts.
func LockIn(r Rooms) []Lock {
	return []Lock{lockPrivileges(), lockFiles(r), lockCalls(len(r.Sockets) > 0)}
}

func lockPrivileges() Lock {
	l := Lock{Name: "no_new_privs", Held: true, Means: "no program gives new privileges"}
	// The other two set it for all threads.
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		l.Held, l.Means = false, err.Error()
	}
	return l
}

// What may be done with what is read and with programs.
const (
	reading = ll.AccessFSReadFile | ll.AccessFSReadDir
	running = ll.AccessFSExecute | ll.AccessFSReadFile
)

// lockFiles leaves the rooms, by Landlock.
func lockFiles(r Rooms) Lock {
	l := Lock{Name: "landlock"}
	version, err := ll.LandlockGetABIVersion()
	if err != nil || version < 1 {
		l.Means = "the kernel has no Landlock: files and programs are those of the user"
		return l
	}
	rules := []landlock.Rule{
		landlock.RWFiles("/dev/null").IgnoreIfMissing(),
		landlock.ROFiles("/dev/zero", "/dev/random", "/dev/urandom").IgnoreIfMissing(),
	}
	add := func(paths []string, access landlock.AccessFSSet) {
		for _, p := range paths {
			info, err := os.Stat(p)
			if err != nil {
				continue // it is not there
			}
			if !info.IsDir() {
				rules = append(rules, landlock.PathAccess(access&^ll.AccessFSReadDir, p))
			} else {
				rules = append(rules, landlock.PathAccess(access, p))
			}
		}
	}
	add(r.Read, reading)
	add(r.Run, running)
	if len(r.Run) > 0 {
		add(loaders(), running)
	}
	add(r.Sockets, ll.AccessFSMakeSock)
	for _, p := range r.Write {
		rules = append(rules, landlock.RWDirs(p).WithRefer().IgnoreIfMissing())
	}
	if err := landlock.V7.BestEffort().Restrict(rules...); err != nil {
		l.Means = err.Error()
		return l
	}
	l.Held = true
	l.Means = fmt.Sprintf("ABI %d: files but the child's own folder and what it needs to read, programs that it does not need", version)
	if version >= 4 {
		l.Means += "; TCP"
	}
	if version >= 6 {
		l.Means += "; signals to others"
	}
	return l
}

// loaders are what the kernel starts programs with.
func loaders() (out []string) {
	for _, pattern := range []string{"/lib64/ld-linux*", "/lib/ld-linux*", "/lib/ld-musl-*", "/lib64/ld64*"} {
		found, err := filepath.Glob(pattern)
		if err == nil {
			out = append(out, found...)
		}
	}
	return out
}

// native is what the kernel calls this process's own way to call it. All others are shut, since their calls have other
// numbers: github.com/elastic/go-seccomp-bpf lets them pass where what is not named is allowed.
var native = map[string]uint32{"amd64": unix.AUDIT_ARCH_X86_64, "arm64": unix.AUDIT_ARCH_AARCH64}

// x32 is the bit that marks calls of a second ABI within x86-64.
const x32 = 0x40000000

// forbidden are the calls that no reader of documents needs: the network, other processes, the kernel.
var forbidden = []uint32{
	unix.SYS_CONNECT, unix.SYS_IO_URING_SETUP, // which opens sockets of its own
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PIDFD_GETFD,
	unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_KEXEC_LOAD, unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE,
	unix.SYS_KEYCTL, unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_OPEN_BY_HANDLE_AT,
	unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT, unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_REBOOT, unix.SYS_SWAPON,
}

// lockCalls forbids calls, by seccomp. Where there are pipes, sockets within the machine may be made that are listened at.
func lockCalls(pipes bool) Lock {
	l := Lock{Name: "seccomp"}
	arch, ok := native[runtime.GOARCH]
	if !ok {
		l.Means = "the calls of " + runtime.GOARCH + " are not known: the network is open"
		return l
	}
	refuse := bpf.RetConstant{Val: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)}
	// Offsets in struct seccomp_data: the number of the call, then the architecture.
	program := []bpf.Instruction{
		bpf.LoadAbsolute{Off: 4, Size: 4}, bpf.JumpIf{Cond: bpf.JumpEqual, Val: arch, SkipTrue: 1}, refuse,
		bpf.LoadAbsolute{Off: 0, Size: 4},
	}
	if runtime.GOARCH == "amd64" {
		program = append(program, bpf.JumpIf{Cond: bpf.JumpLessThan, Val: x32, SkipTrue: 1}, refuse)
	}
	for _, call := range forbidden {
		program = append(program, bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: call, SkipTrue: 1}, refuse)
	}
	allow := bpf.RetConstant{Val: unix.SECCOMP_RET_ALLOW}
	program = append(program, bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.SYS_SOCKET, SkipTrue: 1}, allow)
	if pipes {
		// The lower halves of the arguments, which follow the instruction pointer. The kind has flags above it.
		const domain, kind, mask = 16, 24, 0xf
		program = append(program,
			bpf.LoadAbsolute{Off: domain, Size: 4}, bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.AF_UNIX, SkipTrue: 1}, refuse,
			bpf.LoadAbsolute{Off: kind, Size: 4}, bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: mask}, bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.SOCK_STREAM, SkipTrue: 1}, refuse, allow)
	}
	program = append(program, refuse)
	if err := load(program); err != nil {
		l.Means = "the network is open: " + err.Error()
		return l
	}
	l.Held, l.Means = true, "the network, other processes, and calls to the kernel that no reader needs"
	return l
}

// load gives all threads of this process a filter.
func load(program []bpf.Instruction) error {
	raw, err := bpf.Assemble(program)
	if err != nil {
		return err
	}
	filter := make([]unix.SockFilter, len(raw))
	for i, x := range raw {
		filter[i] = unix.SockFilter{Code: x.Op, Jt: x.Jt, Jf: x.Jf, K: x.K}
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	fprog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	failed, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&fprog)))
	if errno != 0 {
		return fmt.Errorf("seccomp: %w", errno)
	}
	if failed != 0 {
		return errors.New("seccomp: a thread has filters of its own")
	}
	return nil
}
