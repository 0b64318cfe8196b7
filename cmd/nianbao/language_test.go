package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/internal/wording"
)

// english is three words in a row, or a word of the program's own English that is no name.
var english = regexp.MustCompile(`[a-z]{2,} [a-z]+ [a-z]{2,}|\b(?:the|is|are|not|with|each)\b`)

// examples are commands, which are the same in every language.
var examples = regexp.MustCompile(`(?m)^\s+(?:[A-Z_]+=\S+ )*(?:nianbao|echo|curl|watch|age|source) .*$|^用法：\n.*$`)

// noEnglish says what of a text a person who reads Chinese would not.
func noEnglish(t *testing.T, what, text string) {
	t.Helper()
	for line := range strings.Lines(examples.ReplaceAllString(text, "")) {
		if found := english.FindString(line); found != "" {
			t.Errorf("%s: %q in %q", what, found, line)
		}
	}
}

// TestHelpInChinese: the help of every command is in Chinese from end to end.
func TestHelpInChinese(t *testing.T) {
	t.Setenv("LC_ALL", "zh_CN.UTF-8")
	var all []string
	var each func(c *cobra.Command, path []string)
	each = func(c *cobra.Command, path []string) {
		all = append(all, strings.Join(path, " "))
		out, _, _ := inProcess(t, "", append(path, "--help")...)
		if out == "" {
			t.Errorf("%v has no help", path)
		}
		noEnglish(t, strings.Join(path, " "), out)
		if n := len(path); n > 0 && !strings.Contains(out, "  "+path[n-1]+" 的说明\n") && path[0] != "completion" {
			t.Errorf("the help of %v is called otherwise: %s", path, out)
		}
		for _, sub := range c.Commands() {
			if sub.Name() != "help" {
				each(sub, append(append([]string{}, path...), sub.Name()))
			}
		}
	}
	each(newRootCommand(&env{getenv: os.Getenv}), nil)
	if len(all) < 15 {
		t.Errorf("only %v", all)
	}
}

// TestMessagesInChinese: errors, hints, counts and explanations are in Chinese, and what machines read is not.
func TestMessagesInChinese(t *testing.T) {
	t.Setenv("LC_ALL", "zh_CN.UTF-8")
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	fax := converted(t, "broken_2021form.fax.tif")
	out := filepath.Join(dir, "out")
	in := filepath.Join(dir, "in")
	if err := os.Mkdir(in, 0o755); err != nil {
		t.Fatal(err)
	}
	copied(t, filepath.Join(in, "a.docx"), "county_2021form.docx")
	copied(t, filepath.Join(in, "b.docx"), "county_2021form.docx")
	write("in/c.pdf", "%PDF-1.7 cut")
	pointer := "/tables/requests/refused_third_party/public_welfare"
	for _, tt := range []struct {
		args []string
		says string
	}{
		{[]string{"convert", filepath.Join(dir, "none.pdf")}, "没有这个文件"},
		{[]string{"convert", write("a.pdf", "%PDF-1.7 cut")}, "文件已损坏"},
		{[]string{"convert", write("b.txt", "")}, "文件是空的"},
		{[]string{"convert", write("d.html", "<p>你好")}, "不是政府信息公开工作年度报告"},
		{[]string{"convert", "--memory", "1"}, "至少需要 1 个参数"},
		{[]string{"convert", "--timeout", "x", "a"}, "不能用于参数"},
		{[]string{"convert", "--timeout", "5", "a"}, `时长 "5" 没有单位：应如 90s`},
		{[]string{"version", "--security"}, "\n"},
		{[]string{"convret"}, "没有命令"},
		{[]string{"batch", in}, "缺少 -o"},
		{[]string{"batch", in, "-o", out}, "3 个输入：转换 1 个，1 个内容重复，1 个被隔离"},
		{[]string{"status", out}, "完整 1"},
		{[]string{"manifest", out, "-o", filepath.Join(dir, "list.csv")}, "3 个输入：1 完整，1 隔离（无结果），1 内容重复"},
		{[]string{"verify", out}, "个文件与清单一致"},
		{[]string{"check", fax}, "43 个勾稽关系成立，2 个不成立"},
		{[]string{"check", fax}, "各类申请人之和 = 总计"},
		{[]string{"explain", fax, pointer}, "结论：矛盾"},
		{[]string{"explain", fax, pointer}, "待核对：原文勾稽不符，“三、本年度办理结果 / （三）不予公开 / 4.保护第三方合法权益”各类申请人之和 = 总计：10 ≠ 0"},
		{[]string{"explain", fax, "/tables/none"}, "报告中没有这个数值"},
		{[]string{"export", out, "--to", "x"}, "应为 csv"},
		{[]string{"form", "check", write("f.json", "{}")}, "表式没有名称"},
	} {
		text, errs, _ := inProcess(t, "", tt.args...)
		if !strings.Contains(text+errs, tt.says) {
			t.Errorf("%v says\n%s%s\nand not %s", tt.args, text, errs, tt.says)
		}
		if tt.args[0] == "convert" {
			text = "" // for machines
		}
		noEnglish(t, strings.Join(tt.args, " "), text+errs)
	}
	for _, args := range [][]string{{"status", out, "--json"}, {"check", "--json", fax}, {"manifest", out}, {"convert", "--log-format", "json", filepath.Join(in, "c.pdf")}} {
		zh, errs, _ := inProcess(t, "", append(args, "--lang", "zh")...)
		en, errs2, _ := inProcess(t, "", append(args, "--lang", "en")...)
		same := regexp.MustCompile(`"time":"[^"]*"`)
		if errs = same.ReplaceAllString(errs, ""); zh != en || strings.HasPrefix(errs, "{") && errs != same.ReplaceAllString(errs2, "") {
			t.Errorf("%v: what machines read differs:\n%s%s\n%s%s", args, zh, errs, en, errs2)
		}
	}
}

func TestLanguageFlag(t *testing.T) {
	for _, tt := range []struct{ args, lang, want string }{
		{"--lang zh", "C", wording.Chinese}, {"--lang=zh", "C", wording.Chinese}, {"--lang en", "zh_CN", wording.English}, {"", "zh_CN", wording.Chinese}, {"-- --lang en", "zh_CN", wording.Chinese},
	} {
		getenv := func(v string) string { return map[string]string{"LANG": tt.lang}[v] }
		if got := wording.In(languageOf(strings.Fields(tt.args), &settings{}, getenv)).Language(); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
	if _, errs, status := inProcess(t, "", "version", "--lang", "fr"); status != exitUsage || !strings.Contains(errs, "unknown --lang") {
		t.Errorf("exit %d: %s", status, errs)
	}
}
