package browser

import (
	"regexp"
	"strings"
	"testing"
)

// word is one that a page's script has for a language: its key, before a text, a list, an object or a function.
var word = regexp.MustCompile("(?m)(?:^ *|[,{] )([a-zA-Z_]+): (?:[\"{\\[]|[a-z] =>|\\()")

// Words tests that a page's script has the same words in Chinese and, from "const en" on, in English; at least so many.
func Words(t *testing.T, script string, least int) {
	t.Helper()
	keys := func(s string) map[string]bool {
		out := map[string]bool{}
		for _, m := range word.FindAllStringSubmatch(s, -1) {
			out[m[1]] = true
		}
		return out
	}
	chinese, rest, _ := strings.Cut(script, "const en = {")
	english, _, _ := strings.Cut(rest, "let lang") // what follows is the switch
	zh, en := keys(chinese), keys(english)
	if len(zh) < least {
		t.Fatalf("only %d words found", len(zh))
	}
	for k := range zh {
		if !en[k] {
			t.Errorf("%s is not in English", k)
		}
	}
	for k := range en {
		if !zh[k] {
			t.Errorf("%s is not in Chinese", k)
		}
	}
}
