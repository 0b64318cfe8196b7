package synth

import (
	"slices"
	"strings"

	"github.com/nianbao/nianbao/form"
)

// Alphabet is every character that a report may be set with, in order: the embedded fonts
// hold no others.
func Alphabet() string {
	var s strings.Builder
	for r := ' '; r <= '~'; r++ {
		s.WriteRune(r)
	}
	s.WriteString("—“”·（）、，。：；《》〔〕年月日号其中修订件信息内容申请人情况统计指标单位数附件度公章")
	s.WriteString(flowNote)
	for _, list := range [][]string{places, bodies, sentences, numerals} {
		s.WriteString(strings.Join(list, ""))
	}
	for _, heads := range localHeads {
		s.WriteString(strings.Join(heads, ""))
	}
	for _, f := range form.Official().All() {
		for _, x := range f.Sections {
			s.WriteString(x.Heading)
		}
		for _, t := range f.Tables {
			s.WriteString(t.Title)
			for _, c := range t.Columns {
				s.WriteString(c.Label + strings.Join(c.Groups, ""))
			}
			for _, r := range t.Rows {
				s.WriteString(r.Label + r.Unit + strings.Join(r.Groups, ""))
			}
		}
	}
	for _, f := range form.Official().All() {
		for seed := range uint64(30) {
			r := Make(seed, Options{Form: f.Name, Notes: true})
			s.WriteString(r.Title + r.Lead())
			for _, x := range r.Sections {
				s.WriteString(x.Heading + strings.Join(x.Paragraphs, ""))
			}
		}
	}
	all := []rune(s.String())
	slices.Sort(all)
	return string(slices.Compact(all))
}
