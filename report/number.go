package report

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/nianbao/nianbao/layout/figure"
)

// Number is an exact decimal that keeps the places it was printed with: 12.50 stays 12.50.
// The zero Number is 0.
type Number struct{ decimal.Decimal }

// ParseNumber reads a plain decimal: an optional sign, digits, and perhaps a point with digits.
func ParseNumber(s string) (Number, error) {
	digits, point := 0, false
	for i, c := range s {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' && !point && digits > 0:
			point = true
		case (c == '-' || c == '+') && i == 0:
		default:
			return Number{}, fmt.Errorf("%q is not a number", s)
		}
	}
	if digits == 0 || digits > figure.MaxDigits || s[len(s)-1] == '.' {
		return Number{}, fmt.Errorf("%q is not a number", s)
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		return Number{}, fmt.Errorf("%q is not a number", s)
	}
	return Number{d}, nil
}

// Int is n as a Number.
func Int(n int64) Number { return Number{decimal.NewFromInt(n)} }

// String is the number with the places it was printed with.
func (n Number) String() string {
	if e := n.Exponent(); e < 0 {
		return n.StringFixed(-e)
	}
	return n.Decimal.String()
}

// Plus is the exact sum.
func (n Number) Plus(m Number) Number { return Number{n.Add(m.Decimal)} }

// MarshalJSON writes the number bare.
func (n Number) MarshalJSON() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalJSON reads a bare JSON number; strings are refused.
func (n *Number) UnmarshalJSON(b []byte) error {
	if len(b) == 0 || b[0] == '"' {
		return fmt.Errorf("%s is not a number", b)
	}
	if m, err := ParseNumber(string(b)); err == nil && json.Valid(b) {
		*n = m
		return nil
	}
	var num json.Number
	if err := json.Unmarshal(b, &num); err != nil {
		return err
	}
	// Someone else's JSON may write 1e3.
	d, err := decimal.NewFromString(num.String())
	if err != nil || d.Exponent() > figure.MaxDigits || d.Exponent() < -figure.MaxDigits {
		return fmt.Errorf("%s is not a number", b)
	}
	n.Decimal = d
	return nil
}

// Value is what a table holds at a path: a number, a text (a unit, a label) or nothing.
type Value struct {
	Number *Number
	Text   *string
}

// IsNull says that there is neither a number nor a text.
func (v Value) IsNull() bool { return v.Number == nil && v.Text == nil }

// Equal says that two values are the same: numbers by what they are, not by how many places they are written with.
func (v Value) Equal(o Value) bool {
	switch {
	case v.Number != nil && o.Number != nil:
		return v.Number.Equal(o.Number.Decimal)
	case v.Text != nil && o.Text != nil:
		return *v.Text == *o.Text
	}
	return v.IsNull() && o.IsNull()
}

// MarshalJSON writes a number, a string or null.
func (v Value) MarshalJSON() ([]byte, error) {
	switch {
	case v.Number != nil:
		return v.Number.MarshalJSON()
	case v.Text != nil:
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		err := e.Encode(*v.Text)
		return bytes.TrimSpace(b.Bytes()), err
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads a number, a string or null.
func (v *Value) UnmarshalJSON(b []byte) error {
	*v = Value{}
	b = bytes.TrimSpace(b)
	switch {
	case bytes.Equal(b, []byte("null")):
		return nil
	case len(b) > 0 && b[0] == '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		v.Text = &s
		return nil
	}
	var n Number
	if err := n.UnmarshalJSON(b); err != nil {
		return err
	}
	v.Number = &n
	return nil
}
