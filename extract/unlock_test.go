package extract_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/layout/diag"
)

// TestUnlock: who has a file with a password is told what to do with a file of its kind, and nothing of other kinds.
func TestUnlock(t *testing.T) {
	opener := &extract.Opener{}
	t.Cleanup(func() { _ = opener.PDF.Close() })
	for _, tt := range []struct{ file, says, not string }{
		{"pdf/testdata/locked.pdf", "qpdf", "Word"},
		{"docx/testdata/encrypted.docx", "Word", "qpdf"},
		{"sheet/testdata/encrypted.xls", "Excel", "qpdf"},
	} {
		data, err := os.ReadFile(tt.file)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = opener.Open(t.Context(), tt.file, data)
		if !errors.Is(err, diag.ErrEncrypted) || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), tt.not) {
			t.Errorf("%s: %v", tt.file, err)
		}
	}
}
