package flow

import (
	"fmt"
	"strings"
)

// symbols that mark choices, by font and code. The codes are those of the fonts that come with Word.
var symbols = map[string]string{
	"wingdings 6f": "□", "wingdings a8": "□", "wingdings fe": "☑", "wingdings fd": "☒", "wingdings fc": "✓", "wingdings fb": "✗",
	"wingdings 6c": "●", "wingdings a1": "○", "wingdings 6e": "■",
	"wingdings 2 a3": "□", "wingdings 2 2a": "□", "wingdings 2 52": "☑", "wingdings 2 53": "☒", "wingdings 2 50": "✓", "wingdings 2 4f": "✗",
	"symbol b4": "×", "symbol b1": "±", "symbol a3": "≤", "symbol b3": "≥", "symbol 2d": "−", "symbol d7": "·",
}

// Symbol gives a character of a font whose characters may be symbols: the codes of symbol fonts, with
// or without 0xF000 added to them, as the characters that look the same, every other code as itself.
// A symbol that is not known is U+FFFD, never nothing.
func Symbol(font string, code rune) string {
	font = strings.ToLower(font)
	if code >= 0xf000 && code <= 0xf0ff {
		code -= 0xf000
	} else if code > 0xff {
		return string(code)
	}
	if s, ok := symbols[fmt.Sprintf("%s %x", font, code)]; ok {
		return s
	}
	if code > ' ' && (strings.HasPrefix(font, "wingdings") || font == "webdings" || font == "symbol" && (code < '0' || code > '9')) {
		return "\ufffd"
	}
	return string(code)
}
