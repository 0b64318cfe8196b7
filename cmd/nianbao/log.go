package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/spf13/pflag"

	"github.com/nianbao/nianbao/internal/wording"
)

// Everything but results goes to standard error: as "nianbao: FILE: message", lower case, without a
// period at the end, or as one JSON object a line.

// logOptions are the flags of every command that say what is told, and how.
type logOptions struct {
	quiet  bool
	format string
}

func (o *logOptions) add(f *pflag.FlagSet) {
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print errors only")
	f.StringVar(&o.format, "log-format", "text", "messages on stderr: text or json")
}

func (o *logOptions) check() error {
	if o.format != "text" && o.format != "json" {
		return usageError{fmt.Errorf("unknown --log-format %q: text or json", o.format)}
	}
	return nil
}

func (o *logOptions) logger(w io.Writer) *slog.Logger {
	level := slog.LevelInfo
	if o.quiet {
		level = slog.LevelError
	}
	if o.format == "json" {
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
	}
	return slog.New(&textHandler{w: w, words: wordsOf(w), level: level, mu: new(sync.Mutex)})
}

// logger tells on standard error what a command says beside its results.
func (e *env) logger() *slog.Logger { return e.log.logger(e.stderr) }

// tell says in the user's language what a command did and what comes next; machines read English.
func (e *env) tell(format string, args ...any) { e.logger().Info(e.told().Say(format, args...)) }

// told are the words of what goes to standard error.
func (e *env) told() *wording.Words {
	if e.log.format == "json" {
		return nil
	}
	return e.words
}

// typed is a path as it is typed in a command.
func typed(path string) string {
	if path == "" || strings.ContainsAny(path, " \t'\"&()|<>*?;$") {
		return `"` + path + `"`
	}
	return path
}

// textHandler prints "nianbao: FILE: message; what to do about it" of the attributes that the
// commands use.
type textHandler struct {
	w     io.Writer
	words *wording.Words
	level slog.Level
	mu    *sync.Mutex
	about string // the file that all is about, if it is one
}

func (h *textHandler) Enabled(_ context.Context, l slog.Level) bool { return l >= h.level }
func (h *textHandler) WithGroup(string) slog.Handler                { return h }

// WithAttrs takes the file that what follows is about.
func (h *textHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *h
	for _, a := range attrs {
		if a.Key == "file" {
			with.about = a.Value.String()
		}
	}
	return &with
}

func (h *textHandler) Handle(_ context.Context, r slog.Record) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	file, help := h.about, ""
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "file":
			file = a.Value.String()
		case "hint":
			help = a.Value.String()
		}
		return true
	})
	if file != "" {
		file += h.words.Joint(": ")
	}
	if help != "" {
		help = h.words.Joint("; ") + h.words.Text(help)
	}
	_, err := fmt.Fprintf(h.w, "nianbao%s%s\n", h.words.Joint(": "), printable(file+h.words.Text(r.Message)+help))
	return err
}

// printable shows control characters, which the name of a file may hold and a terminal would obey, as escapes.
func printable(s string) string {
	if !strings.ContainsFunc(s, isControl) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if isControl(r) {
			q := strconv.QuoteRune(r)
			b.WriteString(q[1 : len(q)-1])
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// isControl says that a character is none that is seen: those of ISO 6429, and those that turn the direction of text.
func isControl(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}
