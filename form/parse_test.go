package form_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/form"
)

// hall is a form that nobody has: 12 rows in three groups, 4 columns, 6 equations.
func hall(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "testdata", "forms", "hall.json"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestParse(t *testing.T) {
	f, err := form.Parse(hall(t))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.Tables[0].Fields()); n != 48 {
		t.Errorf("%d numbers, want 12 rows of 4", n)
	}
	again, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	if g, err := form.Load(strings.NewReader(string(again))); err != nil || !reflect.DeepEqual(f, g) {
		t.Errorf("written and read again it is another form: %v", err)
	}
	s, err := form.Official().With(f)
	if err != nil {
		t.Fatal(err)
	}
	if s.Get(f.Name) != f || s.Table(f.Name, f.Tables[0].Key) == nil || !s.Owns(f.Tables[0].Key) || s.Owns("requests") {
		t.Error("the set does not have it")
	}
	if k := s.Keys(); k[len(k)-1] != f.Tables[0].Key || len(s.National()) != len(form.Official().National()) {
		t.Errorf("keys %v", k)
	}
	if _, err := s.With(f); err == nil {
		t.Error("a form may be there twice")
	}
}

// TestFaults: every fault is named, with the line and the place where it is.
func TestFaults(t *testing.T) {
	tests := []struct {
		reason   string
		old, new string
		want     []string // "line pointer: message", in part
	}{
		{"an unknown field", `"title": "便民服务大厅情况统计表",
  "source"`, `"titel": "便民服务大厅情况统计表",
  "source"`, []string{"line 3: /titel: unknown field \"titel\"; there are name, title", "line 1: /title: the form has no title"}},
		{"a field twice", `"source":`, `"name": "hall", "source":`, []string{"line 4: /name: \"name\" is there twice"}},
		{"a number for a text", `"label": "个人"`, `"label": 7`, []string{"line 10: /tables/0/columns/0/label: a text is expected", "line 10: /tables/0/columns/0/label: the column has no label"}},
		{"a text for a list", `"groups": ["单位"]`, `"groups": "单位"`, []string{"line 11: /tables/0/columns/1/groups: a list is expected"}},
		{"an official name", `"name": "hall"`, `"name": "shanghai"`, []string{"line 2: /name: \"shanghai\" is an official form"}},
		{"the name of a year", `"name": "hall"`, `"name": "2021"`, []string{"is no name", "is an official form"}},
		{"an official table", `"key": "hall_services"`, `"key": "requests"`, []string{"line 7: /tables/0/key: \"requests\" is an official table"}},
		{"the key of a row twice", `"key": "online"`, `"key": "in_person"`, []string{"line 17: /tables/0/rows/1/key: row 1 has the key \"in_person\", too"}},
		{"the label of a row twice", `"label": "2.网上访问"`, `"label": "1. 当面接待"`, []string{"line 17: /tables/0/rows/1/label: row 1 has the label"}},
		{"an alias that is another's label", `"label": "个人"`, `"label": "个人", "aliases": ["合计"]`, []string{"line 13: /tables/0/columns/3/label: column 1 has the label \"合计\""}},
		{"a key in capitals", `"key": "person",`, `"key": "Person",`, []string{"\"Person\" is no key", "\"person\" is none of the table's columns"}},
		{"an equation of no row", `["in_person", "online"`, `["in_persons", "online"`, []string{"line 31: /tables/0/equations/1/left/0: \"in_persons\" is none of the table's rows"}},
		{"an equation of no number", `"left": ["corrected/total"]`, `"left": ["corrected/all"]`, []string{"line 35: /tables/0/equations/5/left/0: the table has no number \"corrected/all\""}},
		{"an equation of nothing", `"left": ["corrected/total"]`, `"left": []`, []string{"/tables/0/equations/5/left: this side is empty"}},
		{"a number on both sides", `"left": ["corrected/total"]`, `"left": ["complaints/total"]`, []string{"\"complaints/total\" is in the equation twice"}},
		{"two equations of one name", `"rule": "H.handled"`, `"rule": "H.received"`, []string{"line 32: /tables/0/equations/2: there are two equations H.received person"}},
		{"no relation", `"relation": "<="`, `"relation": "<"`, []string{"/tables/0/equations/3/relation: \"<\": \"=\" or \"<=\" is expected"}},
		{"no severity", `"severity": "warning"`, `"severity": "hint"`, []string{"/severity: \"hint\""}},
		{"no such direction", `"each": "rows"`, `"each": "row"`, []string{"/each: \"row\""}},
		{"a unit in brackets", `"unit": "件"`, `"unit": "（件）"`, []string{"line 16: /tables/0/rows/0/unit: \"（件）\" is no unit as it stands behind a number"}},
		{"another unit in a sum", `"label": "2.网上访问", "groups": ["一、接待情况"], "unit": "件"`, `"label": "2.网上访问", "groups": ["一、接待情况"], "unit": "卷"`,
			[]string{"/tables/0/equations/1: /tables/hall_services/in_person/person counts in 件, /tables/hall_services/online/person in 卷"}},
		{"an amount without decimals", `"label": "个人"`, `"label": "个人", "unit": "万元"`, []string{"\"decimal\": true is missing", "line 10: /tables/0/columns/0/unit: the column counts in 万元, its row \"1.当面接待\" in 件"}},
		{"a number that holds others", `"key": "business"`, `"key": "person/sum"`, []string{"/tables/hall_services/in_person/person would be a number, and hold /tables/hall_services/in_person/person/sum"}},
		{"a heading with a unit", `"key": "in_person"`, `"heading": true, "key": "in_person"`, []string{"a heading has no number", "\"in_person\" is none of the table's rows"}},
		{"bands without columns", `"columns": [`, `"bands": true, "columns": [`, []string{"must name its columns"}},
		{"cut short", `"equations"`, "\x00", []string{"not JSON: the file ends too early"}},
	}
	for _, tt := range tests {
		text := strings.Replace(string(hall(t)), tt.old, tt.new, 1)
		if tt.new == "\x00" {
			text = text[:strings.Index(text, "\x00")]
		}
		_, err := form.Parse([]byte(text))
		var faults form.Faults
		errors.As(err, &faults)
		var all []string
		for _, f := range faults {
			all = append(all, f.String())
		}
		for _, w := range tt.want {
			if !strings.Contains(strings.Join(all, "\n"), w) {
				t.Errorf("%s: no %q in\n%s", tt.reason, w, strings.Join(all, "\n"))
			}
		}
		if len(all) > 12 {
			t.Errorf("%s: one fault makes %d:\n%s", tt.reason, len(all), strings.Join(all, "\n"))
		}
	}
}

// TestHostile: what is no form, or too large for one, is refused in time.
func TestHostile(t *testing.T) {
	rows := strings.Repeat(`{"key":"a","label":"b"},`, 3000) + `{}`
	for name, text := range map[string]string{
		"deep": strings.Repeat("[", 100000), "deep under an unknown field": `{"x":` + strings.Repeat(`{"a":`, 100000),
		"nothing": "", "null": "null", "a list": "[]", "text": "年报", "large": `{"tables":[{"key":"t","rows":[` + rows + `],"columns":[` + rows + `]}]}`,
		"more": string(hall(t)) + "{}",
	} {
		if _, err := form.Parse([]byte(text)); err == nil {
			t.Errorf("%s is a form", name)
		}
	}
	if _, err := form.Official().With(nil); err == nil {
		t.Error("nil is a form")
	}
	if _, err := form.Official().With(&form.Form{Name: "x", Title: "x", Tables: []form.Table{{Key: "y", Title: "y"}}}); err == nil {
		t.Error("a table without rows is one")
	}
}

// FuzzParse: whatever is read without a fault can be written, read again, and put beside the official forms.
func FuzzParse(f *testing.F) {
	f.Add(hall(f))
	f.Add([]byte(`{"name":"a","title":"b","tables":[{"key":"c","title":"d","columns":[{"key":"","label":"数"}],"rows":[{"key":"e","label":"f"}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := form.Parse(data)
		if err != nil {
			return
		}
		again, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := form.Parse(again); err != nil {
			t.Fatalf("%s: %v", again, err)
		}
		s, err := form.Official().With(x)
		if err != nil {
			t.Fatal(err)
		}
		for i := range x.Tables {
			if x.Tables[i].Relations(); s.Table(x.Name, x.Tables[i].Key) == nil {
				t.Fatal("its table is not there")
			}
		}
		x.Successions()
	})
}
