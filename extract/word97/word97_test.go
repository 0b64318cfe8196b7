package word97

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/nianbao/nianbao/extract/flow/flowtest"
	"github.com/nianbao/nianbao/extract/ole"
	"github.com/nianbao/nianbao/layout/diag"
)

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestForeign reads files that other programs wrote; testdata/README.md tells how.
func TestForeign(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"form.doc", `# 柳林区人民政府2023年政府信息公开工作年度报告
## 一、总体情况
全年主动公开政府信息503条。
## 二、收到和处理政府信息公开申请情况
|0:勾稽关系{2,2}|2:申请人情况{1,3}|
|2:自然人|3:商业⏎企业|4:总计|
|0:一、本年新收{1,2}|2:12|3:0|4:12|
|0:三、办理结果{2,1}|1:（一）予以公开|2:7|3:|4:7|
|1:（二）部分公开|2:5|3:/|4:5|
## 六、其他需要报告的事项
无。
`},
		{"traits.doc", `一、总体情况
共13件，第7号²☑
二、主动公开
|0:（一）予以公开{2,1}|1:a|2:3|
|1:b|2:▮|
|0:（二）部分公开|1:English text⏎末{1,2}[|0:1|1:2|]|
|0:窄{1,2}|2:€5|
三、收到申请
框
四、诉讼
<picture 1 60x40>
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, warnings, err := Read(fixture(t, c.name))
			if err != nil || len(warnings) > 0 {
				t.Fatalf("error %v, warnings %v", err, warnings)
			}
			if got := flowtest.Show(d.Pages[0].Blocks); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
			if err := flowtest.CheckAll(d); err != nil {
				t.Error(err)
			}
		})
	}
}

// patched gives a fixture with bytes changed behind the last place where some bytes stand.
func patched(t *testing.T, after string, offset int, change func(byte) byte) []byte {
	t.Helper()
	data := bytes.Clone(fixture(t, "form.doc"))
	at := bytes.LastIndex(data, []byte(after))
	if at < 0 {
		t.Fatalf("no %x in the file", after)
	}
	data[at+offset] = change(data[at+offset])
	return data
}

func TestErrors(t *testing.T) {
	const fib = "\xEC\xA5\x01\x01"
	whole := fixture(t, "form.doc")
	for _, c := range []struct {
		reason string
		data   []byte
		want   error
	}{
		{"nothing", nil, diag.ErrEmpty},
		{"no compound file", []byte("text"), diag.ErrFormat},
		{"a cut file", whole[:len(whole)/2], diag.ErrDamaged},
		{"a password", patched(t, fib, 0x0B, func(b byte) byte { return b | 1 }), diag.ErrEncrypted},
		{"older than Word 97", patched(t, fib, 3, func(byte) byte { return 0 }), diag.ErrFormat},
		{"a row that tells another number of cells", patched(t, "\x08\xD6", 4, func(b byte) byte { return b - 1 }), ErrUnsure},
		{"pieces outside the file", patched(t, fib, 0x1A3, func(byte) byte { return 0xFF }), diag.ErrDamaged},
	} {
		t.Run(c.reason, func(t *testing.T) {
			if d, _, err := Read(c.data); !errors.Is(err, c.want) || d != nil {
				t.Errorf("document %v, error %v, want %v", d, err, c.want)
			}
		})
	}
}

func TestModifiers(t *testing.T) {
	// Three cells of 1000 each, the last merged from above; then changes to them.
	define := func(changes ...byte) []byte {
		cells := make([]byte, 60)
		cells[40] = verticalMerged << 5
		op := append([]byte{3, 0, 0, 0xE8, 3, 0xD0, 7, 0xB8, 11}, cells...)
		return append(append([]byte{0x08, 0xD6, byte(len(op) + 1), 0}, op...), changes...)
	}
	for _, c := range []struct {
		reason  string
		changes []byte
		edges   []int
		cells   []rowCell
	}{
		{"as defined", nil, []int{0, 1000, 2000, 3000}, []rowCell{{}, {}, {vertical: verticalMerged}}},
		{"cells merged", []byte{0x24, 0x56, 0, 2}, []int{0, 1000, 2000, 3000}, []rowCell{{first: true}, {merged: true}, {vertical: verticalMerged}}},
		{"merged and split", []byte{0x24, 0x56, 0, 2, 0x25, 0x56, 0, 2}, []int{0, 1000, 2000, 3000}, []rowCell{{}, {}, {vertical: verticalMerged}}},
		{"a cell deleted", []byte{0x22, 0x56, 0, 1}, []int{0, 1000, 2000}, []rowCell{{}, {vertical: verticalMerged}}},
		{"a cell inserted", []byte{0x21, 0x76, 1, 1, 0xF4, 1}, []int{0, 1000, 1500, 2500, 3500}, []rowCell{{}, {}, {}, {vertical: verticalMerged}}},
		{"a cell made wider", []byte{0x23, 0x76, 0, 1, 0xDC, 5}, []int{0, 1500, 2500, 3500}, []rowCell{{}, {}, {vertical: verticalMerged}}},
		{"a merge from above begins", []byte{0x2B, 0xD6, 2, 0, 3}, []int{0, 1000, 2000, 3000}, []rowCell{{vertical: verticalRestart}, {}, {vertical: verticalMerged}}},
		{"cells that are not there", []byte{0x2B, 0xD6, 2, 9, 3, 0x24, 0x56, 7, 9, 0x22, 0x56, 3, 9}, []int{0, 1000, 2000, 3000}, []rowCell{{}, {}, {vertical: verticalMerged}}},
		{"padding at the end", []byte{0x00}, []int{0, 1000, 2000, 3000}, []rowCell{{}, {}, {vertical: verticalMerged}}},
	} {
		t.Run(c.reason, func(t *testing.T) {
			d, p := document{budget: maxModifiers}, properties{}
			if err := d.apply(define(c.changes...), &p, 0); err != nil {
				t.Fatal(err)
			}
			if p.row == nil {
				t.Fatal("no row")
			}
			if !equal(p.row.edges, c.edges) || !equal(p.row.cells, c.cells) {
				t.Errorf("got %v %v, want %v %v", p.row.edges, p.row.cells, c.edges, c.cells)
			}
		})
	}
}

func equal[T comparable](a, b []T) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func FuzzRead(f *testing.F) {
	f.Add(fixture(f, "form.doc"))
	f.Add(fixture(f, "traits.doc"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, _, err := Read(data)
		if (d == nil) == (err == nil) {
			t.Fatalf("document %v, error %v", d, err)
		}
		if d != nil {
			if err := flowtest.CheckAll(d); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// FuzzStreams fuzzes the streams themselves, which changes to the container hardly reach.
func FuzzStreams(f *testing.F) {
	for _, name := range []string{"form.doc", "traits.doc"} {
		file, err := ole.Open(fixture(f, name))
		if err != nil {
			f.Fatal(err)
		}
		var streams [3][]byte
		for i, stream := range []string{"WordDocument", "1Table", "Data"} {
			if file.Has(stream) {
				if streams[i], err = file.Stream(stream); err != nil {
					f.Fatal(err)
				}
			}
		}
		f.Add(streams[0], streams[1], streams[2])
	}
	f.Fuzz(func(t *testing.T, main, table, data []byte) {
		d := document{main: main, table: table, data: data}
		blocks, err := d.blocks()
		if err != nil {
			return
		}
		for _, b := range blocks {
			if b.Table != nil {
				if err := flowtest.Check(b.Table); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	data := fixture(b, "traits.doc")
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Read(data); err != nil {
			b.Fatal(err)
		}
	}
}
