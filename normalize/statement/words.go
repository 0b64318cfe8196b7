package statement

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// class says what a word does in a sentence that states a quantity.
type class uint8

const (
	other  class = iota // a word that is none of these: a subject, a description
	filler              // a word that changes nothing: 共, 的, 我局, 各类
	comma
	list // 、
	colon
	opening
	closing
	quantity // a number, with what stands at it
	when     // a time
	upTo     // 截至: a time follows, and what was there by then
	ever     // 累计
	negation // 未, 没有
	receive  // 收到, 受理
	takeOn   // 收办: received and carried over
	answer
	complete // 办结, 办理
	publish
	proactive
	request
	information
	granted
	partly
	refused
	exempt // 免予公开: refused in some places, and not in others
	review
	litigation
	occur // 发生, 引发: a review or a lawsuit
	fee
	free    // 免收: a fee that was not taken
	another // a quantity of another kind: 规范性文件, 举报, 信息不存在
	carried // 结转: from the year before, or into the next
	outcome // how a review or a lawsuit ended: a part of them
	means   // how a request came in: a part of them
	sort    // who made a request: a part of them
	among   // 其中
	each    // 均, 各: the number is that of each kind before it
	respectively
	comparison // 比, 同比
	change     // 增加: of how much, where the number follows
	reaching   // 达到, 增加到: after a change, a value
)

// words of the language that reports are written in, by what they do.
var words = map[class]string{
	filler: `的 了 由 从 在 于 和 与 及 以及 并 已 已经 共 共计 总共 一共 合计 总计 计 总 数 总数 总数为 总数是 数量 总量 量 总条数 条数 件数 次数 宗数 数为 为 有 是 达 等 等等 个 类
		各类 各种 各项 各级 各个 全部 所有 其 该 有关 相关 关于 一批 情况 方面 工作 中 共有 实际 依法 依规 及时 按时 按期 如期 均已 我局 我委 我办 我镇 我乡 我县 我市 我区 我省
		我厅 我院 我校 我中心 我街道 我单位 我处 我站 我所 我会 我行 我部 本局 本委 本办 本镇 本乡 本县 本市 本区 本省 本厅 本院 本校 本中心 本街道 本单位 本机关 本部门 本处 本级 本行政机关
		全市 全县 全区 全省 全镇 全乡 全局 全委 全校 全州 全系统 全街道 政府 政务 党务 公民 法人 法人和其他组织 法人或其他组织 法人及其他组织 法人或者其他组织 公民、法人和其他组织
		公民、法人或其他组织 公民、法人及其他组织 公民、法人或者其他组织 社会公众 群众 公众 申请人 提出 提出的 提交 提交的 有效 新增 案件 案 对 就 针对 进行 作出 做出 主动向社会 大力 共完成 完成 本年度新增`,
	comma:     `, : ? !`,
	list:      `、 /`,
	opening:   `( [ 【 〔 <`,
	closing:   `) ] 】 〕 >`,
	upTo:      `截至 截止 截止到 截至到 截止至 直至`,
	ever:      `累计 累积 总累计`,
	negation:  `未 没有 没 无 尚未 从未 并未 未曾 均未 均无 暂无 暂未 不存在因 未有 并无 未发生 零申请 不涉及`,
	receive:   `收到 收到了 受理 受理了 接到 接收 接收到 接受 接受了 收悉 新收 接获 收件 收文`,
	takeOn:    `收办`,
	answer:    `答复 回复 答复了 回复了 答复书 书面答复`,
	complete:  `办结 办理 办毕 处理 处置 办理了`,
	publish:   `公开 发布 公布 公示 发布了 公开了 公布了 上传 登载 刊登 刊载 编发 更新 上网 网上公开 对外公开 向社会公开`,
	proactive: `主动公开 主动公开了 主动向社会公开 主动向公众公开 主动对外公开 主动发布 主动公布 主动向社会发布 主动向社会公布 主动公示 主动地公开 向社会主动公开 已主动公开`,
	request: `申请 申请数 申请量 申请件 依申请公开 依申请 依申请公开件 依申请公开申请 依申请件 信息公开申请 申请公开 公开申请 申请公开政府信息 申请公开信息 依申请公开政府信息 政府信息公开申请
		依申请公开信息 依申请公开政府信息申请`,
	information: `信息 政府信息 政务信息 公开信息 信息公开 信息量 信息数`,
	granted:     `同意公开 予以公开 准予公开 给予公开 同意公开答复 予以公开答复 同意提供 全部公开 全部予以公开 予以全部公开 完全公开`,
	partly:      `部分公开 同意部分公开 予以部分公开 部分予以公开 同意部分公开答复 部分公开答复`,
	refused:     `不予公开 不同意公开 否决公开 拒绝公开 不予以公开 不予公开答复 不同意公开答复 否决公开答复 依法不予公开`,
	exempt:      `免予公开 免于公开 不公开 不予答复 免予公开答复 免于公开答复 予以拒绝 不应公开`,
	review:      `行政复议 复议 行政复议申请 行政复议案 行政复议案件 复议案件 复议申请`,
	litigation:  `行政诉讼 诉讼 行政诉讼案 行政诉讼案件 诉讼案件`,
	occur:       `发生 发生了 引发 引发了 引起 产生 出现 涉及 因`,
	fee:         `费 费用 收费 收取 检索费 复制费 邮寄费 邮递费 工本费 信息处理费 信息处理费用 信息提供费 信息提供费用 检索费用 复制费用 处理费 收费金额 收取费用 成本费 成本费用`,
	free:        `免 免收 免除 减免 减收 免费 减少收取 应收`,
	another: `应主动公开 延期答复 延期办结 不予受理 不受理 受理点 受理窗口 受理机构 申请受理点 申请点 移送 转交 规章 规范性文件 行政规范性文件 文件 公文 公告 通知 公报 简报 稿件 稿 解读 政策解读 图解 新闻发布会 新闻 发布会 培训 培训班 会议 访谈 在线访谈 座谈会 微博 微信 短信
		栏目 专栏 公开栏 宣传 档案 目录 指南 建议 提案 议案 答复率 办结率 公开率 按时答复率 满意率 信访 来信 来电 来访 来件 信件 工单 热线 信箱 留言 回应 舆情 咨询 咨询申请 举报 投诉 申诉 行政申诉
		转办 补正 撤回 更正 更改补充 补充 告知 不予处理 无法提供 其他处理 其它处理 不存在 信息不存在 政府信息不存在 非本机关 不属于 不属
		不属于本机关 非政府信息 不明确 重复申请 属于已主动公开 属已主动公开 属于主动公开 属主动公开 属于已公开 已主动公开范围 主动公开范围 主动公开目录 依申请公开目录 行政许可 行政处罚 行政强制 许可 处罚 决定 行政复议决定
		决定书 复议决定 复议机关 复议机构 行政复议机关 行政复议法 行政诉讼法 申请表 申请书 申请单 申请表格 答复函 查阅 查询 访问 点击 浏览 下载 转载 采用 录用 采纳 报送 上报 职权 权力 清单 事项 服务事项 人员 干部 专职 兼职
		经费 预算 决算 支出 投入 罚款 行政事业性收费 采购 每页 每张 每份 每件 每条 邮编 电话 传真号 第 附件 表格 动态 图片 视频 问卷 调查 听证 招聘 公章 投诉件 举报件 群众来信 咨询件 意见 意见建议 关注 粉丝`,
	carried:      `结转 转结 遗留 跨年 顺延`,
	outcome:      `维持 纠正 纠错 撤销 驳回 确认违法 败诉 胜诉 终止 和解 撤诉 撤回起诉 审结 未审结 审理 尚未审结 结案 应诉 其他情形 其他结果 变更 责令 一审 二审 再审 被依法纠错`,
	means:        `当面 网络 网上 在线 电子邮件 邮件 邮箱 信函 传真 邮寄 现场 窗口 书面 书信 互联网 电子 通过网络 通过信函 当面申请 网上申请 网络申请 信函申请 传真申请 邮件申请 书面申请 口头 其他形式 其它形式 其他方式 其它方式 在线申请`,
	sort:         `自然人 商业企业 企业 科研机构 社会公益组织 公益组织 法律服务机构 律师 律所 律师事务所 个人 单位申请 本地公民 外地公民 组织名义`,
	among:        `其中 包括 包含 含 内含`,
	each:         `均 均为 各 各为 都 都为 都是 各有 均是 皆为 同为`,
	respectively: `分别 分别为 分别是 分别有 分别达 分别达到`,
	comparison:   `比 较 同比 环比 相比 高于 低于 少于 多于 超出 净增 增幅 降幅 增量`,
	change:       `增加 增加了 增长 增长了 减少 减少了 下降 下降了 降低 上升 上升了 提高 增多 多 少 增 减 升 降`,
	reaching:     `达到 增加到 增长到 上升到 提高到 减少到 下降到 增至 增加至 增长至 升至 上升至 提高至 减至 减少至 降至 下降至 突破`,
}

// joined are words that hold others and are none of them.
var joined = []string{
	"占比", "百分比", "对比", "相比较", "比例", "比重", "比如", "较为", "较好", "较多", "较快", "较高", "比较", "多种", "多样", "多渠道", "多形式", "多次", "多媒体", "多少", "至少", "不少", "减轻", "增强", "提升", "提高政府", "提高了", "未来", "无障碍",
	"降本", "与此同时", "上传下达", "信息公开工作", "信息公开栏", "信息公开专栏", "信息公开网", "信息公开目录", "信息公开指南", "信息公开条例", "信息公开制度", "信息公开年度报告", "信息公开领导小组", "信息公开办公室", "信息公开平台", "信息化", "信息中心",
	"公开栏", "公开办", "申请人数", "依申请公开工作", "依申请公开平台", "依申请公开系统", "依申请公开流程", "各部门", "各单位", "各乡镇", "各科室", "各县", "各区", "各市", "各镇", "各街道", "各级", "各职能部门", "少数", "减少环节", "都能", "都有", "含金量", "多部门", "多方", "多元", "多样化", "增进", "增设", "升级", "降低", "减免",
	"免费提供", "免费查阅",
}

// lexicon is the words by their first character, the longest first.
var lexicon = sync.OnceValue(func() map[rune][]entry {
	m := map[rune][]entry{}
	add := func(w string, c class) {
		r, _ := utf8.DecodeRuneInString(w)
		l := m[r]
		at := len(l)
		for at > 0 && len(l[at-1].word) < len(w) {
			at--
		}
		l = append(l, entry{})
		copy(l[at+1:], l[at:])
		l[at] = entry{w, utf8.RuneCountInString(w), c}
		m[r] = l
	}
	for c := class(0); c <= reaching; c++ {
		for _, w := range strings.Fields(words[c]) {
			add(w, c)
		}
	}
	for _, w := range joined {
		add(w, other)
	}
	return m
})

type entry struct {
	word   string
	length int // in characters
	class  class
}
