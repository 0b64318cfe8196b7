package worker

import (
	"context"
	"errors"
	"io/fs"
	"syscall"

	"github.com/nianbao/nianbao/layout/diag"
)

// Reason says in one word why a document has no result. The list is closed and its values are kept
// in ledgers; none is ever renamed.
type Reason string

// The reasons.
const (
	Crashed        Reason = "crashed"
	Timeout        Reason = "timeout"
	OutOfMemory    Reason = "out_of_memory"
	OutputTooLarge Reason = "output_too_large"
	TooLarge       Reason = "too_large"
	Unsupported    Reason = "unsupported_format"
	Encrypted      Reason = "encrypted"
	Damaged        Reason = "damaged"
	Empty          Reason = "empty"
	MissingProgram Reason = "missing_program"
	Unreadable     Reason = "unreadable"
	Changed        Reason = "changed_while_reading"
	NotAReport     Reason = "not_a_report"
	NoRoom         Reason = "disk_full"
	Failed         Reason = "failed"
)

// Reasons are all reasons of this package.
var Reasons = []Reason{
	Crashed, Timeout, OutOfMemory, OutputTooLarge, TooLarge, Unsupported, Encrypted, Damaged, Empty, MissingProgram, Unreadable, Changed, NotAReport, NoRoom, Failed,
}

// worn says that a failure may be the fault of a child that has served many documents, and not of this
// document.
func (r Reason) worn() bool { return r == Crashed || r == Timeout || r == OutOfMemory }

// Failure is a document without a result. It matches the sentinel errors of package diag.
type Failure struct {
	Reason  Reason `json:"reason"`
	Message string `json:"message"`
	// Stderr is the beginning and the end of what the child said, for those that died.
	Stderr string `json:"stderr,omitempty"`

	cause error
	// killed says that the child was killed, and not by its parent: by the system, or by somebody.
	killed bool
}

func (f *Failure) Error() string { return f.Message }

// ErrLimit matches failures of documents that crashed their process or went beyond its limits.
var ErrLimit = errors.New("a limit of the worker process")

// Is says that such a failure matches ErrLimit.
func (f *Failure) Is(target error) bool {
	return target == ErrLimit && (f.Reason.worn() || f.Reason == OutputTooLarge)
}

var reasons = []struct {
	err    error
	reason Reason
}{
	{syscall.ENOSPC, NoRoom}, // whatever else it is said to be
	{diag.ErrEncrypted, Encrypted},
	{diag.ErrDamaged, Damaged},
	{diag.ErrEmpty, Empty},
	{diag.ErrFormat, Unsupported},
	{diag.ErrTooLarge, TooLarge},
	{diag.ErrMissingProgram, MissingProgram},
	{diag.ErrNotReport, NotAReport},
	{context.DeadlineExceeded, Timeout},
	{fs.ErrPermission, Unreadable},
	{fs.ErrNotExist, Unreadable},
}

// Unwrap gives the sentinel error of the reason, and in the process where it happened the error itself.
func (f *Failure) Unwrap() []error {
	var out []error
	for _, r := range reasons {
		if r.reason == f.Reason {
			out = append(out, r.err)
			break
		}
	}
	if f.cause != nil {
		out = append(out, f.cause)
	}
	return out
}

// FailureOf gives an error its reason. A failure is given back as it is.
func FailureOf(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	for _, r := range reasons {
		if errors.Is(err, r.err) {
			return &Failure{Reason: r.reason, Message: err.Error(), cause: err}
		}
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return &Failure{Reason: Unreadable, Message: err.Error(), cause: err}
	}
	return &Failure{Reason: Failed, Message: err.Error(), cause: err}
}
