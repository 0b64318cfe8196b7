package flow

import "strings"

// silent are the fields that show nothing, and those that a person has not filled in.
var silent = map[string]bool{
	"": true, "SET": true, "TC": true, "XE": true, "RD": true, "TA": true, "PRIVATE": true, "ASK": true, "ADVANCE": true, "FORMTEXT": true, "FORMDROPDOWN": true,
	"BIBLIOGRAPHY": true, "DATA": true, "NEXT": true, "NEXTIF": true, "SKIPIF": true, "FILLIN": true, "HYPERLINK": true, "REF": true,
}

// FieldShows says that a field shows something, once a program computes it.
func FieldShows(code string) bool {
	name, _, _ := strings.Cut(strings.TrimSpace(code), " ")
	return !silent[strings.ToUpper(name)]
}

// FieldMoves says that a field moves what stands behind it.
func FieldMoves(code string) bool {
	return strings.HasPrefix(strings.ToUpper(strings.TrimSpace(code)), "ADVANCE")
}
