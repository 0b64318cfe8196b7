package simplified_test

import (
	_ "embed"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/normalize/simplified"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"":          "",
		"收到申请 12 件": "收到申请 12 件",
		"館前鎮2010年度政府信息公開報告": "馆前镇2010年度政府信息公开报告",
		"對申請的答覆總數":          "对申请的答复总数",
		"對申請的答復總數":          "对申请的答复总数",
		"行政複議、行政訴訟":         "行政复议、行政诉讼",
		"覆蓋全縣":              "覆盖全县",
		"乾隆年間的檔案已曬乾":        "乾隆年间的档案已晒干",
		"憑藉、藉此":             "凭借、借此",
		"不瞭解\xff後果":         "不了解\xff后果",
	} {
		if got := simplified.Text(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

// stCharacters is OpenCC's table the other way: for each simplified character the traditional ones that it
// may stand for.
//
//go:embed testdata/STCharacters.txt
var stCharacters string

// TestFormsInTraditional writes every label, heading and alias of every form in traditional characters, in
// each way that OpenCC knows, and asks for the form's own words back. A character that is a word of its own in
// simplified text too (覆, 菓, 牠) is none of these ways but in the phrases that say so.
func TestFormsInTraditional(t *testing.T) {
	traditional := map[rune][]rune{}
	for line := range strings.Lines(stCharacters) {
		from, to, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || strings.HasPrefix(from, "#") {
			continue
		}
		for _, w := range strings.Fields(to) {
			s, w := []rune(from)[0], []rune(w)[0]
			traditional[s] = append(traditional[s], w)
		}
	}
	n := 0
	for _, words := range words() {
		first := strings.Map(func(r rune) rune {
			if v := traditional[r]; v != nil {
				return v[0]
			}
			return r
		}, words)
		if got := simplified.Text(first); got != words {
			t.Errorf("%s came back as %s, want %s", first, got, words)
		}
		rs := []rune(words)
		for i, r := range rs {
			for _, v := range traditional[r] {
				if simplified.Text(string(v)) == string(v) {
					continue
				}
				other := string(rs[:i]) + string(v) + string(rs[i+1:])
				if got := simplified.Text(other); got != words {
					t.Errorf("%s came back as %s, want %s", other, got, words)
				}
				n++
			}
		}
	}
	if n < 1000 {
		t.Errorf("only %d characters tried", n)
	}
}

// words are all that the forms print.
func words() []string {
	var out []string
	for _, f := range form.Official().All() {
		for _, s := range f.Sections {
			out = append(append(out, s.Heading), s.Aliases...)
		}
		for _, t := range f.Tables {
			out = append(out, t.Title)
			for _, r := range t.Rows {
				out = append(append(append(out, r.Label), r.Aliases...), r.Groups...)
			}
			for _, c := range t.Columns {
				out = append(append(append(out, c.Label), c.Aliases...), c.Groups...)
			}
		}
	}
	return out
}

func FuzzText(f *testing.F) {
	f.Add("對申請的答覆總數")
	f.Add("乾\xff覆")
	f.Fuzz(func(t *testing.T, s string) {
		once := simplified.Text(s)
		if len(s) == 0 && once != "" {
			t.Errorf("%q from nothing", once)
		}
		_ = simplified.Text(once)
	})
}
