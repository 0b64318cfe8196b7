package batch

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/nianbao/nianbao/form"
)

// drawn makes an output folder whose ledger knows so many results.
func drawn(t testing.TB, n int) string {
	t.Helper()
	out := t.TempDir()
	l, err := openLedger(filepath.Join(out, "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []*Row
	for i := range n {
		r := &Row{
			Hash: fmt.Sprintf("%064x", i), State: Done, Outcome: "complete", Output: fmt.Sprintf("%d/%d.pdf.json", i%40, i),
			Entry: fmt.Appendf(nil, `{"name": "x", "issuer": "第%d县人民政府", "year": %d, "title": "第%[1]d县人民政府年度报告", "form": "2021"}`, i, 2008+i%17),
		}
		r.Counts.Review, r.Counts.FailedSums = i%5, i%3
		if i%50 == 0 {
			r.State, r.Reason, r.Message = Failed, "damaged", "the file is damaged"
		}
		rows = append(rows, r)
	}
	if err := l.Put(rows...); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestList(t *testing.T) {
	b, err := OpenBook(drawn(t, 300), form.Set{})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		w     Wanted
		total int
		first string
	}{
		{"all by name", Wanted{Sort: "name", Limit: 10}, 300, "0/0.pdf.json"},
		{"what most needs eyes", Wanted{Limit: 10}, 300, "4/4.pdf.json"},
		{"to review", Wanted{Kind: "review", Limit: 10}, 240, "4/4.pdf.json"},
		{"without result", Wanted{Kind: "failed", Limit: 10}, 6, "0/0.pdf.json"},
		{"two words", Wanted{Text: "第7县 2015", Limit: 10}, 1, "7/7.pdf.json"},
		{"a part", Wanted{Sort: "name", Offset: 299, Limit: 10}, 300, "39/279.pdf.json"},
		{"beyond", Wanted{Offset: 1000, Limit: 10}, 300, ""},
	}
	for _, x := range tests {
		l, err := b.List(x.w)
		if err != nil {
			t.Fatal(err)
		}
		first := ""
		if len(l.Items) > 0 {
			first = l.Items[0].Output
		}
		if l.Total != x.total || first != x.first {
			t.Errorf("%s: %d, first %s; want %d, %s", x.name, l.Total, first, x.total, x.first)
		}
		if l.Counts["all"] != 300 || l.Counts["failed"] != 6 {
			t.Errorf("%s: counts %v", x.name, l.Counts)
		}
	}
}

// BenchmarkList gives a part of the list of 20,000 reports.
func BenchmarkList(b *testing.B) {
	book, err := OpenBook(drawn(b, 20_000), form.Set{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if l, err := book.List(Wanted{Text: "县", Kind: "review", Limit: 100}); err != nil || len(l.Items) != 100 {
			b.Fatal(len(l.Items), err)
		}
	}
}
