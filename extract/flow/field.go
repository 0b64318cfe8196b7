package flow

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

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

// doubtful are the fields that a program computes anew whenever it shows a page, whatever the file holds of them, and the one that moves what
// stands behind it.
var doubtful = map[string]bool{
	"ADVANCE": true, "PAGE": true, "NUMPAGES": true, "SECTION": true, "SECTIONPAGES": true, "DATE": true, "TIME": true,
	"AUTONUM": true, "AUTONUMLGL": true, "AUTONUMOUT": true, "LISTNUM": true,
}

// FieldDoubtful says that what is shown where a field stands need not be what the file holds.
func FieldDoubtful(code string) bool {
	name, _, _ := strings.Cut(strings.TrimSpace(code), " ")
	return doubtful[strings.ToUpper(name)]
}

// Meet says that the number of a list and the text behind it run into one number.
func Meet(label, text string) bool {
	last, _ := utf8.DecodeLastRuneInString(label)
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, "\t "))
	return unicode.IsDigit(last) && unicode.IsDigit(first)
}
