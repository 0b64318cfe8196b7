// Package figure says what a figure is, and what only looks like one: numbers as reports print them, the marks that
// stand where there is no number, the numbers of lists. It knows characters, and nothing of documents.
package figure

import "strings"

// Kind says what stands in a cell of values.
type Kind string

// The kinds.
const (
	Number Kind = "number" // a number other than 0
	Zero   Kind = "zero"
	Blank  Kind = "blank"
	Slash  Kind = "slash" // strokes of either kind stand for no number
	Dash   Kind = "dash"
	Text   Kind = "text" // anything else: words, or what is not one exact number
)

// Figure is what the text of a value cell says.
type Figure struct {
	Kind Kind
	// Decimal is the number of a Number or a Zero in the field's unit, and "" for all other kinds: perhaps a
	// minus, digits, and perhaps a point with digits.
	Decimal string
	Note    string // what stood beside the number: its unit, a remark, the marks of notes
	// Unit is what the number is printed in; "" where it says none, or a power of ten alone.
	Unit string
	// OtherUnit is set where the number is printed in another unit than the field's, or in one that may be read
	// as another. Of a Text it says that the unit is of another kind of thing.
	OtherUnit bool
	// Unsure says why the text may mean something else too, "" where it cannot.
	Unsure string
	// Quantity is set where a Text speaks of a number that is not told exactly, or of several, in few words.
	Quantity bool
}

// Why a figure may mean something else.
const (
	unsureStroke = "一 may be a stroke that stands for none, or 1"
	unsureGroups = "the blank may part thousands, or two numbers"
	unsureMinus  = "the brackets may stand for less than nothing, or mark a note"
	unsureMoney  = "the sign of money may say that the amount is in 元"
	unsureSign   = "the stroke may stand for less than nothing, or for none"
)

// Field is what is known of the place where a figure stands. Of the zero Field nothing is known.
type Field struct {
	// Unit is what the field's number is in, such as 万元 or 件; "" where that is not known.
	Unit string
	// Stated is the unit that the page gives for the figure, over it or beside it, where it is another than Unit.
	Stated string
	// Signed fields may hold less than nothing.
	Signed bool
	// Pixels is set where the text was recognised: Chinese numerals are then what strokes were taken for.
	Pixels bool
}

// MaxDigits bounds what is taken for a number: no report prints more, and a longer run of digits is a
// misreading or an attack.
const MaxDigits = 24

// Parse reads the text of a value cell of which nothing is known.
func Parse(text string) Figure { return Field{}.Parse(text) }

// Parse reads the text of a value cell: 22, 1,234, ７, +173, 251000元, 12万, 十二, 22（其中修订16件）, 12①, /, —, 无.
// Nothing is guessed: what is not plainly one exact number is text.
func (f Field) Parse(text string) Figure {
	if f.Stated == "" && len(text) <= MaxDigits && Digits(text) {
		return counted(text) // most are
	}
	rs := prepare(text)
	bare := withoutBlanks(rs)
	switch {
	case bare == "":
		return Figure{Kind: Blank}
	case strings.Trim(bare, slashes+"|") == "" && strings.ContainsAny(bare, slashes):
		return Figure{Kind: Slash}
	case bare == "一" && !f.Pixels:
		return Figure{Kind: Dash, Unsure: unsureStroke}
	case strings.Trim(bare, dashes) == "":
		return Figure{Kind: Dash}
	}
	if t, ok := f.read(rs); ok {
		return f.in(t)
	}
	return Figure{Kind: Text, Quantity: f.quantity(rs)}
}

// slashes and dashes are what tables print for no number. 一 is typed for a dash.
const (
	slashes = `/\∕⁄╱╲`
	dashes  = "-—–―‐‑‒─━一ー_~"
)

// counted is the figure of plain digits.
func counted(digits string) Figure {
	if strings.Trim(digits, "0") == "" {
		return Figure{Kind: Zero, Decimal: digits}
	}
	return Figure{Kind: Number, Decimal: digits}
}

// told is a number as it is printed, taken apart.
type told struct {
	negative bool
	decimal  string
	unit     unit
	printed  string // the unit's words; "" where there is none
	currency bool   // a sign of money stands before it
	note     string
	unsure   string
}

// in gives a number that is printed in its field's unit.
func (f Field) in(t told) Figure {
	out := Figure{Note: t.note, Unsure: t.unsure}
	own, known := parseUnit(f.Unit)
	if t.printed == "" && f.Stated != "" {
		if u, ok := parseUnit(f.Stated); ok {
			t.unit, t.printed = u, f.Stated
			out.Note += f.Stated
		}
	}
	if !t.unit.bare {
		out.Unit = t.printed
	}
	shift := 0
	switch u := t.unit; {
	case t.printed == "":
	case u.bare:
		// 12万 is 120000; in a field of 万元 it is 12, and only the 元 was left out.
		shift, out.OtherUnit = u.exp-own.exp, true
	case !known:
		if !u.money {
			shift, out.OtherUnit = u.exp, u.exp != 0
		}
	case u.money != own.money:
		return Figure{Kind: Text, OtherUnit: true, Quantity: true}
	default:
		shift = u.exp - own.exp
		out.OtherUnit = shift != 0
	}
	if t.currency && t.printed == "" && own.exp != 0 {
		out.Unsure = unsureMoney
	}
	out.Decimal = shifted(t.decimal, shift)
	n := strings.Count(out.Decimal, "") - 1 - strings.Count(out.Decimal, ".")
	switch {
	case n > MaxDigits:
		return Figure{Kind: Text, Quantity: true}
	case strings.Trim(out.Decimal, "0.") == "":
		out.Kind = Zero
	default:
		out.Kind = Number
		if t.negative {
			out.Decimal = "-" + out.Decimal
		}
	}
	return out
}

// shifted multiplies a decimal by a power of ten. The places that are printed stay where the power is 0; else
// zeros that say nothing go.
func shifted(decimal string, exp int) string {
	if exp == 0 {
		return decimal
	}
	whole, places, _ := strings.Cut(decimal, ".")
	if exp > 0 {
		places += strings.Repeat("0", max(0, exp-len(places)))
		whole, places = whole+places[:exp], places[exp:]
	} else {
		whole = strings.Repeat("0", max(0, 1-exp-len(whole))) + whole
		at := len(whole) + exp
		whole, places = whole[:at], whole[at:]+places
	}
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if places = strings.TrimRight(places, "0"); places != "" {
		return whole + "." + places
	}
	return whole
}
