package statement_test

import (
	"strings"
	"testing"

	"github.com/nianbao/nianbao/normalize/statement"
)

// told writes what a text states: key=number where it is sure, key? and the doubt where it is not.
func told(text string, in statement.Context) string {
	var out []string
	for _, s := range statement.Settle(statement.Find(text, in)) {
		w := string(s.Key) + "=" + s.Number.String()
		if s.Doubt != statement.Sure {
			w = string(s.Key) + "?" + string(s.Doubt)
		}
		if s.Also != nil {
			w += "/" + s.Also.Number.String()
		}
		out = append(out, w)
	}
	return strings.Join(out, " ")
}

// The year of all sentences is 2012, the issuer 青山县统计局 where none is named.
func TestFind(t *testing.T) {
	for _, group := range []struct {
		what  string
		cases [][2]string // a text, and what it states
	}{
		{"plain", [][2]string{
			{"2012年全区受理政府信息公开申请 21 件，均在法定期限答复。", "requests_received=21"},
			{"（二）依申请公开：2012年收到政府信息公开申请5961件，均已依法办理。", "requests_received=5961"},
			{"全年收办政府信息公开申请3646件。", "requests_taken_on=3646"},
			{"2012年我局主动公开政务信息503条。", "proactive_total=503"},
			{"主动公开政府信息1,204条；收取信息处理费用250.50元。", "proactive_total=1204 fees_yuan=250.50"},
			{"同意公开答复８件，同意部分公开答复2件，不予公开答复1件。", "answered_granted=8 answered_partly_granted=2 answered_refused=1"},
			{"发生行政复议3件、行政诉讼2起。", "review_total=3 litigation_total=2"},
			{"2012年度主动公开信息的有5条；", "proactive_total=5"},
			{"鎮政府2012年度總計新增主動公開政府信息51條。", "proactive_total=51"},
			{"2012年,縣統(tǒng)計局受理政府信息公開申請0次,答復(fù)0次。", "requests_received=0 requests_answered?unit"},
			{"全年主动公开政府信息191条。其中，机构职能类信息0条；政策、规范性文件类信息29条；其他类信息162条。", "proactive_total=191"},
			{"2012年度主动公开政府信息的总数为62条。", "proactive_total=62"},
			{"本局共主动公开各类政府信息28条。", "proactive_total=28"},
			{"1.2012年主动公开政府信息28条", "proactive_total=28"},
			{"二〇一二年，我局主动公开政府信息三十二条。", "proactive_total=32"},
			{"主动公开政府信息数：949条", "proactive_total=949"},
			{"主动公开政府信息数949", "proactive_total=949"},
			{"2012年共整理、录入、发布14条主动公开政府信息。", "proactive_total=14"},
			{"2012\n年度共主动公开政府信息\n18\n条，其中全文电子化达\n100%\n。", "proactive_total=18"},
			{"三、依申请公开情况\n2012年我局认真办理各项申请，全年共收到政府信息公开申\n请21件，均已按时答复，答复内容涉及医疗机构设置、\n医师执业注册、行政处罚等方面，其中予以公开18\n件。", "requests_received=21 answered_granted=18"},
			{"2012年主动公开的各类政府信息数量66件。2012年，全街共受理政府信息公开申请总数1件。", "proactive_total=66 requests_received=1"},
			{"2012年，我街政府信息公开网共发布主动公开信息33条，其中“机构设置”栏目发布信息3条；“工作动态”栏目发布信息30条；发布依申请公开信息共28条。", "proactive_total=33"},
			{"一、概述2012年我局认真工作。二、主动公开政府信息情况（一）主动公开政府信息的数量我局对政府信息进行了梳理和编目，2012年主动公开政府信息2949条。三、依申请公开情况2012年全县共收到21件。", "proactive_total=2949 requests_received=21"},
			{"我局2012年共主动公开政府信息175条，其中全文电子化率达100%。在主动公开的信息中，业务动态类信息175条，占总体的比例为100%。", "proactive_total=175"},
		}},
		{"plain, as townships write", [][2]string{
			{"自2012年1月1日起至2012年12月31日止，我镇经审核主动公开信息568条。", "proactive_total=568"},
			{"我镇自2012年1月1日到12月31日累计主动公开政府信息915条，电子化全文公开率达100%。", "proactive_total=915"},
			{"主动公开政府信息的数量：全年累计主动公开政府信息10条，历年累计公开62条。", "proactive_total=10"},
			{"2012年度我乡共主动公开政府信息（公文平台发文）113条，政府网站公开信息数71条，政务微信公开数63条。", "proactive_total=113"},
			{"2012年度我镇主动公开政府信息数22条，其中线上信息公开15条。", "proactive_total=22"},
			{"今年来主动公开的信息数共有164条，其中：工作动态类信息122条，占74%；规范性文件6条，占4%。", "proactive_total=164"},
			{"2012年度我乡主动公开政府信息195条次。其中，机构概况类信息1条。", "proactive_total=195"},
			{"截止2012年12月底，我乡主动公开政府信息2873条, 其中，通过政府网站公开政府信息1600条。", "proactive_total?period"},
			{"我乡信息公开栏目录入各类信息2423条。", ""},
			{"我镇2012年共受理信息公开申请1件。在已经答复的1件申请中，“同意公开”的1件，占总数的100%。", "requests_received=1 requests_answered=1 answered_granted=1"},
			{"本年度未收到查看主动公开以外信息的申请。", ""},
			{"我镇2012年度无申请。", ""},
			{"县长信箱收件758件，均已按规定办结回复。", ""},
			{"受理各类咨询2226条，12360服务热线发布微信426条。", ""},
			{"收到人大代表建议12件，政协提案9件，均已答复。", ""},
		}},
		{"requests received", [][2]string{
			{"全年受理政府信息公开申请12宗，其中当面申请3宗，网上申请9宗。", "requests_received=12"},
			{"全年共受理政府信息公开申请12件，较去年同期下降25%。", "requests_received=12"},
			{"我局收到自然人提出的政府信息公开申请12件，企业提出的3件。", "requests_received?channel"},
			{"依法受理、办理政府信息公开申请21件。", "requests_received=21"},
			{"收到有效申请21件，内容主要涉及征地拆迁5件、规划7件、其他9件。", "requests_received=21"},
			{"全县各级行政机关共收到政府信息公开申请385件，比2011年增加20件。", "requests_received=385"},
			{"2012年，全市收到政府信息公开申请数量为1,385件。", "requests_received=1385"},
			{"共有12人次提出政府信息公开申请。", ""},
			{"受理依申请公开政府信息5条。", "requests_received=5"},
			{"收到群众来信来访125件，受理信访事项30件。", ""},
			{"办理依申请公开21件。", "requests_received?kind"},
			{"2012年我局认真办理。累计收到申请数量12件。", "requests_received=12"},
			{"累计收到政府信息公开申请12件。", "requests_received?period"},
			{"全区各职能部门、镇街共收到政府信息依申请公开1499件。", "requests_received=1499"},
			{"全年受理依申请公开385件。", "requests_received=385"},
			{"受理公民申请公开政府信息385件。", "requests_received=385"},
			{"2012年全县共收到有关政府信息公开的申请21条，其中当面申请数18条，电子邮件申请数3条。", "requests_received=21"},
			{"全年共收到70件申请，均为政府信息公开申请。", "requests_received=70"},
			{"2012年，我局收到12起政府信息依申请公开，均严格按程序办理。", "requests_received=12"},
			{"依申请公开件9件，全部办结。", "requests_received=9"},
			{"2012年我局共收到依申请公开政府信息申请1件。", "requests_received=1"},
			{"收到公民、法人和其他组织提出的政府信息公开申请12件。", "requests_received=12"},
			{"（二）依申请公开情况：全年共受理12件，全部按期答复。", "requests_received=12"},
			{"收到政府信息公开申请三件。", "requests_received=3"},
			{"本局2012年共受理信息公开申请10件，其中当面申请1宗，占10%；网上申请9宗，占90%；信函申请0宗，占0%。", "requests_received=10"},
			{"2012年共收到政府信息公开申请（含网上申请5件）21件。", "requests_received=21"},
			{"申请情况：2012年度政府信息公开申请总数为21件。", "requests_received=21"},
			{"在办理政府信息公开申请过程中，全年共收到21件。", "requests_received=21"},
			{"2012年新收政府信息公开申请21件，上年结转3件，办结24件。", "requests_received=21 requests_answered?kind"},
			{"共收到政府信息公开申请58件，予以受理56件。", "requests_received=58"},
			{"收到政府信息公开申请21件（含上年结转3件）。", "requests_received?kind"},
		}},
		{"answers", [][2]string{
			{"2012年,全区共完成政府信息依申请公开答复1453件,包括上年结转信息公开申请30件。其中,予以公开答复966件,占66.48%;部分公开67,占4.61%;不予公开81件,占5.57%;无法提供的182件,占12.53%。",
				"requests_answered=1453 answered_granted=966 answered_partly_granted?unit answered_refused=81"},
			{"对依申请公开的答复总数21条，其中同意公开答复数17条，其它公开答复数2条，免于公开答复数2条。", "requests_answered=21 answered_granted=17 answered_refused?kind"},
			{"在已经答复的9件申请中，“同意公开”的7件，占总数的70%。“同意部分公开”1件，占10%。“不予公开”的1件。“信息不存在”的1件。",
				"requests_answered=9 answered_granted=7 answered_partly_granted=1 answered_refused=1"},
			{"收到申请21件，答复21件（同意公开17件，部分公开2件，不予公开2件）。", "requests_received=21 requests_answered=21 answered_granted=17 answered_partly_granted=2 answered_refused=2"},
			{"受理并答复政府信息公开申请21件。", "requests_received=21 requests_answered=21"},
			{"共收到申请10件，其中8件予以公开，2件不予公开。", "requests_received=10 answered_granted=8 answered_refused=2"},
			{"受理、答复政府信息公开申请分别为21件、20件。", "requests_received=21 requests_answered=20"},
			{"收到申请12件。其中，同意公开、部分公开、不予公开的分别为8件、3件和1件。", "requests_received=12 answered_granted=8 answered_partly_granted=3 answered_refused=1"},
			{"答复群众咨询35件，回复来信12件。", ""},
			{"全年办结政府信息公开申请21件。", "requests_answered?kind"},
			{"答复率100%，按时答复率100%。", ""},
		}},
		{"answers in part", [][2]string{
			{"收到申请9件，对1件申请延期答复。", "requests_received=9"},
			{"收到申请9件，对9件申请进行了答复。", "requests_received=9 requests_answered=9"},
			{"收到申请9件。因涉及国家秘密不予公开5件，因涉及商业秘密不予公开3件。", "requests_received=9 answered_refused?kind"},
			{"收到申请9件，其中县政府不予公开5件，县教育局不予公开3件。", "requests_received=9"},
			{"申请人撤回申请2件。", ""},
			{"移送申请2件。", ""},
			{"重复申请2件，不予受理申请3件。", ""},
			{"部分公开和不予公开各1件。", "answered_partly_granted=1 answered_refused=1"},
			{"无法提供、不予公开共5件。", ""},
		}},
		{"no requests", [][2]string{
			{"设立政府信息公开申请受理点3个。", ""},
			{"设立依申请公开窗口2个。", ""},
			{"提供政府信息公开申请一条龙服务。", ""},
			{"收到涉及征地拆迁的政府信息公开申请5件。", "requests_received?kind"},
			{"收到申请12件，占全市总量的5%。", "requests_received?share"},
			{"2010年、2011年、2012年分别收到申请5件、8件、9件。", ""},
			{"收到政府信息公开申请21件，咨询35件。", "requests_received=21"},
			{"收到政府信息公开申请8件（去年同期5件）。", "requests_received=8"},
		}},
		{"what is no answer", [][2]string{
			{"予以公开及部分公开258件。", ""},
			{"予以公开和部分公开的共258件。", ""},
			{"不予公开政府信息数1402条。", ""},
			{"二、依申请公开信息的情况和不予公开信息的情况\n2012年度没有依申请公开信息的情况。不予公开信息有10条,主要是关于本系统人事安排的信息。", "answered_refused?kind"},
			{"2012年制作、获取政府信息总数3978条，其中主动公开政府信息2026条，作为依申请公开信息数46条，不予公开信息数1854条。", "proactive_total=2026"},
			{"2012年，共制作政府信息3021条，其中主动公开信息1027条，依申请公开信息459条，不予公开信息1535条。", "proactive_total=1027"},
			{"对不予公开的信息说明理由。", ""},
		}},
		{"reviews and lawsuits", [][2]string{
			{"收到1份有关政府信息公开的行政复议申请。", "review_total=1"},
			{"2012年度针对我局有关的行政复议案0件。", "review_total=0"},
			{"我乡收到有关政府信息公开行政复议申请0件。", "review_total=0"},
			{"2012年我局有关政府信息公開的行政復議案共1起。", "review_total=1"},
			{"因政府信息公开被申请行政复议2件，其中维持1件、纠正1件；被提起行政诉讼1件。", "review_total=2 litigation_total=1"},
			{"行政复议、行政诉讼均为0件。", "review_total=0 litigation_total=0"},
			{"行政复议、行政诉讼和行政申诉分别为3件、5件、0件。", "review_total=3 litigation_total=5"},
			{"行政复议、行政诉讼共8件。", ""},
			{"行政复议数0件，行政诉讼数0件，行政申诉数0件。", "review_total=0 litigation_total=0"},
			{"未发生一起因政府信息公开申请行政复议、提起行政诉讼的事项。", ""},
			{"全年办理行政复议案件120件。", ""},
			{"发生一起因政府信息公开引起的行政诉讼。", "litigation_total=1"},
		}},
		{"fees", [][2]string{
			{"2012年度依申请公开收取的费用（检索费、邮寄费、复制费等）为0元。", "fees_yuan=0"},
			{"共收取信息公开检索、复制费120元。", "fees_yuan=120"},
			{"依申请公开政府信息收取复印费12元、邮寄费30元。", "fees_yuan?kind"},
			{"共收取检索费、复制费、邮寄费42元。", "fees_yuan=42"},
			{"收费标准为每页0.2元。", ""},
			{"对困难群众免收政府信息公开费用120元。", ""},
			{"政府信息公开专项经费5万元。", ""},
			{"收取信息处理费1.2万元。", "fees_yuan=12000"},
		}},
		{"none", [][2]string{
			{"未收到政府信息公开申请。", ""},
			{"2012年，全镇政府信息公开依申请办理事项为零。", ""},
			{"我局在区政府门户网站公开重点领域信息6条。", ""},
			{"信息发布量由2011年的1128 条增加到2012年的1887条，在省政府网站政府信息公开专栏发布信息514条，总计2401条。", ""},
			{"共接受公民、法人及其他组织政府信息公开方面的咨询2070人次。", ""},
			{"目前已汇集了60个单位的主动公开的政府信息。", ""},
			{"建立主动公开目录12项，依申请公开目录3项。", ""},
			{"二、主动公开情况\n通过门户网站公开各类信息46条。其中工作动态类36条；计划总结类7条；其他类3条", ""},
			{"2012年未接到任何形式的信息公开申请。", ""},
			{"2012年度，本单位未收到申请公开政府信息件。", ""},
			{"没有收到一件政府信息公开申请。", ""},
			{"2012年度没有发生行政复议、行政诉讼的情况。", ""},
			{"公开规范性文件12件，召开会议3次。", ""},
			{"主动公开政务文件11份，开展政策解读活动15次。", ""},
			{"主动公开市政府规章13件（含新制定5件，修改4件，废止4件），人事任免文件106件。", ""},
			{"主动公开：通过多种渠道主动向社会公开概况类信息、工作动态、惠民政策、各类简报、公共服务信息1922条。", ""},
			{"全年我街道政府网站公开上传信息64条，其中部门工作59条。", ""},
			{"政府网站公开信息208条，其中政策文件3条、办事指南74条。", ""},
			{"依申请公开工作被《青山日报》报道3次。", ""},
		}},
		{"other years, sums over years, differences", [][2]string{
			{"2011年收到政府信息公开申请5件。", ""},
			{"2011年，我局收到政府信息公开申请5件；2012年收到8件。", "requests_received=8"},
			{"2008年以来累计主动公开政府信息8536条，2012年主动公开政府信息949条。", "proactive_total=949"},
			{"自2008年5月1日《条例》施行以来，共收到政府信息公开申请85件。", ""},
			{"历年累计主动公开政府信息8536条。", ""},
			{"五年来共受理政府信息公开申请85件。", ""},
			{"截至2012年底，累计主动公开政府信息8536条。", "proactive_total?period"},
			{"我区到年底累计主动公开政府信息5928条，全文电子化率达90.3%，其中，本年度新增主动公开政府信息2110条。", "proactive_total=2110"},
			{"截至2012年年底，本年度新增的主动公开政府信息17条。", "proactive_total=17"},
			{"2012年，全局累计主动公开政府信息12条。", "proactive_total=12"},
			{"截至2012年底，我镇累计主动公开2012年度政府信息28条。", "proactive_total=28"},
			{"自2012年1月1日起至2012年12月31日止，共收到政府信息公开申请5件。", "requests_received=5"},
			{"2012年以来，共受理政府信息公开申请5件。", "requests_received=5"},
			{"今年上半年收到政府信息公开申请5件，全年共收到12件。", "requests_received=12"},
			{"2012年8月，收到政府信息公开申请1件。", ""},
			{"主动公开政府信息949条，比上年增加320条。", "proactive_total=949"},
			{"主动公开政府信息比上年增加320条。", ""},
			{"主动公开政府信息比2011年增加320条，达到949条。", "proactive_total=949"},
			{"主动公开政府信息较上年增长20%，达949条。", "proactive_total=949"},
			{"与2011年相比，收到政府信息公开申请8件。", "requests_received=8"},
			{"收到政府信息公开申请数由2011年的5件增加到2012年的8件。", "requests_received=8"},
			{"收到政府信息公开申请8件，同比减少3件。", "requests_received=8"},
			{"2011-2012学年度，共收到信息公开申请8件。", "requests_received=8"},
			{"根据2011年国务院文件要求规范办理流程，全年收到政府信息公开申请8件。", "requests_received=8"},
			{"2011年我局建立了网站，收到政府信息公开申请8件。", "requests_received?period"},
		}},
		{"no exact numbers", [][2]string{
			{"全年主动公开信息300余条。", "proactive_total?estimate"},
			{"全年主动公开政府信息约320条。", "proactive_total?estimate"},
			{"主动公开政府信息近300条。", "proactive_total?estimate"},
			{"主动公开政府信息数十条。", "proactive_total?estimate"},
			{"主动公开政府信息12万余条。", "proactive_total?estimate"},
			{"主动公开政府信息1.2万条。", "proactive_total=12000"},
			{"主动公开政府信息320条以上。", "proactive_total?estimate"},
			{"每月收到政府信息公开申请3至5件。", ""},
			{"共收到政府信息公开申请3-5件。", "requests_received?range"},
			{"主动公开政府信息约500条。全年共主动公开政府信息503条。", "proactive_total=503"},
			{"主动公开政府工作信息、动态755多条。", ""},
			{"共收到政府信息公开申请1 204件。", "requests_received?range"},
			{"共收到政府信息公开申请3\n5件。", "requests_received?unit"},
			{"共主动公开信息数十条。", "proactive_total?estimate"},
			{"共收到政府信息公开申请十余件。", "requests_received?estimate"},
			{"共收到政府信息公开申请一百零三件。", "requests_received=103"},
			{"收取信息处理费1.2万余元。", "fees_yuan?estimate"},
			{"共收到政府信息公开申请若干件。", ""},
		}},
		{"parts", [][2]string{
			{"全市共受理政府信息公开申请385件，其中，区政府办受理17件，区民政局受理20件。", "requests_received=385"},
			{"全县受理政府信息公开申请385件。其中县政府办公室受理17件。", "requests_received=385"},
			{"区政府办受理政府信息公开申请17件。", "requests_received?someone"},
			{"主动公开的政府信息，县直各单位主动公开政府信息2475条，占62.2%。各乡镇主动公开政府信息1503条，占37.8%。", "proactive_total?share"},
			{"我局在市政府门户网站主动公开信息60条，在局门户网站主动公开信息5条。", "proactive_total?channel"},
			{"通过县政府门户网站主动公开政府信息320条。", "proactive_total?channel"},
			{"通过政府网站、公开栏等多种渠道主动公开政府信息320条。", "proactive_total=320"},
			{"收到网上申请12件。", "requests_received?channel"},
			{"主动公开政府信息503条。2012年全年主动公开政府信息520条。", "proactive_total=503/520"},
		}},
	} {
		for _, c := range group.cases {
			if got := told(c[0], statement.Context{Year: 2012, Issuer: "青山县统计局"}); got != c[1] {
				t.Errorf("%s: %s\n got %s\nwant %s", group.what, c[0], got, c[1])
			}
		}
	}
}

// TestFindUnknown: what is said where the year or the issuer are not known.
func TestFindUnknown(t *testing.T) {
	for _, c := range []struct {
		text string
		in   statement.Context
		want string
	}{
		{"2022年，全区共收到政府信息依申请公开1499件。", statement.Context{}, "requests_received=1499"},
		{"2022年，全区共收到政府信息依申请公开1499件。2021年收到1300件。", statement.Context{}, "requests_received?period"},
		{"全年共收到政府信息依申请公开1499件。", statement.Context{}, "requests_received=1499"},
		{"市统计局受理政府信息公开申请3件。", statement.Context{Year: 2017}, "requests_received=3"},
		{"市统计局受理政府信息公开申请3件。", statement.Context{Year: 2017, Issuer: "怀化市统计局"}, "requests_received=3"},
		{"区发改委收到政府信息公开申请3件。", statement.Context{Year: 2017, Issuer: "怀柔区发展和改革委员会"}, "requests_received=3"},
		{"镇政府收到政府信息公开申请3件。", statement.Context{Year: 2017, Issuer: "永嘉县沙头镇"}, "requests_received=3"},
		{"县教育局收到政府信息公开申请3件。", statement.Context{Year: 2017, Issuer: "永嘉县人民政府"}, "requests_received?someone"},
		{"县政府办公室收到政府信息公开申请3件。", statement.Context{Year: 2017, Issuer: "永嘉县人民政府"}, "requests_received?someone"},
		{"各乡镇、县直各部门共收到政府信息公开申请3件。", statement.Context{Year: 2017, Issuer: "永嘉县人民政府"}, "requests_received=3"},
		{"2015-2016学年度，我校收到信息公开申请3件。", statement.Context{Year: 2016, Issuer: "南华大学"}, "requests_received=3"},
	} {
		if got := told(c.text, c.in); got != c.want {
			t.Errorf("%s (%+v)\n got %s\nwant %s", c.text, c.in, got, c.want)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("2012年全县共收到有关政府信息公开的申请21条，其中（当面申请数18条；", 2012)
	f.Add("一、1.2万余件《", 0)
	f.Fuzz(func(t *testing.T, text string, year int) {
		for _, s := range statement.Find(text, statement.Context{Year: year, Issuer: "青山县"}) {
			if s.Offset < 0 || s.Offset > len(text) || !strings.HasPrefix(text[s.Offset:], s.Sentence) {
				t.Errorf("%q is not at %d of %q", s.Sentence, s.Offset, text)
			}
		}
	})
}
