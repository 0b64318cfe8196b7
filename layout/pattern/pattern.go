// Package pattern holds regular expressions that are compiled when they are first asked for. The readers have more
// than a hundred of them, a document needs few, and compiling all took a twentieth of the time of a short conversion.
package pattern

import (
	"regexp"
	"sync"
)

// Of gives an expression that is compiled once, by whoever asks for it first. It panics then if it is none.
func Of(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
