package normalize

import (
	"slices"
	"testing"
)

// TestRanTogether: a label that is those of two columns names neither; a column that is called so does.
func TestRanTogether(t *testing.T) {
	targets := []target{newTarget("结果维持", nil, nil), newTarget("尚未审结", nil, nil), newTarget("总计", nil, nil), newTarget("其他", nil, nil), newTarget("其他处理", nil, nil), newTarget("处理", nil, nil)}
	for text, want := range map[string]bool{
		"尚未审结总计": true, "总计 结果维持": true, "尚未审结": false, "尚未审结计": false, "尚未审": false, "其他处理": false, "其他总计": true, "": false,
	} {
		if got := newName(text).ranTogether(targets); got != want {
			t.Errorf("%s: %v", text, got)
		}
		sims, _ := likenesses([]label{{leaf: newName(text)}}, targets)
		if want && slices.Max(sims[0]) > 0 {
			t.Errorf("%s is like %v", text, sims[0])
		}
	}
}
