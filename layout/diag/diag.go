// Package diag holds what goes wrong: warnings, which are data in the output, and the errors that
// a user can act upon.
//
// Warnings are a closed list of codes; a code is never renamed. An error means that there is no
// output; everything else is a warning with the page that it speaks of.
package diag

import "errors"

// Code names a kind of warning.
type Code string

// The warnings, in the order of the stages that give them.
const (
	// PageUnreadable: a page could not be decoded; its content is missing from the output.
	PageUnreadable Code = "page_unreadable"
	// TextLayerRejected: a text layer was garbage or contradicted the pixels, and the pixels were read.
	TextLayerRejected Code = "text_layer_rejected"
	// PictureTable: a table seems to be a picture that could not be read.
	PictureTable Code = "table_is_picture"
	// Attachment: the container holds a further file that was not read.
	Attachment Code = "attachment_not_read"
	// Fallback: a second-best program or method read the file.
	Fallback Code = "fallback_used"
	// EncodingGuessed: the declared character encoding was missing or wrong.
	EncodingGuessed Code = "encoding_guessed"
	// Truncated: the file ends early or is damaged; what could be read was.
	Truncated Code = "input_damaged"
	// ProseSkipped: the prose of scanned pages was not read.
	ProseSkipped Code = "prose_skipped"
	// TableMissing: the form has this table, the report does not.
	TableMissing Code = "table_missing"
	// SectionMissing: a section of the form is not in the report.
	SectionMissing Code = "section_missing"
	// UnknownRow: a row of a form's table has a label that the form does not know.
	UnknownRow Code = "unknown_row"
	// LabelUncertain: a label was matched by its place and neighbours more than by its text.
	LabelUncertain Code = "label_uncertain"
	// NotNumber: a cell that should hold a number holds text.
	NotNumber Code = "not_a_number"
	// NotReport: nothing in the document looks like an annual report.
	NotReport Code = "not_a_report"
	// MetaMissing: title, issuer or year could not be found.
	MetaMissing Code = "meta_missing"
	// OtherTable: the document has a table that is not part of the form.
	OtherTable Code = "other_table"
	// OtherReport: the file holds a further report, which this output leaves out.
	OtherReport Code = "other_report"
	// GaveUp: the search for the most probable table ran out of its bound.
	GaveUp Code = "decoding_gave_up"
	// FormUnknown: a table's form is not at hand, so that its sums could not be tested.
	FormUnknown Code = "form_unknown"
)

// Warning is something to look at, beside a result.
type Warning struct {
	Code    Code
	Message string
	Page    int // 0: no page in particular
	// Path is the pointer of what the document shows and the output lacks, "" where nothing is lost.
	Path string
}

// Errors that a user can act upon. Match them with errors.Is.
var (
	// ErrFormat: the content is of no kind that can be read.
	ErrFormat = errors.New("unknown or unsupported file format")
	// ErrEncrypted: the file needs a password.
	ErrEncrypted = errors.New("the file needs a password")
	// ErrDamaged: the file is of a known kind but broken beyond reading.
	ErrDamaged = errors.New("the file is damaged")
	// ErrEmpty: the file has no content.
	ErrEmpty = errors.New("the file is empty")
	// ErrTooLarge: the file, or something in it, is beyond a limit.
	ErrTooLarge = errors.New("the file is too large")
	// ErrNotReport: the file was read, and nothing in it is of an annual report.
	ErrNotReport = errors.New("not an annual disclosure report")
	// ErrMissingProgram: reading this file needs a program that is not installed.
	ErrMissingProgram = errors.New("a needed program is missing")
)
