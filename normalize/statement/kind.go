package statement

import (
	"slices"
	"strings"
)

// kind is one quantity that a number may be.
type kind struct {
	key   Key
	doubt Doubt
	at    token
}

// kinds tells what is counted.
func (c *count) kinds(f features) []kind {
	one := func(k Key, d Doubt) []kind { return []kind{{k, d, c.at}} }
	if f.has(respectively) {
		return c.distributed(f)
	}
	if f.has(each) {
		if all := c.distributed(f); len(all) > 1 {
			return all
		}
	}
	unit := c.at.amount.unit
	money := unit == "元" || unit == "万元"
	if f.has(review, litigation) {
		if money {
			return nil
		}
		return c.disputes(f)
	}
	if money {
		return c.fees(f)
	}
	head := f.head()
	object := f.has(request, information)
	if f.last[another] > head+1 || f.has(another) && !object {
		return nil
	}
	answers := answersOf(f)
	switch {
	case f.has(carried):
		return nil
	case len(answers) > 1, len(answers) == 1 && f.has(proactive):
		return nil // of two kinds together
	case len(answers) == 1:
		if f.last[information] > max(f.last[granted], f.last[partly], f.last[refused], f.last[exempt]) && c.reader.topic != onRequests {
			return nil // 不予公开信息10条: information, and no answers
		}
		return one(answers[0], c.asAnswer(f))
	case f.has(receive, takeOn, answer, complete):
		return c.handled(f)
	case f.has(proactive):
		return c.published(f)
	case f.has(publish):
		if f.has(information) && !strangeAfter(f, publish) && c.reader.topic == onProactive && c.who != channel && strings.Contains(f.tokens[f.last[publish]-1].word, "公开") {
			return one(Proactive, Kind)
		}
		return nil
	}
	return c.requests(f)
}

// answersOf are the kinds of answers in a run of words, each once.
func answersOf(f features) []Key {
	var out []Key
	for _, t := range f.tokens {
		if k := keyOf(t); k == Granted || k == PartlyGranted || k == Refused {
			if !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	return out
}

// keyOf is the quantity that a word names, "" where it names none that is looked for.
func keyOf(t token) Key {
	switch t.class {
	case proactive:
		return Proactive
	case receive:
		return Received
	case takeOn:
		return TakenOn
	case answer:
		return Answered
	case granted:
		return Granted
	case partly:
		return PartlyGranted
	case refused, exempt:
		return Refused
	case review:
		return Review
	case litigation:
		return Litigation
	}
	return ""
}

// distributed gives each of the kinds before 均 the number, and each of those before 分别 its own.
func (c *count) distributed(f features) []kind {
	var keys []Key
	for _, t := range f.tokens {
		switch t.class {
		case proactive, receive, takeOn, answer, granted, partly, refused, review, litigation, another, complete, exempt, free, fee:
			if k := keyOf(t); len(keys) == 0 || keys[len(keys)-1] != k || k == "" {
				keys = append(keys, k)
			}
		}
	}
	var out []kind
	if f.has(each) {
		for _, k := range keys {
			out = append(out, kind{key: k, at: c.at})
		}
		return out
	}
	numbers := []token{c.at}
	for i, t := range c.following {
		if t.isCount() {
			numbers = append(numbers, t)
			c.used = i + 1
		} else if t.class != list && t.class != filler {
			break
		}
	}
	if len(numbers) != len(keys) {
		return nil
	}
	for i, k := range keys {
		out = append(out, kind{key: k, at: numbers[i]})
	}
	return out
}

// disputes are reviews and lawsuits over disclosure.
func (c *count) disputes(f features) []kind {
	if f.has(outcome) || f.last[another] > f.head()+1 {
		return nil
	}
	if f.has(review) && f.has(litigation) {
		if c.at.amount.number.IsZero() {
			return []kind{{Review, Combined, c.at}, {Litigation, Combined, c.at}}
		}
		return nil
	}
	k := Review
	if f.has(litigation) {
		k = Litigation
	}
	about := f.has(information, request) || c.asked || c.reader.topic == onDisputes
	switch {
	case f.has(complete, answer) && !f.has(information):
		return nil // what an office decides on others' decisions
	case f.has(receive) && !about:
		return []kind{{k, Kind, c.at}} // of an office that decides on others' decisions, perhaps
	}
	return []kind{{k, Sure, c.at}}
}

// costKinds are the costs that are charged one by one.
var costKinds = []string{"检索", "复制", "邮寄", "邮递"}

// fees are what was charged for information.
func (c *count) fees(f features) []kind {
	about := f.has(information, request) || c.asked || c.reader.topic == onFees || c.reader.topic == onRequests ||
		slices.ContainsFunc(f.tokens, func(t token) bool {
			return t.class == fee && strings.Contains(t.word, "信息") || strings.Contains(t.word, "检索") || strings.Contains(t.word, "复制")
		})
	if !f.has(fee) || f.has(free, another) || !about {
		return nil
	}
	// Of one kind of cost alone, others may follow.
	costs, all := 0, c.totals()
	for _, t := range f.tokens {
		switch {
		case t.class != fee || t.word == "收取" || t.word == "费":
		case slices.Contains(costKinds, strings.TrimSuffix(strings.TrimSuffix(t.word, "用"), "费")):
			costs++
		default:
			all = true
		}
	}
	if !all && costs < 2 {
		return []kind{{FeesYuan, Kind, c.at}}
	}
	return []kind{{FeesYuan, Sure, c.at}}
}

// asAnswer says how sure a kind of answer is one.
func (c *count) asAnswer(f features) Doubt {
	at := max(f.last[granted], f.last[partly], f.last[refused], f.last[exempt])
	switch {
	case f.last[information] > at:
		return Kind
	case f.has(exempt, occur), strangeAfter(f, granted, partly, refused):
		return Kind
	case c.asked, c.reader.topic == onRequests, f.has(answer, request), strings.Contains(f.tokens[at-1].word, "同意"), strings.HasSuffix(f.tokens[at-1].word, "答复"):
		return Sure
	}
	return Kind
}

// strangeAfter says that words of no vocabulary stand between the last word of some classes and the number.
func strangeAfter(f features, cs ...class) bool {
	at := 0
	for _, c := range cs {
		at = max(at, f.last[c])
	}
	return sum(f.tokens[at:]).strange()
}

// handled are requests that were received, answered, dealt with.
func (c *count) handled(f features) []kind {
	explicit := f.has(request) || slices.ContainsFunc(f.tokens, func(t token) bool { return t.class == means && strings.HasSuffix(t.word, "申请") })
	if c.share && c.part {
		return nil
	}
	if !explicit && (!c.asked && c.reader.topic != onRequests || f.has(information, proactive, publish) || strangeAfter(f, receive, takeOn, answer, complete)) {
		return nil
	}
	if strangeAfter(f, receive, takeOn, answer, complete, request) {
		return nil // 申请受理点3个
	}
	doubt := Sure
	switch unit := c.at.amount.unit; {
	case unit == "则" || unit == "篇":
		return nil
	case unit == "人次", unit == "个", unit == "次" && !explicit:
		doubt = Unit
	case c.share:
		doubt = Share
	case c.ofSubject(f):
		doubt = Kind
	case f.has(means, sort):
		if c.part {
			return nil
		}
		doubt = Channel
	}
	var out []kind
	for _, k := range []struct {
		class class
		key   Key
	}{{receive, Received}, {takeOn, TakenOn}, {answer, Answered}} {
		if f.has(k.class) {
			d := doubt
			if d == Sure && k.key == Received && c.withCarried {
				d = Kind
			}
			out = append(out, kind{k.key, d, c.at})
		}
	}
	if out == nil {
		k := Received
		if strings.Contains(f.tokens[f.last[complete]-1].word, "结") || strings.Contains(f.tokens[f.last[complete]-1].word, "毕") {
			k = Answered
		}
		out = []kind{{k, Kind, c.at}}
	}
	return out
}

// ofSubject says that requests on some subject are meant: 收到涉及征地的申请5件.
func (c *count) ofSubject(f features) bool {
	from, to := f.last[receive], f.last[request]
	if to <= from {
		return false
	}
	between := sum(f.tokens[from : to-1])
	return between.strange() && (between.has(occur) || slices.ContainsFunc(between.tokens, func(t token) bool { return t.word == "关于" }))
}

// requests are those that no verb goes with: 依申请公开件9件, 政府信息公开申请数21件.
func (c *count) requests(f features) []kind {
	if !f.has(request) || f.has(means, sort, information, publish, another, outcome) || strangeAfter(f, request) || c.share {
		return nil
	}
	unit := c.at.amount.unit
	if unit == "人次" || unit == "则" || unit == "篇" || unit == "个" {
		return nil
	}
	if sum(f.tokens[:f.head()]).strange() && !c.totals() && !c.label() {
		return []kind{{Received, Kind, c.at}} // of what was done with them
	}
	switch w := f.tokens[f.last[request]-1].word; {
	case strings.HasPrefix(w, "依申请公开") && strings.HasSuffix(w, "信息"):
		return nil
	case w == "依申请公开" || w == "依申请" || w == "申请公开":
		if unit == "条" || unit == "项" {
			return nil
		}
		return []kind{{Received, Kind, c.at}}
	}
	return []kind{{Received, Sure, c.at}}
}

// totals says that the words before the number say that it is all: 共, 总数.
func (c *count) totals() bool {
	return slices.ContainsFunc(c.left, func(t token) bool {
		return t.class == filler && strings.ContainsAny(t.word, "共总")
	})
}

// published is information that was published without being asked for.
func (c *count) published(f features) []kind {
	if f.has(request) || strangeAfter(f, proactive) {
		return nil
	}
	d := Sure
	switch {
	case c.share:
		d = Share
	case !f.has(information) && c.reader.topic != onProactive:
		d = Kind
	case c.at.amount.unit == "次" || c.at.amount.unit == "起" || c.at.amount.unit == "人次" || c.at.amount.unit == "宗":
		return nil
	}
	return []kind{{Proactive, d, c.at}}
}
