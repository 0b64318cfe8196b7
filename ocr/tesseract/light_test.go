package tesseract

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// model makes a model's file of components by their place.
func model(components map[int]string) []byte {
	const n = 24
	out := make([]byte, 4+8*n)
	binary.LittleEndian.PutUint32(out, n)
	for i := range n {
		at := int64(-1)
		if c, ok := components[i]; ok {
			at = int64(len(out))
			out = append(out, c...)
		}
		binary.LittleEndian.PutUint64(out[4+8*i:], uint64(at))
	}
	return out
}

func TestLight(t *testing.T) {
	const list = "4\nNULL 0 Common 0\n8 8 0,255 Common 14 2 14 8\t# 8 [38 ]0\nO 5 0,255 Latin 87 0 3 O\t# O [4f ]A\nO2 5 0,255 Latin 1 0 1 O2\n"
	const renamedList = "4\nNULL 0 Common 0\n8 8 0,255 Common 14 2 14 8\t# 8 [38 ]0\n\ue04f 5 0,255 Latin 87 0 3 O\t# O [4f ]A\nO2 5 0,255 Latin 1 0 1 O2\n"
	tests := []struct {
		name  string
		in    []byte
		words bool
		want  []byte // nil: none
	}{
		{"letters renamed, words left out", model(map[int]string{17: "network", 19: "words", 21: list, 23: "version"}), false,
			model(map[int]string{17: "network", 21: renamedList, 23: "version"})},
		{"words kept", model(map[int]string{17: "network", 19: "words", 21: list}), true, model(map[int]string{17: "network", 19: "words", 21: renamedList})},
		{"a model of the old engine too", model(map[int]string{1: "old", 17: "network", 21: list}), false, nil},
		{"no network", model(map[int]string{21: list}), false, nil},
		{"cut short", model(map[int]string{17: "network", 21: list})[:60], false, nil},
		{"a component beyond the end", model(map[int]string{17: "network", 21: list})[:200], false, nil},
		{"empty", nil, false, nil},
		{"something else", []byte("PK\x03\x04 something else that is long enough to be taken for a table of components"), false, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := light(bytes.NewReader(tt.in), int64(len(tt.in)), tt.words)
			if ok != (tt.want != nil) || !bytes.Equal(got, tt.want) {
				t.Errorf("light = %q, %v; want %q", got, ok, tt.want)
			}
		})
	}
}

func TestLettersBack(t *testing.T) {
	if got := lettersBack("1\ue04f\ue06c 一"); got != "1Ol 一" {
		t.Errorf("got %q", got)
	}
}
