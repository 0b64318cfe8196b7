package export_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/internal/out/export"
)

// filled is a review sheet as a person leaves it.
func filled(t *testing.T, rows ...[]any) *bytes.Buffer {
	t.Helper()
	f := excelize.NewFile()
	if err := f.SetSheetName("Sheet1", "待核对"); err != nil {
		t.Fatal(err)
	}
	for i, r := range append([][]any{{"单位", "正确值", "结果文件", "指针", "核对人"}}, rows...) {
		if err := f.SetSheetRow("待核对", fmt.Sprintf("A%d", i+1), &r); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestReadAnswers(t *testing.T) {
	const path = "/tables/requests/received/total"
	tests := []struct {
		typed any
		want  string // the value, "bad" or "" for none
	}{
		{21, "21"}, {"21", "21"}, {7730.28, "7730.28"}, {"1,234", "1234"}, {"２１", "21"}, {" 21 ", "21"}, {"-3", "-3"},
		{"空", "null"}, {"/", "null"}, {"无", "null"}, {0, "0"}, {nil, ""}, {"", ""}, {"二十一", "bad"}, {"2 1 x", "bad"},
	}
	for _, x := range tests {
		answers, bad, err := export.ReadAnswers(filled(t, []any{"甲", x.typed, "a.pdf.json", path, "王"}))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		switch {
		case len(bad) > 0:
			got = "bad"
		case len(answers) > 0 && answers[0].Value.Number == nil:
			got = "null"
		case len(answers) > 0:
			got = answers[0].Value.Number.String()
		}
		if got != x.want {
			t.Errorf("%v: %q, want %q", x.typed, got, x.want)
		}
		if len(answers) > 0 && (answers[0].Line != 2 || answers[0].File != "a.pdf.json" || answers[0].Path != path || answers[0].Who != "王") {
			t.Errorf("%+v", answers[0])
		}
	}
	if a, bad, err := export.ReadAnswers(filled(t, []any{"甲", "东川区", "a.json", "/report/issuer"}, []any{"甲", 5, "", path})); err != nil || len(a) != 1 || *a[0].Value.Text != "东川区" || len(bad) != 1 || bad[0].Line != 3 {
		t.Errorf("%v %v %v", a, bad, err)
	}
	if _, _, err := export.ReadAnswers(strings.NewReader("no workbook")); err == nil {
		t.Error("a text was read")
	}
	f := excelize.NewFile()
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := export.ReadAnswers(b); !errors.Is(err, export.ErrNoSheet) {
		t.Errorf("another workbook: %v", err)
	}
}
