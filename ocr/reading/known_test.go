package reading_test

import (
	"image"
	"math"
	"testing"

	"github.com/nianbao/nianbao/ocr/reading"
)

// TestKnown: of texts that may be printed, the one that is scores most, however many lines it takes and though it cannot be spelled;
// none has more than the likeliest path by much; a character outside the alphabet has no chance.
func TestKnown(t *testing.T) {
	all := samples(t, "labels")
	var texts []string
	for _, s := range all {
		texts = append(texts, s.Printed)
	}
	texts = append(texts, "汉鼎")
	for i, s := range all {
		scores, free := reading.Labels().Known([]*image.Gray{s.image}, s.Digit, texts)
		if !math.IsInf(scores[len(scores)-1], -1) {
			t.Errorf("%s: a character outside the alphabet scores %g", s.File, scores[len(scores)-1])
		}
		if s.Printed == "" {
			continue
		}
		for k, p := range scores {
			if texts[k] != s.Printed && p >= scores[i] {
				t.Errorf("%s: %q scores %.1f, %q %.1f", s.File, s.Printed, scores[i], texts[k], p)
			}
			if p > free+3 {
				t.Errorf("%s: %q scores %.1f, the likeliest path %.1f", s.File, texts[k], p, free)
			}
		}
		if next := all[(i+1)%len(all)]; next.Printed != "" && next.Digit == s.Digit {
			both, _ := reading.Labels().Known([]*image.Gray{s.image, next.image}, s.Digit, []string{s.Printed + next.Printed, next.Printed + s.Printed})
			if both[0] <= both[1] {
				t.Errorf("%s and %s: two lines score %.1f, the other way round %.1f", s.File, next.File, both[0], both[1])
			}
		}
	}
}
