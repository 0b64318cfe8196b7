package cos_test

import (
	"errors"
	"testing"

	"github.com/nianbao/nianbao/extract/pdf/cos"
)

const small = "%PDF-1.4\n1 0 obj\n<</Pages 2 0 R>>\nendobj\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<</Size 2 /Root 1 0 R>>\nstartxref\n41\n%%EOF\n"

// TestOpen: of a file only what is where it should be is read.
func TestOpen(t *testing.T) {
	f, err := cos.Open([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	root, err := f.Root()
	if err != nil || root["Pages"] != (cos.Ref{Number: 2}) {
		t.Errorf("catalog %v, %v", root, err)
	}
	if _, err := f.Dict(root["Pages"]); !errors.Is(err, cos.ErrOther) {
		t.Errorf("an object that is not there: %v", err)
	}
}

// FuzzOpen: whatever the file, there is an answer, and each error is ErrOther.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("%PDF-1.5\n1 0 obj\n<</Type /XRef /Size 2 /W [1 1 1] /Root 1 0 R /Length 6>>\nstream\n\x00\x00\x00\x01\x09\x00\nendstream\nendobj\nstartxref\n9\n%%EOF\n"))
	f.Add([]byte("%PDF-1.4\n1 0 obj\n<</Length 2 0 R>>stream\n\nendstream endobj\n2 0 obj\n<</Length 1 0 R>>stream\n\nendstream endobj\nxref\n0 3\n" +
		"0000000000 65535 f \n0000000009 00000 n \n0000000062 00000 n \ntrailer\n<</Size 3 /Root 1 0 R>>\nstartxref\n115\n%%EOF\n"))
	f.Add([]byte("q 595.32 0 0 841.92 0 0 cm /Im0 Do Q"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := cos.Operators(data); err != nil && !errors.Is(err, cos.ErrOther) {
			t.Error(err)
		}
		file, err := cos.Open(data)
		if err != nil {
			if !errors.Is(err, cos.ErrOther) {
				t.Error(err)
			}
			return
		}
		for n := range 20 {
			s, err := file.Stream(cos.Ref{Number: n})
			if err == nil {
				_, err = file.Unpacked(s, 1<<20)
			}
			if err != nil && !errors.Is(err, cos.ErrOther) {
				t.Error(err)
			}
		}
	})
}
