package normalize

import (
	"slices"
	"strings"

	"github.com/nianbao/nianbao/layout"
	"github.com/nianbao/nianbao/layout/pattern"
	"github.com/nianbao/nianbao/normalize/simplified"
)

// What speaks for a document being an annual report, and against it. Letters about reports, the law on them,
// budgets and lists have some of this by chance; none has enough of it.
const (
	// byTitle: it has the title of one. byTable: it has a table of which at least half is a form's, or a
	// part of one with a label that no other table has.
	byTitle, byTable = 3.0, 3.0
	// bySaying: it says that it is one. bySpan: it says which time it covers.
	bySaying, bySpan = 2.0, 1.0
	// byChapter: a chapter has a name that only these reports have; byCommonChapter: one that others have, too.
	byChapter, byCommonChapter = 1.5, 0.5
	// byCount: a sentence counts requests or what was made public; no more than countsAtMost count.
	byCount      = 1.0
	countsAtMost = 2
	// byOther: its heading is that of something else; byList: it has the titles of several reports.
	byOther, byList = -3.0, -3.0
	// enough makes a report of it. Of a scan that can hardly be read nobody can say that it is none.
	enough = 3.0
)

var (
	// saysReport is a sentence on what the document is: 本报告根据《中华人民共和国政府信息公开条例》编制.
	saysReport = pattern.Of(`本?(?:年度)?(?:报告|年报).{0,60}(?:信息公开条例|信息公开办法|《条例》).{0,80}(?:编制|要求|规定)|(?:信息公开条例|信息公开办法).{0,80}(?:编制|公布|发布|形成|撰写).{0,30}(?:本(?:年度)?报告|年度报告|年报)`)
	saysSpan   = pattern.Of(`(?:统计|数据|报告).{0,12}(?:期限|时限|时间|日期|数据|起止|周期).{0,8}20[0-4]\d年|20[0-4]\d年.{0,40}(?:统计|报告).{0,4}(?:期限|时限|周期)`)
	// ofReports are what names of chapters have that only these reports have.
	ofReports = pattern.Of(`公开|申请|复议|诉讼`)
	onState   = pattern.Of(`情况|数量|概述|事项|措施`)
	counts    = pattern.Of(`(?:收到|受理|接到|办理|办结|答复|收办).{0,16}(?:公开申请|申请公开|依申请|公开件).{0,10}?\d+(?:件|条|份|宗|人次)|(?:主动公开|公开(?:政府|政务|各类)?信息|公开政务).{0,14}?\d+(?:余|多)?(?:条|件|篇|份)|未(?:收到|接到|受理).{0,24}公开.{0,4}申请`)
	// decisiveLabel is in a label that no table has but those of the forms (forms.md names them).
	decisiveLabel = pattern.Of(`^第二十条第|本年制发件数|本年废止件数|现行有效件数|本年处理决定数|本年新制作数|本年新公开数|对外公开总数|上一年项目数|本年收费金额|信息公开申请数|^[(（一二、）)]*(?:予以公开|部分公开)|不予公开$|主动公开.{0,6}信息数|依申请公开.{0,6}总数|公开答复.{0,2}数|结果维持|尚未审结|勾稽关系`)
	// otherKind is a heading of something else, letterLike one that is surely no title of a page's menu.
	otherKind = pattern.Of(`(?:条例|规定|办法|细则|规则|制度|通知|函|意见|方案|批复|请示|公告|通告|公示|决定|决议|纪要|指南|目录|清单|名单|名册|一览表|预算|决算|预算公开|决算公开|公报|讲话|致辞|简报|答复书|告知书|通知书|决定书|意见书|申请表|登记表|合同|协议|协议书|报表|规划|计划|要点|工作总结|述职报告|调研报告|审计报告|检查报告|情况报告|工作报告|说明|须知|简介|章程|标准|公约|倡议书|邀请函|证明|介绍信|通报|任免|快报|汇总表|明细表)(?:[(（].{0,30}[)）])?$`)
	// otherReport is a report's; one of these speaks of 公开.
	otherReport = pattern.Of(`(?:报告|年报|报告书|总结)(?:[(（].{0,30}[)）])?$`)
	letterLike  = pattern.Of(`^.{0,40}关于.{2,60}(?:的(?:通知|函|复函|请示|批复|意见|决定|通报|公告|说明|答复)|情况的说明)(?:[(（].{0,30}[)）])?$`)
)

const (
	// headingLines is how many lines may stand before the heading of something else, longestHeading its length.
	headingLines, longestHeading = 12, 70
	// severalTitles are titles of different reports that make a list.
	severalTitles = 3
	// legible is the mean confidence of the characters of a scan that can be read; fewCharacters are less than a
	// letter has.
	legible, fewCharacters = 0.6, 60
)

// genre is what was found in a document that may be a report.
type genre struct {
	prose
	doc    *layout.Document
	blocks []layout.Block
	told   found
}

// isReport says whether a document is an annual report of these.
func (g genre) isReport() bool {
	return g.score() >= enough || g.illegible()
}

func (g genre) score() float64 {
	s := g.tables() + g.chapters()
	titled := g.found.Headed
	if titled {
		s += byTitle
	}
	if g.found.Titles >= severalTitles {
		s += byList
	}
	said, span, n := g.found.Stated, false, 0
	for _, p := range g.paras {
		text := simplified.Text(narrow(p.Text))
		said = said || saysReport().MatchString(text)
		span = span || saysSpan().MatchString(text)
		if n < countsAtMost {
			n += len(counts().FindAllString(text, countsAtMost-n))
		}
	}
	if said {
		s += bySaying
	}
	if span {
		s += bySpan
	}
	s += byCount * float64(n)
	if g.otherHeading(titled) {
		s += byOther
	}
	return s
}

// tables is what the tables say.
func (g genre) tables() float64 {
	s := 0.0
	for _, c := range g.told.fits {
		if c.fit.all > 0 && c.fit.matched >= 0.5*c.fit.all && len(c.fit.hits) >= minLocalRows {
			s += byTable
		}
	}
	if s == 0 && len(g.told.fits)+len(g.told.unread) > 0 && g.decisive() {
		s = byTable
	}
	n := 0
	for _, l := range g.told.others {
		if ofReports().MatchString(l.label) {
			n++
		}
	}
	if n >= minLocalRows {
		s += byTable
	}
	return s
}

// decisive says that a table prints a label that only the forms have.
func (g genre) decisive() bool {
	var in func(t *layout.Table) bool
	in = func(t *layout.Table) bool {
		return slices.ContainsFunc(t.Cells, func(c layout.Cell) bool {
			if decisiveLabel().MatchString(simplified.Text(narrow(c.Text))) {
				return true
			}
			return slices.ContainsFunc(c.Tables, func(t layout.Table) bool { return in(&t) })
		})
	}
	return slices.ContainsFunc(g.blocks, func(b layout.Block) bool { return b.Table != nil && in(b.Table) })
}

// chapters is what the names of the chapters say.
func (g genre) chapters() float64 {
	s := 0.0
	for _, h := range g.heads {
		switch {
		case h == nil || h.key == "":
		case ofReports().MatchString(simplified.Text(h.heading)) && onState().MatchString(simplified.Text(h.heading)):
			s += byChapter
		default:
			s += byCommonChapter
		}
	}
	return s
}

// otherHeading says that the document's heading is that of something else. A page's menu has such lines, too: where
// the document has the title of a report, only what is surely a letter's or a notice's counts.
func (g genre) otherHeading(titled bool) bool {
	seen := 0
	for _, p := range g.paras {
		s := strings.Trim(simplified.Text(narrow(p.Text)), "《》【】[]# ")
		n := len([]rune(s))
		if n < 4 {
			continue
		}
		if seen++; seen > headingLines {
			break
		}
		if n > longestHeading || strings.ContainsAny(s, "。；;！") {
			continue
		}
		if letterLike().MatchString(s) || !titled && (otherKind().MatchString(s) || otherReport().MatchString(s) && !strings.Contains(s, "公开")) {
			return true
		}
	}
	return false
}

// illegible says that the document is a scan of which too little could be read to say what it is.
func (g genre) illegible() bool {
	scanned := slices.ContainsFunc(g.doc.Pages, func(p layout.Page) bool { return p.Route == layout.RouteOCR })
	sum, n := 0.0, 0
	for _, p := range g.paras {
		k := len([]rune(p.Text))
		sum += p.Confidence * float64(k)
		n += k
	}
	return scanned && (n < fewCharacters || sum < legible*float64(n))
}
