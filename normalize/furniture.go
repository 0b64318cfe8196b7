package normalize

import (
	"slices"
	"strings"
	"unicode"

	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/pattern"
)

// furniture are the words of what stands on a page and is no text of the report; a line that holds nothing else is
// left out.
var furniture = []string{
	"附件下载", "附件列表", "文件下载", "点击下载", "下载附件", "下载",
	"打印本页", "打印此页", "打印文章", "打印本文", "打印全文", "打印页面", "打印", "关闭窗口", "关闭本页", "关闭页面", "关闭",
	"分享本页", "分享到", "分享至", "分享", "收藏本页", "加入收藏", "设为首页", "收藏", "返回顶部", "返回首页", "返回上一页", "返回列表", "返回上级", "返回", "首页",
	"腾讯微博", "新浪微博", "微博", "微信", "朋友圈", "qq空间", "qq好友", "qq", "人人网", "豆瓣", "更多", "一键复制", "复制链接", "复制网址",
	"扫一扫在手机打开当前页", "扫一扫在手机打开当前页面", "扫一扫手机打开当前页", "手机扫一扫打开当前页", "用手机扫一扫", "扫一扫", "扫码分享", "扫描二维码", "手机查看", "二维码", "移动版", "手机版",
	"全真版", "文字版", "长者模式", "长者版", "退出长者模式", "无障碍浏览", "无障碍阅读", "无障碍", "视力保护色", "护眼色", "繁体版", "简体版", "繁体", "简体", "语音播报", "朗读",
	"字体大小", "字体", "字号", "大中小", "放大", "缩小", "大", "中", "小", "默认", "正常",
	"相关链接", "相关文章", "相关阅读", "相关新闻", "相关信息", "相关文档", "相关稿件", "相关附件", "相关解读", "相关报道", "延伸阅读", "友情链接", "网站地图", "网站声明", "联系我们", "关于我们", "使用帮助",
	"隐私声明", "法律声明", "版权声明", "免责声明", "我要纠错", "网站纠错", "纠错", "我要评论", "评论", "登录", "注册", "注销", "你好", "您好", "纯文本", "政府网站找错", "党政机关",
}

// furnitureWords are those of furniture, the longest first, so that none hides another.
var furnitureWords = func() []string {
	out := slices.Clone(furniture)
	slices.SortStableFunc(out, func(a, b string) int { return len(b) - len(a) })
	return out
}()

var (
	// pageWord begins with what a page says of itself or of other pages.
	pageWord = pattern.Of(`^(?:[\[【(]?(?:上一篇|下一篇|上一条|下一条|上一页|下一页|扫一扫|版权所有|网站标识码|备案号|您是第|本站|主办单位|承办单位|技术支持)|.{0,8}(?:ICP备|公网安备|京公网)|` +
		`[\[【(]?(?:责任编辑|编辑|审核|来源|信息来源|文章来源|稿源|作者|发布人|发布者|发布时间|发布日期|发布机构|发表时间|更新时间|更新日期|时间|日期|浏览次数|浏览量|浏览|点击数|点击量|点击|阅读次数|阅读量|阅读|访问量|访问次数|当前位置|您的位置|您现在的位置|所在位置|打印日期|` +
		`索引号|信息分类|主题分类|文号|发文字号|生成日期|公开日期|成文日期|发文日期|有效性|公开方式|公开范围|公开时限|栏目|主题词|关键词|主办|承办|网站管理|邮编|地址|联系电话|传真)[:：])`)
	// closing is where the text has ended and what is around it begins.
	closing = pattern.Of(`^[\[【(]*(?:附件下载|上一篇|下一篇|上一条|下一条|打印|关闭|分享|扫一扫|相关(?:链接|文章|阅读|新闻|信息|文档|稿件|附件|解读|报道)|责任编辑|版权所有|主办单位|友情链接|网站地图|返回顶部)`)
	// nothing is what a chapter says that has nothing to say; it is short and no speck.
	nothing = pattern.Of(`^[(（]?(?:无|没有|暂无|略|无其他.*|本年度无.*)[)）]?[。.]?$`)
)

const (
	// maxPageLine is the longest line in characters that is furniture by how it begins, maxAfter the longest one
	// after the text has ended.
	maxPageLine, maxAfter = 80, 60
	// fewTabular is how many lines of labels and figures one after the other are a table, not text.
	fewTabular = 4
)

// unitLine is the unit above a table.
var unitLine = pattern.Of(`^[(（]?(?:计量)?单位[:：;；,，.]?(?:件|条|件、条|条、件|元|万元|人次|件次?/?万元)[)）]?$`)

// isFurniture says that a line is of the page, and not of the report.
func isFurniture(text string) bool {
	s := strings.ToLower(narrow(text))
	if len([]rune(s)) <= maxPageLine && pageWord().MatchString(strings.ToUpper(s)) {
		return true
	}
	if len([]rune(s)) > maxPageLine {
		return false
	}
	if unitLine().MatchString(s) {
		return true
	}
	for _, w := range furnitureWords {
		s = strings.ReplaceAll(s, w, "")
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// withoutFurniture leaves out what is no text of the report: the lines of a page around and after it, labels and
// figures of tables that nobody could take for one, and what a recogniser made of specks.
func withoutFurniture(paras []*layout.Paragraph, heads []*heading, forms form.Set) ([]*layout.Paragraph, []*heading) {
	drop := make([]bool, len(paras))
	last := 0
	for i := range paras {
		if heads[i] != nil {
			last = i
		}
	}
	labels := headWordsOf(forms).labels
	run := 0
	ended := false
	for i, p := range paras {
		if heads[i] != nil {
			run = 0
			continue
		}
		s := narrow(p.Text)
		drop[i] = isFurniture(p.Text) || p.Confidence < 1 && isNoise(p)
		if ended = ended || i > last && closing().MatchString(s) && drop[i]; ended && !strings.HasSuffix(s, "。") && len([]rune(s)) <= maxAfter {
			drop[i] = true
		}
		if !tabular(p, labels) {
			run = 0
			continue
		}
		if run++; run >= fewTabular {
			for k := i - run + 1; k <= i; k++ {
				drop[k] = true
			}
		}
	}
	var keptParas []*layout.Paragraph
	var keptHeads []*heading
	for i := range paras {
		if !drop[i] {
			keptParas, keptHeads = append(keptParas, paras[i]), append(keptHeads, heads[i])
		}
	}
	return keptParas, keptHeads
}

// labelSet are the labels of all forms' tables.
type labelSet struct {
	all  []name
	full map[string]bool
}

func formLabels(forms form.Set) labelSet {
	l := labelSet{full: map[string]bool{}}
	for _, f := range forms.All() {
		for i := range f.Tables {
			t := targetsOf(&f.Tables[i])
			for _, n := range append(slices.Clone(t.names), t.corner) {
				if !l.full[string(n.full)] {
					l.full[string(n.full)] = true
					l.all = append(l.all, n)
				}
			}
		}
	}
	return l
}

// has says that a text is a label.
func (l labelSet) has(text string) bool { return l.full[string(newName(text).full)] }

var onlyFigures = pattern.Of(`^[\d.,，\-—–/\\|+%、\s]*$`)

// likeLabel is how like a label a line of a scan must be that holds nothing but a label and figures.
const likeLabel = 0.7

// tabular says that a paragraph holds labels of a form, figures, or both.
func tabular(p *layout.Paragraph, labels labelSet) bool {
	s := narrow(p.Text)
	if onlyFigures().MatchString(s) || labels.has(s) {
		return true
	}
	if rest := strings.TrimRight(s, "0123456789.,-—–/|"); len(rest) < len(s) && labels.has(rest) {
		return true
	}
	words := strings.Fields(p.Text)
	if len(words) > 1 && !slices.ContainsFunc(words, func(w string) bool { return !onlyFigures().MatchString(w) && !labels.has(w) }) {
		return true
	}
	if p.Confidence == 1 || len([]rune(s)) > maxHeading {
		return false
	}
	// Print was misread: what is left without the figures need only be like a label.
	text := newName(strings.Join(slices.DeleteFunc(words, onlyFigures().MatchString), ""))
	return slices.ContainsFunc(labels.all, func(n name) bool { return text.similarityOver(n, likeLabel) > likeLabel })
}

// Confidences of lines of scans: text that was read has a mean of 0.6 and more, specks and the remains of tables
// less than 0.5 (1400 lines of 56 scans); lines of a few characters say little about theirs.
const (
	readText  = 0.5
	readShort = 0.8
	shortText = 2
	longText  = 60
)

// isNoise says that a line that was recognised from pixels is specks or a table, and no text.
func isNoise(p *layout.Paragraph) bool {
	s := narrow(p.Text)
	han, n := 0, 0
	for _, r := range s {
		n++
		if unicode.Is(unicode.Han, r) {
			han++
		}
	}
	switch {
	case nothing().MatchString(s), n > longText:
		return false
	case n <= 1, p.Confidence < readText:
		return true
	case n <= shortText && !strings.HasSuffix(s, "。"), 2*han < n:
		return p.Confidence < readShort
	}
	return false
}
