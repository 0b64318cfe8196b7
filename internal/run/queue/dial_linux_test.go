package queue

import (
	"net"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/nianbao/nianbao/internal/dev/servers"
)

// TestPatience: no connection waits for a silent database for longer than workers may be silent.
func TestPatience(t *testing.T) {
	q := fresh(t, servers.Database(t, "fsync=off"))
	c, err := q.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Release()
	tcp, ok := c.Conn().PgConn().Conn().(*net.TCPConn)
	if !ok {
		t.Fatalf("the connection is a %T", c.Conn().PgConn().Conn())
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	get := func(option int) (n int) {
		err := raw.Control(func(fd uintptr) { n, err = unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, option) })
		if err != nil {
			t.Error(err)
		}
		return n
	}
	if ms := get(unix.TCP_USER_TIMEOUT); ms != int(Silence.Milliseconds()) {
		t.Errorf("what was sent is waited for %d ms", ms)
	}
	if s := get(unix.TCP_KEEPIDLE) + get(unix.TCP_KEEPINTVL)*get(unix.TCP_KEEPCNT); s > int(Silence.Seconds()) {
		t.Errorf("an answer is waited for %d s", s)
	}
}
