package reading_test

import (
	"slices"
	"testing"

	"github.com/nianbao/nianbao/ocr/reading"
)

// TestReadAndScore: what is printed scores above what is not, and all ways to read a line add up to no more
// than one.
func TestReadAndScore(t *testing.T) {
	for _, s := range samples(t, "numbers") {
		others := []string{"", "8", "3141", s.Printed + "7", "汉"}
		read, p := reading.Numbers().ReadAndScore(s.image, s.Digit, append([]string{s.Printed}, others...))
		if want := reading.Numbers().Read(s.image, s.Digit); !slices.Equal(read, want) {
			t.Errorf("%s: read as %v with texts to score, as %v without", s.File, read, want)
		}
		sum := p[0]
		for i, o := range others {
			if o == s.Printed {
				continue
			}
			sum += p[i+1]
			if p[0] > 0.5 && p[i+1] >= p[0] {
				t.Errorf("%s: %q scores %g, %q %g", s.File, s.Printed, p[0], o, p[i+1])
			}
		}
		if sum > 1+1e-6 {
			t.Errorf("%s: probabilities sum to %g", s.File, sum)
		}
		if p[len(p)-1] != 0 {
			t.Errorf("%s: a character outside the alphabet scores %g", s.File, p[len(p)-1])
		}
		if best := read[0]; best.Probability > 0.9 {
			if _, q := reading.Numbers().ReadAndScore(s.image, s.Digit, []string{best.Text}); q[0] < 0.5 {
				t.Errorf("%s: %q reads at %g and scores %g", s.File, best.Text, best.Probability, q[0])
			}
		}
	}
}
