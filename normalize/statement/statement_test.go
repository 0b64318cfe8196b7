package statement_test

import (
	"testing"

	"github.com/nianbao/nianbao/normalize/statement"
)

func TestFind(t *testing.T) {
	tests := []struct {
		text   string
		want   map[statement.Key]string
		reason string
	}{
		{"2023年全区受理政府信息公开申请 21 件，均在法定期限答复。", map[statement.Key]string{"requests_received": "21"}, "洪泽 2023"},
		{"（二）依申请公开：2019年收到政府信息公开申请5961件，均已依法办理。", map[statement.Key]string{"requests_received": "5961"}, ""},
		{"全年收办政府信息公开申请3646件。", map[statement.Key]string{"requests_taken_on": "3646"}, "宿迁: received and carried in"},
		{"2024年小铺乡主动公开政务信息503条。", map[statement.Key]string{"proactive_total": "503"}, ""},
		{"主动公开政府信息1,204条；收取信息处理费用250.50元。", map[statement.Key]string{"proactive_total": "1204", "fees_yuan": "250.50"}, "two sentences"},
		{"同意公开答复８件，同意部分公开答复2件，不予公开答复1件。", map[statement.Key]string{"answered_granted": "8", "answered_partly_granted": "2", "answered_refused": "1"}, "full-width digits"},
		{"发生行政复议3件、行政诉讼2起。", map[statement.Key]string{"review_total": "3", "litigation_total": "2"}, ""},
		{"未收到政府信息公开申请。", map[statement.Key]string{}, "no number is printed"},
		{"公开规范性文件12件，召开会议3次。", map[statement.Key]string{}, "not one of the quantities"},
	}
	for _, tt := range tests {
		got := map[statement.Key]string{}
		for _, s := range statement.Find(tt.text) {
			got[s.Key] = s.Number.String()
		}
		if len(got) != len(tt.want) {
			t.Errorf("%s: %v, want %v (%s)", tt.text, got, tt.want, tt.reason)
			continue
		}
		for k, w := range tt.want {
			if got[k] != w {
				t.Errorf("%s: %s is %q, want %s (%s)", tt.text, k, got[k], w, tt.reason)
			}
		}
	}
}
