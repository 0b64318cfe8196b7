package tesseract

import (
	"bytes"
	"encoding/binary"
	"os"
	"strings"
)

// While Tesseract loads a model it sorts a built-in list of confusions of Latin letters (rn for m) into a table that only its old
// engine asks: of the time to load the English model that is three quarters. Confusions that the model cannot spell it passes by; so
// the model is loaded with other names for its letters. It is loaded without its list of words too, nine tenths of its size, which
// only draws figures to letters. The network is the same.

// Components of a model's file, by their place in its table.
const (
	componentConfig     = 0
	componentLSTM       = 17 // what comes before is of the old engine
	componentWords      = 19
	componentCharacters = 21
)

// renamed is what is added to a letter to name it: a character for private use.
const renamed = 0xE000

// numbersData makes a folder that holds the model of lang for numbers; the caller removes it. It gives "" where there can be none.
func numbersData(dir, lang string) string {
	b, err := os.ReadFile(modelFile(dir, lang))
	if err != nil {
		return ""
	}
	b, ok := forNumbers(b)
	if !ok {
		return ""
	}
	temp, err := os.MkdirTemp("", "nianbao-tessdata-")
	if err != nil {
		return ""
	}
	if err := os.WriteFile(modelFile(temp, lang), b, 0o600); err != nil {
		os.RemoveAll(temp)
		return ""
	}
	return temp
}

// forNumbers makes of a model one that loads quickly and reads numbers alike; its letters are renamed. It gives false where the
// model is not of the kind that is known.
func forNumbers(model []byte) ([]byte, bool) {
	const most = 64 // components: there are 24
	if len(model) < 4 {
		return nil, false
	}
	n := int(binary.LittleEndian.Uint32(model))
	if n <= componentCharacters || n > most || len(model) < 4+8*n {
		return nil, false
	}
	head := 4 + 8*n
	starts := make([]int64, n)
	for i := range starts {
		starts[i] = int64(binary.LittleEndian.Uint64(model[4+8*i:]))
		if old := i < componentLSTM && i != componentConfig; starts[i] >= 0 && (old || starts[i] < int64(head) || starts[i] > int64(len(model))) {
			return nil, false
		}
	}
	if starts[componentLSTM] < 0 || starts[componentCharacters] < 0 {
		return nil, false
	}
	out := bytes.NewBuffer(make([]byte, head))
	places := make([]int64, n)
	for i, from := range starts {
		places[i] = -1
		if from < 0 || i == componentWords {
			continue
		}
		to := int64(len(model))
		for _, s := range starts {
			if s > from {
				to = min(to, s)
			}
		}
		places[i] = int64(out.Len())
		if i == componentCharacters {
			out.WriteString(renameLetters(string(model[from:to])))
		} else {
			out.Write(model[from:to])
		}
	}
	b := out.Bytes()
	binary.LittleEndian.PutUint32(b, uint32(n))
	for i, at := range places {
		binary.LittleEndian.PutUint64(b[4+8*i:], uint64(at))
	}
	return b, true
}

// renameLetters renames the letters in a model's list of characters: a line each, the character first.
func renameLetters(list string) string {
	var b strings.Builder
	for line := range strings.Lines(list) {
		if len(line) > 1 && line[1] == ' ' && latin(rune(line[0])) {
			b.WriteRune(renamed + rune(line[0]))
			line = line[1:]
		}
		b.WriteString(line)
	}
	return b.String()
}

// lettersBack gives renamed letters their names again.
func lettersBack(s string) string {
	return strings.Map(func(r rune) rune {
		if latin(r - renamed) {
			return r - renamed
		}
		return r
	}, s)
}

func latin(r rune) bool { return 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' }
