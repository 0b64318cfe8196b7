package title

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/normalize/simplified"
)

// line is a text prepared to be matched: without white space, compatibility forms resolved, in simplified
// characters. Each of its runes knows which one of the text it came from.
type line struct {
	text string // to match
	from []rune // the text as it stands
	at   []int  // by rune of text: index into from
	// scanned text may have specks read as characters.
	scanned bool
}

// traditional are characters that a title or a preamble in traditional characters has, and no other. Only
// there are characters replaced: some of a name in simplified ones are another's traditional form (乾县).
const traditional = "開報務資據據編製縣區廳鎮鄉"

func newLine(s string) line {
	l := line{from: []rune(s)}
	var b strings.Builder
	for i, r := range l.from {
		if unicode.IsSpace(r) {
			continue
		}
		for _, n := range norm.NFKC.String(string(r)) {
			if !unicode.IsSpace(n) {
				b.WriteRune(n)
				l.at = append(l.at, i)
			}
		}
	}
	l.text = b.String()
	if strings.ContainsAny(l.text, traditional) {
		if t := simplified.Text(l.text); len([]rune(t)) == len(l.at) {
			l.text = t
		}
	}
	return l
}

// between gives what stands in the text as it is from byte i to byte j of what was matched.
func (l line) between(i, j int) string {
	a, b := len([]rune(l.text[:i])), len([]rune(l.text[:j]))
	if a >= b {
		return ""
	}
	return string(l.from[l.at[a] : l.at[b-1]+1])
}

// part is a piece of a line that may be a title, with the label before it ("" for none).
type part struct{ label, text string }

// The words that stand before a colon on web pages and in forms. What follows a title's label is a title, what
// follows an issuer's is an issuer; what follows any other is neither.
var (
	crumbLabels  = labelSet("当前位置", "您的位置", "您现在的位置", "您当前的位置", "所在位置", "您所在的位置", "您当前所在位置", "您现在所在的位置")
	titleLabels  = labelSet("标题", "题名", "名称", "信息名称", "文件名称", "文章标题", "信息标题", "公开标题", "主题")
	issuerLabels = labelSet("填报单位", "填表单位", "报告单位", "编制单位", "单位名称", "报送单位", "发布机构", "发布单位", "公开主体", "发文机关",
		"发文单位", "发布机关", "制作单位", "公开单位", "信息提供单位", "所属机构", "责任单位")
	otherLabels = labelSet("索引号", "信息索引号", "信息索引", "信息分类", "分类", "主题分类", "发文日期", "发文字号", "文号", "文件编号", "来源", "信息来源", "稿源", "发布时间", "发布日期",
		"发表时间", "日期", "时间", "作者", "责任编辑", "编辑", "审核", "浏览次数", "浏览量", "浏览", "点击数", "点击量", "点击", "阅读", "阅读次数", "访问量", "访问次数", "字体",
		"字号", "字体大小", "分享", "分享到", "打印", "主题词", "关键词", "关键字", "体裁分类", "组配分类", "服务对象", "公开方式", "公开形式", "公开范围", "公开时限",
		"公开程序", "有效性", "时效性", "效力状态", "生成日期", "成文日期", "公开日期", "生效日期", "失效日期", "废止日期", "更新时间", "栏目", "所属栏目", "内容概述", "信息概述",
		"概要", "语种", "载体", "联系电话", "责任人", "单位负责人", "填表人", "统计负责人",
		"附件", "附件下载", "相关链接", "相关阅读", "相关附件", "热门搜索", "历史搜索", "上一篇", "下一篇", "扫一扫", "文件分类", "正文", "网址", "地址", "邮编")
)

func labelSet(words ...string) map[string]bool {
	m := map[string]bool{}
	for _, w := range words {
		m[w] = true
	}
	return m
}

// longestLabel in characters.
const longestLabel = 10

// labelBefore finds the label that ends before the colon at rs[colon], blanks among its characters, and where it
// begins. An issuer's label must stand alone: 主办单位名称 is no 单位名称.
func labelBefore(rs []rune, colon int) (label string, start int) {
	word := ""
	for i, n := colon-1, 0; i >= 0 && n < longestLabel; i-- {
		switch {
		case unicode.IsSpace(rs[i]):
			continue
		case !unicode.Is(unicode.Han, rs[i]):
			return label, start
		}
		n++
		word = string(rs[i]) + word
		alone := i == 0 || !unicode.Is(unicode.Han, rs[i-1])
		if titleLabels[word] || otherLabels[word] || crumbLabels[word] || alone && issuerLabels[word] {
			label, start = word, i
		}
	}
	return label, start
}

// isStroke tells the strokes that part a page's title from the site's name.
func isStroke(r rune) bool { return strings.ContainsRune("-–—－", r) }

// breaks says that a part ends at rs[i]: a mark of breadcrumbs, or a stroke that is not between years.
func breaks(rs []rune, i int) bool {
	if strings.ContainsRune("＞>»›→|｜_\t\n【】", rs[i]) {
		return true
	}
	if !isStroke(rs[i]) {
		return false
	}
	digit := func(step int) bool {
		for k := i + step; k >= 0 && k < len(rs); k += step {
			if r := rs[k]; !unicode.IsSpace(r) && !isStroke(r) {
				return unicode.IsDigit(r) || strings.ContainsRune("年月日一二三四五六七八九十〇○零", r)
			}
		}
		return false
	}
	return !digit(-1) || !digit(1)
}

// parts cuts a text at the labels and the marks that web pages put between a title and what is around it.
func parts(s string) []part {
	var out []part
	rs := []rune(s)
	label, last := "", 0
	add := func(end int) {
		if t := strings.TrimSpace(string(rs[last:max(last, end)])); t != "" {
			out = append(out, part{label, t})
		}
	}
	for i, r := range rs {
		switch {
		case r == ':' || r == '：':
			if l, start := labelBefore(rs, i); l != "" && start >= last {
				add(start)
				label, last = l, i+1
			}
		case breaks(rs, i):
			add(i)
			last = i + 1
		}
	}
	add(len(rs))
	return out
}

// Tidy takes blanks out of a line of Chinese and keeps those between Latin words.
func Tidy(s string) string {
	rs := []rune(strings.Join(strings.Fields(s), " "))
	var b strings.Builder
	for i, r := range rs {
		if r == ' ' && i > 0 && i+1 < len(rs) && (rs[i-1] > unicode.MaxASCII || rs[i+1] > unicode.MaxASCII) {
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// short says that a paragraph may be a line of a title page, not prose.
func short(p *layout.Paragraph) bool { return len([]rune(p.Text)) <= longestLine }
