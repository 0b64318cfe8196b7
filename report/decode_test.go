package report

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
)

// TestDecodeAsWritten: what Encode writes, with every member, is read from the bytes, and as the library reads it.
func TestDecodeAsWritten(t *testing.T) {
	year, page, read, second := 2024, 3, 0.61, "12\n\"3\""
	one := Int(1)
	whole := &Report{
		Schema: Schema, Outcome: Partial, Form: "2021", Forms: map[string]string{"requests": "2021"}, Meta: Meta{"题", "局", &year},
		Sections: []Section{{Key: "overview", Heading: "一、总体情况", Text: "文", Pages: []int{1}, Confidence: 1}}, Preamble: &Preamble{Text: "首"},
		Cells: []Cell{{
			Path: "/tables/requests/received/total", Raw: "72", Mark: MarkNumber, Note: "①", Unit: "万元", Verdict: Repaired, Confidence: 1e-7, Origin: OriginOCR, Page: &page,
			Box: &[4]float64{871.05, 620.5, 938.2, 655}, ReadConfidence: &read, ReadAgain: &read, Candidates: []Candidate{{"12", 0.33, 0.58}, {"22", 0.04, 0}}, Second: &second,
			Seal: true, Struck: true, Repair: &Repair{"72", []string{"T3.row received"}, 0.9998}, Label: 0.5, Sentence: "共收到\t72件。",
		}, {Mark: "other"}},
		Checks: []Check{{"T3.row", "received", "error", Pass, "=", &one, &one, []string{"/tables/requests/received/total"}}, {Relation: ">=", Cells: []string{}}},
		Review: []Review{{"/report/year", LowConfidence, ""}}, Quality: &Quality{Equations: 5}, Warnings: []Warning{}, Patches: []Patch{{Path: "/report/year"}},
	}
	whole.Tables.Set("/tables/requests/received/total", Value{Number: &one})
	for _, indent := range []bool{false, true} {
		var b bytes.Buffer
		if err := Encode(&b, whole, indent); err != nil {
			t.Fatal(err)
		}
		var cells []Cell
		var checks []Check
		_, err := members(b.Bytes(), map[string]func(*reader) error{
			"cells":  func(t *reader) error { return list(t, &cells, listRoom, readCell) },
			"checks": func(t *reader) error { return list(t, &checks, listRoom, readCheck) },
		})
		if err != nil {
			t.Fatalf("it goes the long way: %v", err)
		}
		got, err := Decode(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		want := new(Report)
		if err := json.Unmarshal(b.Bytes(), want); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got\n%+v\nwant\n%+v", got, want)
		}
	}
}

// TestDecodeRefuses: what is no JSON is none here, either.
func TestDecodeRefuses(t *testing.T) {
	for _, s := range []string{
		``, `{`, `{"cells":[{}`, `{"cells":[{},]}`, `{"cells":[{"path":"a" "raw":"b"}]}`, `{"cells":[{"confidence":01}]}`, `{"cells":[{"confidence":1_0}]}`,
		`{"cells":[{"confidence":0x1p3}]}`, "{\"cells\":[{\"raw\":\"a\nb\"}]}", `{"cells":[{"box":[1,2,3,]}]}`, `{"cells":[{"page":nul}]}`, `{"cells":[{"page":1.5}]}`, `{"cells":[{"raw":"\x"}]}`,
	} {
		if r, err := Decode([]byte(s)); err == nil {
			t.Errorf("%s: read as %+v", s, r.Cells)
		}
	}
}
