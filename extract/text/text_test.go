package text_test

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/nianbao/nianbao/extract/flow/flowtest"
	"github.com/nianbao/nianbao/extract/text"
	"github.com/nianbao/nianbao/layout/diag"
)

func TestBlocks(t *testing.T) {
	for _, c := range []struct{ reason, in, want string }{
		{"a line is a paragraph", "一、总体情况\r\n\n  文\u3000\r二", "一、总体情况\n文\n二\n"},
		{"headings at any level", "# 报告\n\n### 三、申请 ##\n####四、诉讼\n#\n", "# 报告\n### 三、申请\n#### 四、诉讼\n"},
		{"a heading that is underlined", "报告\n====\n文\n----\n", "# 报告\n文\n"},
		{"marks of Markdown", "**一、总体情况**\n1\\. 甲 \\*\n__________\n", "一、总体情况\n1. 甲 *\n__________\n"},

		{"a table with tabs", "前\n信息内容\t本年制发件数\n规章\t0\n\n后", "前\n|0:信息内容|1:本年制发件数|\n|0:规章|1:0|\n后\n"},
		{"trailing tabs stand for merged cells, blanks inside for blanks", "第（一）项\t\t\n内容\t制发\t废止\n规章\t\t3\n", "|0:第（一）项|\n|0:内容|1:制发|2:废止|\n|0:规章|1:|2:3|\n"},
		{"trailing tabs after a value may be blank values", "甲\t1\t2\n乙\t3\t\n丙\t/\t", "|0:甲|1:1|2:2|\n|0:乙|1:3|2:|\n|0:丙|1:/|2:|\n"},
		{"a row whose tabs an editor took away", "甲\t1\n第（五）项\n乙\t2\n", "|0:甲|1:1|\n|0:第（五）项|\n|0:乙|1:2|\n"},
		{"a line after the table is no row", "甲\t1\n乙\t2\n四、诉讼情况\n文\n", "|0:甲|1:1|\n|0:乙|1:2|\n四、诉讼情况\n文\n"},
		{"a heading ends a table", "甲\t1\n乙\t2\n# 四\n丙\t3\n丁\t4", "|0:甲|1:1|\n|0:乙|1:2|\n# 四\n|0:丙|1:3|\n|0:丁|1:4|\n"},
		{"one line with one tab is prose", "一、\t总体情况\n文", "一、 总体情况\n文\n"},
		{"cells that stand one under the other", "规章\n\t0\n\t\n\t3\n后", "规章\n0\n3\n后\n"},
		{"a label that is blank at first", "\t自然人\t总计\n甲\t1\t2", "|0:|1:自然人|2:总计|\n|0:甲|1:1|2:2|\n"},
		{"cells with line ends, as spreadsheets quote them", "项目\t\"商业\n企业\"\t总计\n甲\t\"说\"\"明\"\"\"\t2\n", "|0:项目|1:商业⏎企业|2:总计|\n|0:甲|1:说\"明\"|2:2|\n"},
		{"quotes that belong to the text", "甲\t\"三安全一稳定\"\t1\n乙\t2\t3", "|0:甲|1:\"三安全一稳定\"|2:1|\n|0:乙|1:2|2:3|\n"},
		{"a quote that never ends", "甲\t\"x\t1\n乙\t2\t3", "|0:甲|1:\"x|2:1|\n|0:乙|1:2|2:3|\n"},

		{"a Markdown table", "| 内容 | 数量 |\n|:---|---:|\n| 规章 | 0 |\n| **总计** | |\n文", "|0:内容|1:数量|\n|0:规章|1:0|\n|0:总计|\n文\n"},
		{"without outer pipes", "内容|数量\n---|---\n规章|0\n\n文", "|0:内容|1:数量|\n|0:规章|1:0|\n文\n"},
		{"without a rule", "|甲|1|\n|乙|2|\n", "|0:甲|1:1|\n|0:乙|1:2|\n"},
		{"with a pipe behind every cell", "第（一）项 | ||\n内容 | 制发 | 废止 |\n规章 | 0 | 2 |\n | 3 | 4 |\n\n文 |", "|0:第（一）项|\n|0:内容|1:制发|2:废止|\n|0:规章|1:0|2:2|\n|0:|1:3|2:4|\n文 |\n"},
		{"cells that stand one under the other are no rows", "内容 |\n制发 |\n|||\n规章 |\n0 |\n", "内容 |\n制发 |\n|||\n规章 |\n0 |\n"},
		{"a dash as a value is no rule", "|甲|乙|\n|---|---|\n|-|-|\n|1|2|\n", "|0:甲|1:乙|\n|0:-|1:-|\n|0:1|1:2|\n"},
		{"line ends and pipes in cells", "|商业<br>企业|a\\|b|\n|--|--|\n|1|2|\n", "|0:商业⏎企业|1:a|b|\n|0:1|1:2|\n"},
		{"HTML in Markdown", "## 二\n文<table>\n<tr><td rowspan=2>甲<td>1</tr>\n<tr><td>2</tr></table>\n后", "## 二\n文\n|0:甲{2,1}|1:1|\n|1:2|\n后\n"},
		{"HTML that does not end", "<table><tr><td>甲<td>1", "|0:甲|1:1|\n"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			d, warnings, err := text.Read([]byte(c.in))
			if err != nil || len(warnings) > 0 {
				t.Fatalf("error %v, warnings %v", err, warnings)
			}
			if got := flowtest.Show(d.Pages[0].Blocks); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestEncoding(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("一、总体情况\n规章\t0\n文件\t1\n")
	if err != nil {
		t.Fatal(err)
	}
	d, warnings, err := text.Read([]byte(gbk))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := flowtest.Show(d.Pages[0].Blocks), "一、总体情况\n|0:规章|1:0|\n|0:文件|1:1|\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if len(warnings) != 1 || warnings[0].Code != diag.EncodingGuessed {
		t.Errorf("warnings %v", warnings)
	}
}

func TestErrors(t *testing.T) {
	binary := make([]byte, 4096)
	for i := range binary {
		binary[i] = byte(i * i >> 3)
	}
	for _, c := range []struct {
		reason string
		data   []byte
		want   error
	}{
		{"nothing", nil, diag.ErrEmpty},
		{"blanks", []byte(" \n\u3000\n"), diag.ErrEmpty},
		{"bytes that are no text", binary, diag.ErrFormat},
		{"zeros", make([]byte, 100), diag.ErrFormat},
		{"too much", make([]byte, 33<<20), diag.ErrTooLarge},
	} {
		t.Run(c.reason, func(t *testing.T) {
			if d, _, err := text.Read(c.data); !errors.Is(err, c.want) || d != nil {
				t.Errorf("document %v, error %v, want %v", d, err, c.want)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("# 报告\n内容\t数量\n\"商业\n企业\"\t0\n"))
	f.Add([]byte("|甲|乙|\n|---|---|\n|1|<table><tr><td>2</table>|\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, _, err := text.Read(data)
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

func BenchmarkRead(b *testing.B) {
	data := []byte(strings.Repeat("全年主动公开政府信息。\n", 200) + strings.Repeat("1.属于国家秘密\t0\t0\t12\t3\t0\t0\t15\n", 28))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := text.Read(data); err != nil {
			b.Fatal(err)
		}
	}
}
