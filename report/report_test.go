package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/internal/dev/golden"
	"github.com/nianbao/nianbao/report"
)

func sample() *report.Report {
	n := func(s string) report.Value {
		x, err := report.ParseNumber(s)
		if err != nil {
			panic(err)
		}
		return report.Value{Number: &x}
	}
	unit := "万元"
	year := 2023
	r := &report.Report{
		Schema: report.Schema, Outcome: report.Complete, Form: "2021", Forms: map[string]string{"proactive_disclosure": "2021"},
		Meta:     report.Meta{Title: "青山镇2023年<年报>", Issuer: "青山镇", Year: &year},
		Source:   report.Source{Name: "a.pdf", SHA256: strings.Repeat("0", 64), MediaType: "application/pdf", Pages: []report.Page{}},
		Sections: []report.Section{}, Cells: []report.Cell{}, Checks: []report.Check{}, Review: []report.Review{}, Warnings: []report.Warning{},
		Producer: report.Producer{Name: "nianbao", Version: "test", Engines: map[string]string{}},
	}
	r.Tables.Set("/tables/proactive_disclosure/fees/amount_wan_yuan", n("7730.280"))
	r.Tables.Set("/tables/proactive_disclosure/fees/amount_unit", report.Value{Text: &unit})
	r.Tables.Set("/tables/proactive_disclosure/coercion/decisions", report.Value{})
	r.Tables.Set("/tables/local/0/label", report.Value{Text: &unit})
	r.Tables.Set("/tables/local/0/unit", report.Value{})
	r.Tables.Set("/tables/local/0/value", n("3"))
	r.Tables.Add("requests")
	return r
}

// TestTablesAsTheyAre: the values of tables are read as the library reads JSON, escapes and bytes that are no text included.
func TestTablesAsTheyAre(t *testing.T) {
	for _, tt := range []struct {
		json string
		want map[string]string // path → the value as it is written again; nil: refused
	}{
		{`{"a":{"b":1.50,"c":-2,"d":null,"e":"x"}}`, map[string]string{"/tables/a/b": "1.50", "/tables/a/c": "-2", "/tables/a/d": "null", "/tables/a/e": `"x"`}},
		{" {\n\t\"a\" : [ 1 , {\"b\":2} ,[3] ] } ", map[string]string{"/tables/a/0": "1", "/tables/a/1/b": "2", "/tables/a/2/0": "3"}},
		{`{"a":{"万元":"件\u0031\n\"]}"}}`, map[string]string{"/tables/a/万元": `"件1\n\"]}"`}},
		{`{"a":{"b/c~":1e2}}`, map[string]string{"/tables/a/b~1c~0": "100"}},
		{"{\"a\":{\"b\":\"\xff\"}}", map[string]string{"/tables/a/b": `"\ufffd"`}},
		{`{"a":null}`, map[string]string{}},
		{`null`, map[string]string{}},
		{`{"a":{"b":true}}`, nil},
		{`{"a":{"b":01}}`, nil},
		{`{"a":{"b":"`, nil},
		{`[1]`, nil},
		{`{"a":[[[[[[[[[[1]]]]]]]]]]}`, nil},
	} {
		var got report.Tables
		err := got.UnmarshalJSON([]byte(tt.json))
		if (err == nil) != (tt.want != nil) {
			t.Errorf("%s: %v", tt.json, err)
			continue
		}
		if err != nil {
			continue
		}
		if n := len(got.Paths()); n != len(tt.want) {
			t.Errorf("%s: %d values, want %d", tt.json, n, len(tt.want))
		}
		for path, want := range tt.want {
			v, ok := got.Value(path)
			b, err := v.MarshalJSON()
			if err != nil || !ok || strings.ReplaceAll(string(b), "\ufffd", `\ufffd`) != want {
				t.Errorf("%s: %s is %s (%v, %v), want %s", tt.json, path, b, ok, err, want)
			}
		}
	}
}

// TestDecodeFigures: what it gives is what Decode gives.
func TestDecodeFigures(t *testing.T) {
	whole := sample()
	whole.Cells = []report.Cell{{Path: "/tables/local/0/value", Verdict: report.Proven, Raw: "3", Mark: report.MarkNumber, Origin: report.OriginText}}
	var b bytes.Buffer
	if err := report.Encode(&b, whole, true); err != nil {
		t.Fatal(err)
	}
	got, err := report.DecodeFigures(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	whole.Outcome, whole.Source, whole.Producer = "", report.Source{}, report.Producer{}
	whole.Sections, whole.Checks, whole.Review, whole.Warnings = nil, nil, nil, nil
	whole.Cells[0] = report.Cell{Path: "/tables/local/0/value", Verdict: report.Proven}
	var want, have bytes.Buffer
	if err := errors.Join(report.Encode(&want, whole, true), report.Encode(&have, got, true)); err != nil {
		t.Fatal(err)
	}
	if want.String() != have.String() {
		t.Errorf("got\n%s\nwant\n%s", have.String(), want.String())
	}
}

func TestEncode(t *testing.T) {
	var a, b bytes.Buffer
	if err := report.Encode(&a, sample(), false); err != nil {
		t.Fatal(err)
	}
	want := `"tables":{"proactive_disclosure":{"fees":{"amount_wan_yuan":7730.280,"amount_unit":"万元"},"coercion":{"decisions":null}},"local":[{"label":"万元","unit":null,"value":3}],"requests":null}`
	if !strings.Contains(a.String(), want) {
		t.Errorf("tables are not nested in order with exact numbers:\n%s", a.String())
	}
	if !strings.Contains(a.String(), "<年报>") {
		t.Error("text is escaped for HTML")
	}
	faults, err := report.Validate(a.Bytes())
	if err != nil || len(faults) > 0 {
		t.Errorf("invalid: %v %v", faults, err)
	}
	r, err := report.Decode(a.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Encode(&b, r, false); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("decoding and encoding again changed the bytes (%v):\n%s", err, b.String())
	}
}

// TestSchemaDescribes: the schema says of every member what it is.
func TestSchemaDescribes(t *testing.T) {
	var root any
	if err := json.Unmarshal(report.SchemaJSON(), &root); err != nil {
		t.Fatal(err)
	}
	members := 0
	var each func(path string, v any)
	each = func(path string, v any) {
		switch x := v.(type) {
		case []any:
			for _, y := range x {
				each(path, y)
			}
		case map[string]any:
			properties, _ := x["properties"].(map[string]any)
			for name, p := range properties {
				members++
				member, _ := p.(map[string]any)
				if text, _ := member["description"].(string); text == "" {
					t.Errorf("%s/%s has no description", path, name)
				}
			}
			for name, y := range x {
				each(path+"/"+name, y)
			}
		}
	}
	each("", root)
	if members < 60 {
		t.Errorf("%d members", members)
	}
}

func TestValidateNamesThePlace(t *testing.T) {
	var a bytes.Buffer
	r := sample()
	r.Form = "1999"
	if err := report.Encode(&a, r, false); err != nil {
		t.Fatal(err)
	}
	faults, err := report.Validate(a.Bytes())
	if err != nil || len(faults) != 1 || faults[0].Path != "/form" {
		t.Errorf("got %v %v", faults, err)
	}
	if _, err := report.Validate([]byte("{")); err == nil {
		t.Error("broken JSON passed")
	}
}

func TestParseNumber(t *testing.T) {
	tests := []struct{ in, want, reason string }{
		{"0", "0", ""},
		{"12.50", "12.50", "money keeps its places"},
		{"-2", "-2", ""},
		{"+173", "173", "a sign of increase is no part of the number"},
		{"007", "7", ""},
		{"72701.2578", "72701.2578", ""},
		{"1.", "", "a lost digit is not a number"},
		{".5", "", ""},
		{"1e9", "", "no report prints it"},
		{"", "", ""},
		{"1-2", "", ""},
		{strings.Repeat("9", 30), "", "too long to be a count"},
	}
	for _, tt := range tests {
		n, err := report.ParseNumber(tt.in)
		got := ""
		if err == nil {
			got = n.String()
		}
		if got != tt.want {
			t.Errorf("%q: got %q, want %q (%s)", tt.in, got, tt.want, tt.reason)
		}
	}
}

func FuzzDecode(f *testing.F) {
	var a bytes.Buffer
	if err := report.Encode(&a, sample(), true); err != nil {
		f.Fatal(err)
	}
	f.Add(a.Bytes())
	f.Add([]byte(`{"tables":{"a":{"b":[1,2,null]}}}`))
	f.Add([]byte(`{"tables":{"a":{"":1,"b/c":"x"}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := report.Decode(data)
		plain := new(report.Report)
		if e := json.NewDecoder(bytes.NewReader(data)).Decode(plain); (e == nil) != (err == nil) {
			t.Fatalf("%v, and the library says %v", err, e)
		}
		if err != nil {
			return
		}
		var b, c, long bytes.Buffer
		if err := errors.Join(report.Encode(&b, r, false), report.Encode(&long, plain, false)); err == nil && b.String() != long.String() {
			t.Fatalf("read as\n%s\nby the library as\n%s", b.Bytes(), long.Bytes())
		}
		b.Reset()
		figures, err := report.DecodeFigures(data)
		if err == nil && len(figures.Cells) != len(r.Cells) {
			t.Fatalf("%d cells, in short %d", len(r.Cells), len(figures.Cells))
		}
		if err := report.Encode(&b, r, false); err != nil {
			t.Fatalf("decoded and not encoded: %v", err)
		}
		s, err := report.Decode(b.Bytes())
		if err != nil {
			t.Fatalf("own output not decoded: %v\n%s", err, b.Bytes())
		}
		if err := report.Encode(&c, s, false); err != nil || !bytes.Equal(b.Bytes(), c.Bytes()) {
			t.Fatalf("not stable: %v\n%s\n%s", err, b.Bytes(), c.Bytes())
		}
		if !json.Valid(b.Bytes()) {
			t.Fatal("not JSON")
		}
	})
}

// TestSchemaNamesForms: the schema names the official forms and their tables as the forms do. A new one
// comes in with -update.
func TestSchemaNamesForms(t *testing.T) {
	forms := form.Official()
	var names []string
	for _, f := range forms.National() {
		names = append(names, f.Name)
	}
	names = append(names, form.LocalName, form.NarrativeName)
	list := func(names []string) string { return `{"enum": ["` + strings.Join(names, `", "`) + `"]}` }
	tables := ""
	for _, k := range forms.Keys() {
		title := ""
		for _, f := range forms.National() {
			if t := f.Table(k); t != nil && title == "" {
				title = t.Title
			}
		}
		tables += "        \"" + k + "\": {\"description\": \"the official table " + title + "\", \"$ref\": \"#/$defs/table\"},\n"
	}
	text := report.SchemaJSON()
	for _, part := range []struct{ at, now string }{
		{`(?s)("form": \{[^}]*?"anyOf": \[)\{"enum": [^}]*\}`, list(names)},
		{`(?s)("propertyNames": \{"anyOf": \[)\{"enum": [^}]*\}`, list(forms.Keys())},
		{`(?s)("tables": \{[^}]*\}[^}]*\},\s*"properties": \{\n).*?(?:        "narrative")`, tables + `        "narrative"`},
	} {
		re := regexp.MustCompile(part.at)
		if !re.Match(text) {
			t.Fatalf("the schema has nothing like %s", part.at)
		}
		text = re.ReplaceAll(text, []byte("${1}"+strings.ReplaceAll(part.now, "$", "$$")))
	}
	golden.Equal(t, "schema.json", text)
}
