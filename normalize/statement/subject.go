package statement

import (
	"strings"

	"github.com/nianbao/nianbao/layout/pattern"
)

var (
	// body is the end of the name of an office, or of a thing that publishes.
	body = pattern.Of(`(?:局|委员会|委|办公室|办|厅|镇|乡|街道|办事处|政府|中心|大学|学院|学校|医院|部门|单位|处|科室|股室|公司|网站|公报|微博|微信|公众号|站|所|院|社区|村)$`)
	// everyone is said of the whole that a report is on.
	everyone = pattern.Of(`全[市县区省镇乡局委校院州国系]|我[市县区省镇乡局委办校院厅部处站所会中街单]|本[市县区省镇乡局委办校院厅部处站所会中街单机级行]|市[、,]?县|县市区|各县`)
	medium   = pattern.Of(`(?:网站|公报|微博|微信|公众号)$`)
	several  = pattern.Of(`[、和及与]|等$|等(?:部门|单位)`)
	// way is a place or means of publishing.
	way = pattern.Of(`(?:通过|在|利用|依托|经由|借助|采用|以|运用|向)[^,;:]{0,24}?(?:门户网|网站|网页|网|平台|公报|微博|微信|公众号|公示栏|公开栏|专栏|栏目|媒体|报刊|报纸|报|电视|广播|系统|查阅点|显示屏|客户端)[上中里内]?(?:共|累计)?$`)
	// ways are several, which may be all.
	ways = pattern.Of(`[、和及与]|等|多种|各种|各类|不同|多渠道`)
	// nothingElse is what stands before or behind a subject and is none of it.
	adverb = pattern.Of(`(?:共计|总共|一共|合计|累计|共|已|依法|及时|均|主动|新增|实际|的)+$`)
)

// who says of whom a sentence speaks.
type who uint8

const (
	nobody  who = iota // no subject is named
	whole_             // the issuer, or all whom the report is on
	someone            // another office, or one of several
	channel            // a single way of publishing
)

// subject tells of whom the words before a verb speak.
func subject(words, issuer string) who {
	words = adverb().ReplaceAllString(words, "")
	if words == "" {
		return nobody
	}
	if m := way().FindString(words); m != "" {
		if ways().MatchString(m) {
			return nobody
		}
		return channel
	}
	if !body().MatchString(words) {
		return nobody
	}
	switch {
	case everyone().MatchString(words):
		return whole_
	case medium().MatchString(words):
		if several().MatchString(words) {
			return nobody
		}
		return channel
	case strings.Contains(words, "各") && several().MatchString(words):
		return whole_
	case issuer == "" || names(words, issuer):
		return whole_
	}
	return someone
}

// short takes the words off a name that it is called without.
var short = strings.NewReplacer("人民政府", "政府", "办公室", "办", "委员会", "委", "办公厅", "办")

// names says that a subject may be a name of the issuer: its end, or its characters in their order
// (区发改委 for 怀柔区发展和改革委员会).
func names(subject, issuer string) bool {
	s, i := short.Replace(subject), short.Replace(issuer)
	if strings.HasSuffix(i, s) || strings.HasSuffix(s, i) {
		return true
	}
	if place := strings.TrimSuffix(s, "政府"); place == "" || strings.HasSuffix(strings.TrimSuffix(i, "政府"), place) {
		return true
	}
	rest := i
	for _, r := range s {
		at := strings.IndexRune(rest, r)
		if at < 0 {
			return false
		}
		rest = rest[at+len(string(r)):]
	}
	return true
}
