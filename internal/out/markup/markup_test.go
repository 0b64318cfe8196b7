package markup_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/internal/out/markup"
	"github.com/nianbao/nianbao/layout"
)

func sample() []markup.Table {
	t := &layout.Table{Rows: 2, Cols: 3, Cells: []layout.Cell{
		{Row: 0, Col: 0, RowSpan: 2, ColSpan: 1, Text: "a|b\nc", Page: 1, Box: layout.Rect{X1: 5, Y1: 5}},
		{Row: 0, Col: 1, RowSpan: 1, ColSpan: 2, Text: "<总计>"},
		{Row: 1, Col: 1, RowSpan: 1, ColSpan: 1, Text: "1"},
		{Row: 1, Col: 2, RowSpan: 1, ColSpan: 1, Text: ""},
	}}
	return []markup.Table{{Number: 1, Page: 1, Table: t}}
}

func TestWrite(t *testing.T) {
	tests := []struct {
		format markup.Format
		want   string
	}{
		{markup.CSV, "a|b c,<总计>,\n,1,\n"},
		{markup.Markdown, "| a\\|b c | <总计> |  |\n| --- | --- | --- |\n|  | 1 |  |\n"},
		{markup.HTML, "<!doctype html>\n<meta charset=\"utf-8\">\n<table border=\"1\">\n<tr><td rowspan=\"2\">a|b<br>c</td><td colspan=\"2\">&lt;总计&gt;</td></tr>\n<tr><td>1</td><td></td></tr>\n</table>\n"},
	}
	for _, tt := range tests {
		var b bytes.Buffer
		if err := markup.Write(&b, tt.format, sample()); err != nil {
			t.Fatal(err)
		}
		if b.String() != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.format, b.String(), tt.want)
		}
	}
	if err := markup.Write(new(bytes.Buffer), "doc", nil); !errors.Is(err, markup.ErrFormat) {
		t.Errorf("unknown format: %v", err)
	}
}

func TestJSONKeepsSpansAndPlaces(t *testing.T) {
	var b bytes.Buffer
	if err := markup.Write(&b, markup.JSON, sample()); err != nil {
		t.Fatal(err)
	}
	var got []struct {
		Rows, Cols int
		Cells      []struct {
			RowSpan int `json:"row_span"`
			Page    *int
			Box     []float64
		}
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	c := got[0].Cells
	if len(c) != 4 || c[0].RowSpan != 2 || len(c[0].Box) != 4 || c[1].Page != nil {
		t.Errorf("%s", b.String())
	}
}

func TestCSVIsReadBack(t *testing.T) {
	var b bytes.Buffer
	if err := markup.Write(&b, markup.CSV, sample()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil || len(rows) != 2 || rows[0][1] != "<总计>" {
		t.Errorf("%v %v", rows, err)
	}
}
