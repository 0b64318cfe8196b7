package synth

import (
	"fmt"
	"strings"

	"github.com/nianbao/nianbao/form"
)

var places = []string{"松溪", "平湖", "西岭", "金沙", "远安", "丰乐", "泉塘", "龙口", "安和", "云峰", "大河", "双桥", "明水", "海平", "东川", "高店"}

var bodies = []string{"镇人民政府", "乡人民政府", "街道办事处", "县人民政府", "区人民政府", "市人民政府", "市民政局", "县水利局",
	"区城市管理局", "市生态环境局", "县统计局", "市交通运输局", "区住房和城乡建设局"}

var sentences = []string{
	"今年以来，我们认真贯彻落实《中华人民共和国政府信息公开条例》，工作总体平稳有序。",
	"按照应公开尽公开的原则，对涉及群众切身利益的事项做到第一时间公布。",
	"由办公室牵头，各科室分工协作，信息发布前逐级审核，确保不出差错。",
	"对门户网站各栏目进行全面清理，补充缺漏内容，删除过期信息。",
	"在服务大厅设置查阅点，方便办事群众查询文件资料。",
	"通过新闻发布会和在线访谈解读重要政策，认真听取社会意见。",
	"组织两次专题培训，参加人员对依法答复申请有了更深的理解。",
	"个别单位对公开工作重视不够，信息更新还不够及时。",
	"公开的深度和广度与群众期待相比仍有差距，专业人员比较缺乏。",
	"今后将加强督促检查，把公开情况列入考核，推动工作水平不断提高。",
	"加大宣传力度，丰富公开形式，使更多群众了解和使用政府信息。",
}

// text joins n sentences, none twice.
func (m *maker) text(n int) string {
	var s strings.Builder
	for _, i := range m.rng.Perm(len(sentences))[:n] {
		s.WriteString(sentences[i])
	}
	return s.String()
}

var numerals = []string{"一", "二", "三", "四", "五", "六", "七", "八"}

func (m *maker) prose(r *Report) {
	received := form.Path("requests", "received", "total")
	if r.Form == "2014" {
		received = form.Path("statistics", "requests_received", "")
	}
	requests := fmt.Sprintf("%d年共收到政府信息公开申请%.0f件，均按时办结。", r.Year, m.values[received])
	public := fmt.Sprintf("全年主动公开政府信息%d条。", 15+m.rng.IntN(8000))
	for i, s := range m.form.Sections {
		heading := s.Heading
		var body []string
		table := ""
		switch s.Key {
		case "overview":
			body = []string{
				"（一）主动公开。" + m.text(2) + public, "（二）依申请公开。" + requests,
				"（三）政府信息管理。" + m.text(1), "（四）政府信息公开平台建设。" + m.text(2), "（五）监督保障。" + m.text(1),
			}
			if r.Form == "2014" {
				body = []string{m.text(3)}
			}
		case "problems_and_improvements":
			body = []string{m.text(3), m.text(2)}
		case "other_matters":
			body = []string{pick(m.rng, []string{"无。", "本年度没有其他需要报告的事项。", fmt.Sprintf("%d年没有收取信息处理费。", r.Year)})}
		case "attachment":
			table = "statistics"
			heading = fmt.Sprintf("附件：%s（%d年度）", heading, r.Year)
		case "fees":
			body = []string{"本年度未收取任何费用。"}
		default:
			if m.form.Table(s.Key) != nil {
				table = s.Key
				break
			}
			body = []string{m.text(1)}
			if s.Key == "requests" {
				body = []string{requests}
			}
		}
		if s.Key != "attachment" {
			heading = numerals[i] + "、" + heading
		}
		r.Sections = append(r.Sections, Section{heading, body, table})
	}
}

// Lead is the paragraph between the title and the first chapter.
func (r *Report) Lead() string {
	return fmt.Sprintf("本报告依照《中华人民共和国政府信息公开条例》编制，数据统计期限为%d年1月1日至%d年12月31日。", r.Year, r.Year)
}
