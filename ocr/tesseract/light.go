package tesseract

import (
	"encoding/binary"
	"io"
	"os"
	"strings"
)

// While Tesseract loads a model it sorts a built-in list of confusions of Latin letters (rn for m) into a table that only its old
// engine asks: of the time to load the English model that is three quarters. Confusions that the model cannot spell it passes by; so
// the model is loaded with other names for its letters. That for numbers is loaded without its list of words too, nine tenths of its
// size, which only draws figures to letters. The network is the same.

// Components of a model's file, by their place in its table.
const (
	componentConfig     = 0
	componentLSTM       = 17 // what comes before is of the old engine
	componentWords      = 19
	componentCharacters = 21
)

// renamed is what is added to a letter to name it: a character for private use.
const renamed = 0xE000

// lightData makes a folder that holds the model of lang as it loads quickly; the caller removes it. It gives "" where there can be none.
func lightData(dir, lang string) string {
	f, err := os.Open(modelFile(dir, lang))
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return ""
	}
	b, ok := light(f, info.Size(), lang != numbers)
	if !ok {
		return ""
	}
	temp, err := os.MkdirTemp("", "nianbao-tessdata-")
	if err != nil {
		return ""
	}
	if err := os.WriteFile(modelFile(temp, lang), b, 0o600); err != nil {
		_ = os.RemoveAll(temp) // what could not be written is hardly there
		return ""
	}
	return temp
}

// light makes of a model, size bytes long, one that loads quickly, with its list of words or without; its letters are renamed. It gives
// false where the model is not of the kind that is known.
func light(model io.ReaderAt, size int64, words bool) ([]byte, bool) {
	const most = 64 // components: there are 24
	part := func(from, to int64) ([]byte, bool) {
		b := make([]byte, to-from)
		_, err := model.ReadAt(b, from)
		return b, err == nil || err == io.EOF && to == size
	}
	if size < 4 {
		return nil, false
	}
	count, ok := part(0, 4)
	if !ok {
		return nil, false
	}
	n := int64(binary.LittleEndian.Uint32(count))
	head := 4 + 8*n
	if n <= componentCharacters || n > most || size < head {
		return nil, false
	}
	table, ok := part(4, head)
	if !ok {
		return nil, false
	}
	starts := make([]int64, n)
	for i := range starts {
		starts[i] = int64(binary.LittleEndian.Uint64(table[8*i:]))
		if old := i < componentLSTM && i != componentConfig; starts[i] >= 0 && (old || starts[i] < head || starts[i] > size) {
			return nil, false
		}
	}
	if starts[componentLSTM] < 0 || starts[componentCharacters] < 0 {
		return nil, false
	}
	out := make([]byte, head)
	copy(out, count)
	for i, from := range starts {
		place := int64(-1)
		if from >= 0 && (words || i != componentWords) {
			to := size
			for _, s := range starts {
				if s > from {
					to = min(to, s)
				}
			}
			b, ok := part(from, to)
			if !ok {
				return nil, false
			}
			if i == componentCharacters {
				b = []byte(renameLetters(string(b)))
			}
			place = int64(len(out))
			out = append(out, b...)
		}
		binary.LittleEndian.PutUint64(out[4+8*i:], uint64(place))
	}
	return out, true
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
