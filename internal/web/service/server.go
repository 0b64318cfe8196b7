package service

import (
	"context"
	"errors"
	"log"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

const (
	// idleTime is how long a connection may be kept that asks for nothing: those who only hold connections give room
	// again soon.
	idleTime = 30 * time.Second
	// maxHeader bounds the headers, in bytes.
	maxHeader = 32 << 10
)

// Serve answers on a listener until the context ends, and then finishes what is being done, for so long as the limits
// allow.
func (s *Service) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: s, ReadHeaderTimeout: s.Limits.Header, IdleTimeout: idleTime, MaxHeaderBytes: maxHeader,
		ErrorLog: log.New(teller{s.Logger}, "", 0),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(netutil.LimitListener(listener, s.Limits.Connections)) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	s.Leave()
	leave, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.Limits.Leave)
	defer cancel()
	err := server.Shutdown(leave)
	if errors.Is(err, context.DeadlineExceeded) {
		s.Logger.Warn("some requests did not end in time and were given up")
		err = server.Close()
	}
	return err
}

// teller logs what net/http has to say, mostly of clients that break off.
type teller struct{ log *slog.Logger }

func (t teller) Write(p []byte) (int, error) {
	t.log.Debug(string(p))
	return len(p), nil
}
