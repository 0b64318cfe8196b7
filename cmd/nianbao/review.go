package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"os/user"
	"runtime"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/net/netutil"

	"github.com/nianbao/nianbao"
	"github.com/nianbao/nianbao/internal/run/batch"
	"github.com/nianbao/nianbao/internal/run/queue"
	"github.com/nianbao/nianbao/internal/web/desk"
)

type reviewOptions struct {
	limitOptions
	formOptions
	port   int
	noOpen bool
	who    string
}

func newReviewCommand(e *env) *cobra.Command {
	var o reviewOptions
	c := &cobra.Command{
		Use:   "review OUT|URL",
		Short: "Look at a batch in a browser and answer for its numbers",
		Long: `Serve the output folder of a batch to a browser on this machine, and open it: the list of its reports, the page
beside the official table, and the questions of review, the most telling first. Answers are kept for good in
OUT/answers and laid over every later conversion of the same documents. The address has a token, without
which nothing is shown; nothing is loaded from outside. Ctrl-C ends it.` + "\n" + `
Exit status:
  0  ended
  1  the folder cannot be served
  2  wrong usage`,
		Example: `  nianbao batch cabinets -o out
  nianbao review out
  nianbao review out --no-open --port 8090`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runReview(cmd.Context(), e, o, args[0]) },
	}
	f := c.Flags()
	f.IntVar(&o.port, "port", 0, "port of 127.0.0.1 to listen on; 0 is a free one")
	f.BoolVar(&o.noOpen, "no-open", false, "only print the address")
	f.StringVar(&o.who, "who", "", "`name` kept with answers where the browser gives none; yours by default")
	o.limitOptions.add(f)
	o.formOptions.add(f)
	return c
}

// What one desk bears: a few people, a browser of each with some connections.
const (
	maxConnections = 256
	headerTime     = 10 * time.Second
	bodyTime       = 30 * time.Second
	idleTime       = 2 * time.Minute
	maxHeader      = 32 << 10
	// leaveTime is how long answers that are being kept may take when the desk is closed.
	leaveTime = 10 * time.Second
)

func runReview(ctx context.Context, e *env, o reviewOptions, out string) (err error) {
	log := e.logger()
	if err := o.check(); err != nil {
		return err
	}
	if o.port < 0 || o.port > 65535 {
		return usageError{errors.New("--port must be 0 to 65535")}
	}
	at, err := o.at(ctx, e, log, out)
	if err != nil {
		return err
	}
	defer at.close()
	book, err := at.book()
	if err != nil {
		return err
	}
	defer book.Close()
	c, err := o.converter(nianbao.Options{}, "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(o.port)))
	if err != nil {
		return err
	}
	token := rand.Text()
	server := &http.Server{
		Handler: desk.New(desk.Options{
			Book: book, Converter: c, Again: o.againIn(book, at.queue), Token: token, Who: o.name(), Logger: log,
		}),
		ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, IdleTimeout: idleTime, MaxHeaderBytes: maxHeader,
	}
	address := fmt.Sprintf("http://%s/?token=%s", listener.Addr(), token)
	if _, err := fmt.Fprintln(e.stdout, address); err != nil {
		return errors.Join(err, listener.Close())
	}
	if !o.noOpen {
		if err := openBrowser(address); err != nil {
			log.Info("no browser was opened: open the address yourself")
		}
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(netutil.LimitListener(listener, maxConnections)) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	leave, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveTime)
	defer cancel()
	return server.Shutdown(leave)
}

// againIn converts one input of the folder anew, with the settings of a batch without flags.
func (o *reviewOptions) againIn(book *batch.Book, q *queue.Queue) func(context.Context, string) (batch.Item, error) {
	if q != nil {
		return func(ctx context.Context, output string) (batch.Item, error) { return q.Again(ctx, book, output) }
	}
	b := &batchOptions{limitOptions: o.limitOptions, own: book.Forms.Own()}
	return func(ctx context.Context, output string) (batch.Item, error) {
		identity, err := b.identity(ctx)
		if err != nil {
			return batch.Item{}, err
		}
		return book.Again(ctx, output, identity, b.newSlot)
	}
}

// name is the one that was given, else that of who runs the program.
func (o *reviewOptions) name() string {
	if o.who != "" {
		return o.who
	}
	u, err := user.Current()
	switch {
	case err != nil:
		return ""
	case u.Name != "":
		return u.Name
	}
	return u.Username
}

// openBrowser opens an address with what the system has for it, and does not wait.
func openBrowser(address string) error {
	name, args := "xdg-open", []string{address}
	switch runtime.GOOS {
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", address}
	case "darwin":
		name = "open"
	}
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }() // it is the system's now
	return nil
}
