package title

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/layout/figure"
	"github.com/nianbao/nianbao/layout/pattern"
)

// reading is what one text says as a title.
type reading struct {
	title  string // as it stands, blanks of typesetting taken out
	issuer string // in simplified characters; "" when the text names none
	year   int    // 0 when it names none
	// weight of the kind of report that it names, the more the surer it is one.
	weight float64
	// doubt says that something in it is none of a title's parts and was left out, or that what is
	// left is no usual name.
	doubt bool
}

const (
	oneYear = `(?:20[0-4]\d|二[〇○零oO0][一二三四五六七八九〇○零]{2})`
	// aYear is a year, or the two of a school year; the second counts.
	aYear = `(` + oneYear + `)(?:年?[-—–~至]+(` + oneYear + `))?(?:学年度|学年|年度|年)?`
)

var (
	// kinds are the names of the report. Its year may stand in them (政府信息公开2013年度报告).
	kinds = []struct {
		weight float64
		re     *regexp.Regexp
	}{
		{3, regexp.MustCompile(`(?:政府信息公开(?:和|与|及|暨)政务公开|政务公开(?:和|与|及|暨)(?:政府)?信息公开|政府信息(?:和|与|及)政务公开|(?:政府|政务)?信息公开|政务公开)(?:工作|情况|的|本级)*(?:[(]?` + aYear + `[)]?)?(?:工作|情况|的)*(?:年度|年)(?:工作|情况|的)*(?:报告书?|总结报告|报)`)},
		{3, regexp.MustCompile(`(?:政府|政务)?信息公开(?:工作|情况|的)*` + aYear + `(?:工作|情况|的)*报告`)},
		{2, regexp.MustCompile(`(?:政府|政务)?信息公开(?:工作|情况|的)*(?:[(]?` + aYear + `[)]?)?(?:工作|情况|的)*(?:总结报告|报告)`)},
		{1, regexp.MustCompile(`(?:政府|政务)?信息公开(?:工作|情况|的)*(?:[(]?` + aYear + `[)]?)?(?:年度)?(?:工作|情况|的)*(?:总结|统计报?表)`)},
	}
	year = pattern.Of(aYear)
	// months go on after a year: 2008年5月1日至12月31日.
	months = pattern.Of(`[-—–~至]*\d{1,2}月(?:\d{1,2}日)?`)
	// number is a document's: 甲政〔2011〕6号.
	number = pattern.Of(`[\p{Han}]{0,12}[〔\[(【﹝〈<]?` + oneYear + `[〕\])】﹞〉>]?第?\d{1,5}号`)
	// bullet is what numbers a line.
	bullet = pattern.Of(`^(?:[#*·•●◆■□▪※+]+|附件?[一二三四五六七八九十\d]*(?:[:、.]|$)|[(]?[一二三四五六七八九十]{1,2}[)、.]|\d{1,2}[、.)])+`)
	// ends are what may follow a title on its line: nothing, a bracket, the words of a page about it, the
	// beginning of the text.
	ends = pattern.Of(`^(?:$|[(\["”》,。.;:、]|摘要|全文|正文|` + oneYear + `|\d{1,2}月|来源|稿源|时间|日期|发布(?:时间|日期|机构|单位|人|者|部门)|发文|作者|字[体号]|大中小|浏览|点击|阅读|` +
		`打印|关闭|分享|下载|访问|索引|信息来源|编辑|审核|本年?度?报告|本年报|根据|按照|依据|遵照|依照|为|现将|现|一、|目录|附|统计|微信|微博|www|http|.{0,8}(?:根据|依据|按照|遵照)[《〈])`)
	// mentions follow the report's name where something else is spoken of.
	mentions = pattern.Of(`^(?:["”》])?(?:的(?:通知|函|公告|意见|规定|办法|通报|格式|要求|说明|请示|批复|报告)|编制|编写|编报|格式|制度|规定|办法|指南|目录|专栏|系统|平台|公示|解读|工作(?:的|要求)|要求|模板|范本|填报|报送|撰写|有关|相关|等|以及|和|及|与|未|已|应|是|由|在|将|并|中|内容)`)
	remark   = pattern.Of(`[(\[][^()\[\]]*[)\]]`)
)

// maxNoise is how many characters after a title may be specks read as print.
const maxNoise = 2

// read reads a text as a title.
func read(l line) (reading, bool) {
	for _, k := range kinds {
		if !strings.Contains(l.text, "公开") {
			return reading{}, false
		}
		for _, at := range k.re.FindAllStringSubmatchIndex(l.text, -1) {
			if r, ok := readAt(l, at, k.weight); ok {
				return r, true
			}
		}
	}
	return reading{}, false
}

// readAt reads a title whose kind stands at a place of the text.
func readAt(l line, at []int, weight float64) (reading, bool) {
	r := reading{weight: weight}
	start, end := 0, at[1]
	head, kind, tail := l.text[:at[0]], l.text[at[0]:at[1]], l.text[at[1]:]
	if m := number().FindAllStringIndex(head, -1); m != nil {
		start = m[len(m)-1][1]
		head = head[start:]
	}
	if m := bullet().FindString(head); m != "" {
		start += len(m)
		head = head[len(m):]
	}
	if rest := strings.TrimLeft(head, trim); len(rest) < len(head) {
		start += len(head) - len(rest)
		head = rest
	}
	// 甲县人民政府信息公开年报: the government is the issuer's.
	if strings.HasSuffix(head, "人民") && strings.HasPrefix(kind, "政府") {
		head, kind = head+"政府", kind[len("政府"):]
	}
	if mentions().MatchString(tail) {
		return r, false
	}
	inTail := ""
	if !ends().MatchString(tail) {
		switch n := len([]rune(tail)); {
		case looksLikeIssuer(tail):
			inTail = tail
		case n <= maxNoise && l.scanned:
			r.doubt = true
		case hasKind(tail): // the title stands twice
		default:
			return r, false
		}
	}
	if m := remark().FindString(tail); m != "" && strings.HasPrefix(tail, m) {
		end += len(m)
		if inner := strings.Trim(m, "()[]"); looksLikeIssuer(inner) {
			inTail = inner
		}
		if y := yearIn(m); y != 0 {
			r.year = y
		}
	}
	if r.year == 0 {
		r.year = yearIn(tail[:min(len(tail), len("二〇一三年度"))])
	}
	if y := yearIn(kind); y != 0 {
		r.year = y
	}
	issuer, y, doubt := whose(head)
	if y != 0 {
		r.year = y
	}
	r.doubt = r.doubt || doubt
	if issuer == "" {
		issuer = inTail
	}
	if strayWords().MatchString(issuer) || len([]rune(issuer)) > longestIssuer {
		return r, false
	}
	r.issuer = issuer
	r.title = strings.Trim(Tidy(l.between(start, end)), trim)
	return r, len([]rune(r.title)) <= longestTitle
}

func hasKind(s string) bool {
	for _, k := range kinds[:2] {
		if k.re.MatchString(s) {
			return true
		}
	}
	return false
}

// trim are marks around a name that are none of it.
const trim = "《》“”‘’\"'`·•—–-_~*:：,，、;；.。|^ \u3000"

// strayWords are in no issuer's name: they are of pages, of prose, and of the forms.
var strayWords = pattern.Of(`[>。;!?|=]|https?|www|首页|走进|频道|专题|网站首页|当前位置|导航|栏目|年报$|年度报告|通知|公告|下载|搜索|登录|注册|返回|公开(?:目录|指南|制度|年报|申请|规定)|信息公开(?:$|[^办中科处局委领室])|条例|本报告|根据|现将|按照|关于印发|编制|[:：]`)

// whose takes the years off what stands before a report's name; what is left is whose it is. doubt says that
// something was left out that is neither.
func whose(head string) (issuer string, y int, doubt bool) {
	before, after := head, ""
	if m := year().FindStringSubmatchIndex(head); m != nil {
		y = yearIn(head[m[0]:])
		before, after = head[:m[0]], head[m[1]:]
		if n := year().FindStringIndex(after); n != nil { // a year again, or its end: 2008年度、2013年12月
			after = after[:n[0]] + after[n[1]:]
		}
	}
	before, after = bare(before), bare(after)
	switch {
	case after == "":
		issuer = before
	case before == "":
		issuer = after
	case looksLikeIssuer(before) && !looksLikeIssuer(after):
		issuer, doubt = before, true
	case looksLikeIssuer(after) && !looksLikeIssuer(before):
		issuer, doubt = after, true
	default:
		issuer, doubt = before+after, true
	}
	if pronoun().MatchString(issuer) {
		issuer = ""
	}
	return issuer, y, doubt || issuer != "" && !looksLikeIssuer(issuer)
}

// pronoun stands for an issuer without naming it.
var pronoun = pattern.Of(`^(?:本|我|全|该|各)(?:局|单位|机关|部门|镇|乡|县|区|市|省|校|院|街道|委|办|厅|站|中心|地区|系统|年度?)?$`)

// bare takes from a piece of a title what is no name.
func bare(s string) string {
	s = months().ReplaceAllString(s, "")
	s = remark().ReplaceAllString(s, "")
	s = strings.Trim(s, trim+"()[]")
	for _, prefix := range []string{"关于公布", "关于发布", "关于", "公布"} {
		s = strings.TrimPrefix(s, prefix)
	}
	for _, suffix := range []string{"关于", "年度", "的", "开展"} {
		s = strings.TrimSuffix(s, suffix)
	}
	return strings.Trim(s, trim+"()[]")
}

// yearIn is the year that stands first in a text, of a school year the second; 0 for none.
func yearIn(s string) int {
	m := year().FindStringSubmatch(s)
	if m == nil {
		return 0
	}
	text := m[1]
	if m[2] != "" {
		text = m[2]
	}
	if y, err := strconv.Atoi(text); err == nil {
		return y
	}
	y := 0
	for _, r := range text {
		y = y*10 + figure.Han(r)
	}
	return y
}

var issuerEnd = pattern.Of(`(?:政府|办公室|办公厅|办公处|委员会|管委会|居委会|办事处|局|厅|委|部|处|院|中心|署|乡|镇|县|区|市|省|州|盟|旗|街道|银行|大学|学院|学校|中学|小学|医院|公司|协会|联合会|工会|妇联|残联|团|院校|基地|总队|支队|大队|队|站|所|馆|社|办|公署|专员|场|集团|网|台|会|组|农场|法院|检察院|编办|政法委)$`)

// looksLikeIssuer says that a text is a name such as bodies have.
func looksLikeIssuer(s string) bool {
	n := len([]rune(s))
	return n >= 2 && n <= longestIssuer && issuerEnd().MatchString(s) && !strayWords().MatchString(s) && !strings.ContainsAny(s, "，,、；：:《》")
}
