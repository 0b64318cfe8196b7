package wording

import (
	"fmt"
	"testing"

	"github.com/nianbao/nianbao/layout/diag"
)

// TestText finds the messages that a finished one was put together from.
func TestText(t *testing.T) {
	zh := In(Chinese)
	for _, tt := range []struct{ en, want string }{
		{fmt.Errorf("no page can be read: %w", diag.ErrDamaged).Error(), "没有一页能够读取：文件已损坏"},
		{fmt.Errorf("%w: %d pages, the limit is %d", diag.ErrTooLarge, 3000, 2000).Error(), "文件过大：3000 页，上限为 2000 页"},
		{"page 3: text cannot be read: the file is damaged", "第 3 页：文字无法读取：文件已损坏"},
		{"the text layer was not used: 3 of its 9 glyphs stand for no character", "未采用文字层：3 个字形没有对应的字符，共 9 个"},
		{`unknown command "convrt" for "nianbao"`, `没有命令 "convrt"（在 "nianbao" 中）`},
		{"the table says 3, the text (一、总体情况) “主动公开5件”", "表格为 3，正文（一、总体情况）为“主动公开5件”"},
		{"a row of text that nobody knows", "系统或程序库报告错误（a row of text that nobody knows）"},
		{"the file is damaged: 3: incorrect format", "文件已损坏（3: incorrect format）"},
		{"the file is damaged: flate: corrupt input before offset 5; the file is damaged", "文件已损坏（flate: corrupt input before offset 5）；文件已损坏"},
		{"the file is damaged: a/b.pdf", "文件已损坏：a/b.pdf"},
		{"result of a.pdf: write /out/tmp/1: no space left on device", "结果 a.pdf：写入 /out/tmp/1：磁盘已满"},
		{"hardly read", "辨认不清"},
		{`"business" is none of the table's columns`, `"business" 不是表的列之一`},
		{`b.json: /tables/x: "abc" is not a number; a number or null is expected`, `b.json: /tables/x："abc" 不是数字；应为数字或 null`},
		{"", ""},
		{"年报", "年报"},
		{"100%", "100%"},
	} {
		if got := zh.Text(tt.en); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.en, got, tt.want)
		}
		for _, w := range []*Words{nil, {}, In(English), In("fr")} {
			if got := w.Text(tt.en); got != tt.en {
				t.Errorf("in English %q is %q", tt.en, got)
			}
		}
	}
}

func TestSay(t *testing.T) {
	for _, tt := range []struct {
		format string
		args   []any
		want   string
	}{
		{", %d done before", []any{5}, "，5 个此前已完成"},
		{"%d inputs: %d converted", []any{3, 2}, "3 个输入：转换 2 个"},
		{"; %d reports not complete (%d without numbers)", []any{3, 2}, "；3 份报告不完整（其中 2 份无数字）"},
		{"%s: there is no such result", []any{"x"}, "x：没有这个结果"},
		{"table %d is the official %s: it is left out (--table %[1]d takes it)", []any{3, "表二"}, "表 3 是官方的表二，未取（--table 3 可取）"},
	} {
		if got := In(Chinese).Say(tt.format, tt.args...); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.format, got, tt.want)
		}
		if got, want := In(English).Say(tt.format, tt.args...), fmt.Sprintf(tt.format, tt.args...); got != want {
			t.Errorf("%q: %q, want %q", tt.format, got, want)
		}
	}
}

func TestLanguageOf(t *testing.T) {
	for _, tt := range []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{"LANG": "zh_CN.UTF-8"}, Chinese},
		{map[string]string{"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, English},
		{map[string]string{"LANG": "C", "LC_MESSAGES": "zh_TW"}, Chinese},
		{map[string]string{"LC_ALL": "zh-Hans"}, Chinese},
		{map[string]string{"LANG": "de_DE.UTF-8"}, English},
		{map[string]string{"LANG": "zhu"}, English},
	} {
		if got := LanguageOf(func(v string) string { return tt.env[v] }); got != tt.want {
			t.Errorf("%v: %s", tt.env, got)
		}
	}
}

// FuzzText: whatever is said, it is said in time, and English is left as it is.
func FuzzText(f *testing.F) {
	for _, s := range []string{"page 3: x: y (z)", "a; b; c: d", "%s", "the file is damaged: the file is damaged", "((((", ": : : :"} {
		f.Add(s)
	}
	zh := In(Chinese)
	f.Fuzz(func(t *testing.T, s string) {
		_ = zh.Text(s)
		if In(English).Text(s) != s {
			t.Errorf("%q was changed", s)
		}
	})
}
