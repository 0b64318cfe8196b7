package reading_test

import (
	"testing"

	"github.com/nianbao/nianbao/reading"
)

// TestScore: what is printed scores above what is not, and all ways to read a line add up to no more
// than one.
func TestScore(t *testing.T) {
	for _, s := range samples(t, "numbers") {
		others := []string{"", "8", "3141", s.Printed + "7", "汉"}
		p := reading.Numbers().Score(s.image, s.Digit, append([]string{s.Printed}, others...))
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
		best := reading.Numbers().Read(s.image, s.Digit)[0]
		if best.Probability > 0.9 {
			if q := reading.Numbers().Score(s.image, s.Digit, []string{best.Text})[0]; q < 0.5 {
				t.Errorf("%s: %q reads at %g and scores %g", s.File, best.Text, best.Probability, q)
			}
		}
	}
}
