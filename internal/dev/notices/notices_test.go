package notices_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/internal/dev/notices"
)

func TestAll(t *testing.T) {
	l := notices.All()
	used := map[string]bool{}
	for _, c := range l.Components {
		if c.Licence == "" || len(c.Texts) == 0 {
			t.Errorf("%s has no licence", c.Name)
		}
		for _, k := range c.Texts {
			used[k] = true
			if len(strings.TrimSpace(l.Texts[k])) < 40 {
				t.Errorf("%s: text %s is too short to be a licence or notice", c.Name, k)
			}
		}
	}
	for k := range l.Texts {
		if !used[k] {
			t.Errorf("text %s is nobody's", k)
		}
	}
}

func TestWrite(t *testing.T) {
	var b bytes.Buffer
	l := notices.All()
	if err := l.Write(&b); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, c := range l.Components {
		if !strings.Contains(got, c.Name) {
			t.Errorf("%s is not named", c.Name)
		}
	}
	for k, text := range l.Texts {
		if !strings.Contains(got, strings.TrimRight(text, "\n")) {
			t.Errorf("text %s is missing", k)
		}
	}
	if n := strings.Count(got, "\n"+strings.Repeat("=", 80)+"\n"); n < len(l.Texts) || n > len(l.Texts)+4 {
		t.Errorf("%d texts are printed, want each of %d once", n, len(l.Texts))
	}
}
