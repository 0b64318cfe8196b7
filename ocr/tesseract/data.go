// Package tesseract is the general recogniser: Tesseract 5 through gosseract where cgo is at hand,
// else the tesseract program. Beside internal/turbo it is the only package of the module that uses cgo.
//
// Traps of gosseract 2.4.1 that this package works around: SetPageSegMode is lost before the first
// call (the variable is set instead); clients that start at once can leave the process without
// stderr (they start under one mutex); bad bytes give an empty text and no error (pictures are made
// here, from decoded pixels); Init overruns a buffer when many languages are missing (the files are
// looked for first); every call recognises again (one hOCR call gives everything).
package tesseract

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/nianbao/nianbao/layout/diag"
)

// numbers is the language whose model reads numbers best.
const numbers = "eng"

// Languages that are used: simplified Chinese for prose and labels, English for numbers.
var Languages = []string{"chi_sim", numbers}

// dataDirs are where distributions put the models.
var dataDirs = []string{
	"/usr/share/tesseract-ocr/5/tessdata",
	"/usr/share/tesseract-ocr/4.00/tessdata",
	"/usr/share/tessdata",
	"/usr/local/share/tessdata",
	"/opt/homebrew/share/tessdata",
}

// FindData gives the directory that holds the models: dir when it is not empty, else the first of
// the usual places. The error wraps diag.ErrMissingProgram and says what to install.
func FindData(dir string) (string, error) {
	dirs := dataDirs
	if dir != "" {
		dirs = []string{dir, filepath.Join(dir, "tessdata")}
	}
	for _, d := range dirs {
		if _, err := os.Stat(modelFile(d, Languages[0])); err == nil {
			return d, nil
		}
	}
	return "", fmt.Errorf("no Tesseract model %s.traineddata: install tesseract-ocr-chi-sim: %w", Languages[0], diag.ErrMissingProgram)
}

// modelFile is where a directory of models has that of a language.
func modelFile(dir, lang string) string { return filepath.Join(dir, lang+".traineddata") }

// hashes gives "sha256:…" of the models in dir, by language.
func hashes(dir string) map[string]string {
	out := map[string]string{}
	for _, l := range Languages {
		f, err := os.Open(modelFile(dir, l))
		if err != nil {
			continue
		}
		h := sha256.New()
		_, err = io.Copy(h, f)
		if err = errors.Join(err, f.Close()); err == nil {
			out[l] = "sha256:" + hex.EncodeToString(h.Sum(nil))
		}
	}
	return out
}

// language gives the model to use for a wanted one: English is optional, and Chinese reads digits.
func language(want string, have map[string]string) string {
	if _, ok := have[want]; ok {
		return want
	}
	return Languages[0]
}
