package sheet

import (
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestCircular(t *testing.T) {
	f := excelize.NewFile()
	if _, err := f.NewSheet("Another's"); err != nil {
		t.Fatal(err)
	}
	for cell, formula := range map[string]string{"B12": "B9-1", "B13": "B12*2", "B20": "SUM(B1:B8)"} {
		if err := f.SetCellFormula("Sheet1", cell, formula); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellFormula("Another's", "A1", "Sheet1!B9"); err != nil {
		t.Fatal(err)
	}
	for formula, want := range map[string]bool{
		"B9+1":                 true,
		"$B$9":                 true,
		"SUM(B5:B9)":           true,
		"SUM(C1:A20)":          true,
		"Sheet1!B9":            true,
		"B12+1":                true, // which takes it of B9
		"B13+1":                true, // which takes it of B12
		"'Another''s'!A1":      true,
		"SUM(B1:B8)":           false,
		"B20+1":                false,
		"'Another''s'!B9":      false,
		"B90+AB9":              false,
		"ROW(B9)-2":            false,
		`IF(A1="B9",1,0)`:      false,
		"LOG10(B1)+BIN2DEC(1)": false,
		"400+44":               false,
	} {
		r := &reading{File: f}
		if got := r.circular("Sheet1", "B9", formula); got != want {
			t.Errorf("%s in B9: %v, want %v", formula, got, want)
		}
	}
}
