package check_test

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/nianbao/nianbao/check"
	"github.com/nianbao/nianbao/form"
	"github.com/nianbao/nianbao/report"
)

var (
	tables = flag.Int("tables", 0, "tables of each setting of the simulation; 0: a few")
	only   = flag.String("setting", "", "the one setting to simulate, as its line begins: \"1.0% independent false\"; none: all")
)

// recorded is what a reader made of one line: its readings of a number that is known.
type recorded struct {
	truth    string
	readings []report.Candidate // best first
	again    []report.Candidate // of a second look
	score    float64            // of the truth, when the second look is asked for it; 0 when it is not shown
	second   string             // what the second reader reads
	others   []float64          // of numbers near the truth, when the second look is asked for them
	unread   bool               // ink that the first reader could not read
	weight   int                // of how many such lines this one was recorded
}

// bank holds recorded readings by whether the best one is right: by the length of the number, and by
// the number where that is one digit. testdata/README.md says how it is recorded.
type bank struct {
	right, wrong shelf
}

type shelf struct {
	length [8]lines
	digit  map[string]*lines
}

// lines are drawn from by weight.
type lines struct {
	list []recorded
	upTo []int // the weights of the list so far
}

func (l *lines) put(r recorded) {
	all := r.weight
	if n := len(l.upTo); n > 0 {
		all += l.upTo[n-1]
	}
	l.list, l.upTo = append(l.list, r), append(l.upTo, all)
}

func (l *lines) draw(rng *rand.Rand) recorded {
	at, _ := slices.BinarySearch(l.upTo, 1+rng.IntN(l.upTo[len(l.upTo)-1]))
	return l.list[at]
}

func (s *shelf) put(r recorded) {
	n := len(r.truth)
	s.length[n].put(r)
	if n == 1 {
		if s.digit[r.truth] == nil {
			s.digit[r.truth] = &lines{}
		}
		s.digit[r.truth].put(r)
	}
}

// like are the readings of a number, or of one of its length, or of the longest below.
func (s *shelf) like(number string) *lines {
	if l := s.digit[number]; l != nil {
		return l
	}
	n := min(len(number), len(s.length)-1)
	for n > 0 && len(s.length[n].list) == 0 {
		n--
	}
	return &s.length[n]
}

func loadBank(t testing.TB) *bank {
	f, err := os.Open("testdata/readings.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := &bank{shelf{digit: map[string]*lines{}}, shelf{digit: map[string]*lines{}}}
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var line []json.RawMessage
		var r recorded
		var cs, again [][]any
		if err := json.Unmarshal(sc.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if json.Unmarshal(line[0], &r.truth) != nil || json.Unmarshal(line[1], &cs) != nil || json.Unmarshal(line[2], &again) != nil || json.Unmarshal(line[3], &r.score) != nil ||
			json.Unmarshal(line[4], &r.second) != nil || json.Unmarshal(line[5], &r.others) != nil || json.Unmarshal(line[7], &r.unread) != nil || json.Unmarshal(line[8], &r.weight) != nil {
			t.Fatalf("not a reading: %s", sc.Bytes())
		}
		for _, c := range cs {
			r.readings = append(r.readings, report.Candidate{Raw: c[0].(string), Probability: c[1].(float64)})
		}
		for _, c := range again {
			r.again = append(r.again, report.Candidate{Raw: c[0].(string), Probability: c[1].(float64)})
		}
		if r.readings[0].Raw == r.truth {
			b.right.put(r)
		} else {
			b.wrong.put(r)
		}
	}
	return b
}

// read draws readings of a number: those recorded for one of the same length, carried over digit
// by digit.
func (b *bank) read(rng *rand.Rand, s string, wrong bool) recorded {
	shelf := &b.right
	if wrong {
		shelf = &b.wrong
	}
	r := shelf.like(s).draw(rng)
	take := func(list []report.Candidate) (out []report.Candidate) {
		seen := map[string]bool{}
		for _, c := range list {
			raw := carry(r.truth, c.Raw, s)
			if !seen[raw] {
				seen[raw] = true
				out = append(out, report.Candidate{Raw: raw, Probability: c.Probability})
			}
		}
		return out
	}
	return recorded{s, take(r.readings), take(r.again), r.score, carry(r.truth, r.second, s), r.others, r.unread, r.weight}
}

// carry does to s what a reader did to truth when it read raw.
func carry(truth, raw, s string) string {
	if truth == s {
		return raw
	}
	a, b := []rune(truth), []rune(raw)
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0:
				d[i][j] = j
			case j == 0:
				d[i][j] = i
			default:
				same := 1
				if a[i-1] == b[j-1] {
					same = 0
				}
				d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+same)
			}
		}
	}
	extra := len(s) - len(truth) // longer numbers keep their other digits
	out := ""
	for i, j := len(a), len(b); i > 0 || j > 0; {
		switch {
		case i > 0 && j > 0 && a[i-1] == b[j-1] && d[i][j] == d[i-1][j-1]:
			out = string(s[extra+i-1]) + out
			i, j = i-1, j-1
		case i > 0 && j > 0 && d[i][j] == d[i-1][j-1]+1:
			c := b[j-1]
			if c >= '0' && c <= '9' {
				c = '0' + (c-a[i-1]+rune(s[extra+i-1])-'0'+10)%10
			}
			out = string(c) + out
			i, j = i-1, j-1
		case j > 0 && d[i][j] == d[i][j-1]+1:
			out = string(b[j-1]) + out
			j--
		default:
			i--
		}
	}
	return s[:extra] + out
}

// numbers makes a 表三 as real reports have it: mostly zeros, with a long tail.
func numbers(rng *rand.Rand) map[string]int {
	size := []struct {
		zero float64
		top  float64
	}{{.92, 4}, {.85, 8}, {.7, 40}, {.5, 120}, {.3, 1500}}[rng.IntN(5)]
	count := func(zero float64) int {
		if rng.Float64() < zero {
			return 0
		}
		return 1 + int(size.top*rng.Float64()*rng.Float64()*rng.Float64())
	}
	v := map[string]int{}
	tab := form.Official().Get("2021").Table("requests")
	for _, c := range tab.Columns {
		if c.Key == "total" {
			continue
		}
		zero := size.zero
		if c.Key != "natural_person" {
			zero = 1 - (1-zero)/2
		}
		all := 0
		for _, x := range tab.Rows {
			if x.Groups != nil && x.Key != "handled_total" {
				n := count(zero)
				v[x.Key+"/"+c.Key] = n
				all += n
			}
		}
		v["handled_total/"+c.Key] = all
		v["carried_out/"+c.Key] = count(.6)
		v["carried_in/"+c.Key] = min(all+v["carried_out/"+c.Key], count(.6))
		v["received/"+c.Key] = all + v["carried_out/"+c.Key] - v["carried_in/"+c.Key]
	}
	for _, x := range tab.Rows {
		for _, c := range tab.Columns {
			if c.Key != "total" {
				v[x.Key+"/total"] += v[x.Key+"/"+c.Key]
			}
		}
	}
	return v
}

// setting of the simulation.
type setting struct {
	rate    float64
	cluster string // "" for independent misreadings; row, column, seal
	agency  bool
}

// outcome of a setting.
type outcome struct {
	tables, asRead, right            int
	misread, detected, repaired, bad int // cells
	left, silent, extra              int
	gaveUp                           int
}

func (o outcome) String() string {
	per := func(n int) float64 { return 100 * float64(n) / float64(o.tables) }
	return fmt.Sprintf("%6.2f %6.2f %8d %8d %8d %7d %7d %7d %7d %6d", per(o.asRead), per(o.right), o.misread, o.detected, o.repaired, o.bad, o.left, o.silent, o.extra, o.gaveUp)
}

// scanned makes a report of 表三 as it was read: the printed numbers and their readings.
func scanned(rng *rand.Rand, b *bank, st setting) (*report.Report, map[string]string, check.Reader) {
	v := numbers(rng)
	tab := form.Official().Get("2021").Table("requests")
	if st.agency && rng.Float64() < .05 {
		fields := tab.Fields()
		k := strings.TrimPrefix(fields[rng.IntN(len(fields))].Path, t3)
		d := []int{-1, 1, 1, 2, 10}[rng.IntN(5)]
		if v[k]+d < 0 {
			d = 1
		}
		v[k] += d
	}
	wrong := map[string]bool{}
	pick := func(rows, cols int, rate float64) {
		r0, c0 := rng.IntN(len(tab.Rows)-rows+1), rng.IntN(len(tab.Columns)-cols+1)
		for _, x := range tab.Rows[r0 : r0+rows] {
			for _, c := range tab.Columns[c0 : c0+cols] {
				if rng.Float64() < rate {
					wrong[x.Key+"/"+c.Key] = true
				}
			}
		}
	}
	const dense = .3 // of the cells of a cluster are misread
	n := float64(len(tab.Rows) * len(tab.Columns))
	switch st.cluster {
	case "row":
		for p := st.rate * n / (7 * dense); p > 0; p-- {
			if rng.Float64() < p {
				pick(1, 7, dense)
			}
		}
	case "column":
		for p := st.rate * n / (25 * dense); p > 0; p-- {
			if rng.Float64() < p {
				pick(25, 1, dense)
			}
		}
	case "seal":
		for p := st.rate * n / (15 * dense); p > 0; p-- {
			if rng.Float64() < p {
				pick(5, 3, dense)
			}
		}
	default:
		pick(len(tab.Rows), len(tab.Columns), st.rate)
	}
	r := &report.Report{Schema: report.Schema, Form: "2021", Forms: map[string]string{"requests": "2021"}}
	printed := map[string]string{}
	drawn := map[string]recorded{}
	for _, f := range tab.Fields() {
		k := strings.TrimPrefix(f.Path, t3)
		s := strconv.Itoa(v[k])
		printed[f.Path] = s
		drawn[f.Path] = b.read(rng, s, wrong[k])
		cs := drawn[f.Path].readings
		p := cs[0].Probability
		g := report.ParseFigure(cs[0].Raw)
		cell := report.Cell{Path: f.Path, Raw: cs[0].Raw, Mark: g.Mark, Origin: report.OriginOCR, ReadConfidence: &p, Candidates: cs[1:]}
		if drawn[f.Path].unread {
			cell.Verdict = report.Missing
		}
		r.Cells = append(r.Cells, cell)
		r.Tables.Set(f.Path, report.Value{Number: g.Number})
	}
	second := func(path string) string { return drawn[path].second }
	return r, printed, reader{second: second, again: func(path string, asked []string) []report.Candidate {
		d := drawn[path]
		out := append([]report.Candidate(nil), d.again...)
		known := map[string]bool{}
		for _, c := range out {
			known[c.Raw] = true
		}
		for n, a := range asked {
			p := d.score
			if a != d.truth {
				p = d.others[n%len(d.others)]
			}
			if !known[a] && p > 0 {
				out = append(out, report.Candidate{Raw: a, Probability: p})
			}
		}
		return out
	}}
}

func prints(v report.Value, s string) bool {
	f := report.ParseFigure(s)
	if v.Number == nil || f.Number == nil {
		return v.Number == nil && f.Number == nil
	}
	return v.Number.Equal(f.Number.Decimal)
}

// simulate decodes tables and says what became of their misreadings.
func simulate(t testing.TB, b *bank, st setting, n int, seed uint64) outcome {
	rng := rand.New(rand.NewPCG(seed, 1))
	var o outcome
	for range n {
		r, printed, look := scanned(rng, b, st)
		o.tables++
		misread := map[string]bool{}
		for p, s := range printed {
			if v, _ := r.Tables.Value(p); !prints(v, s) {
				misread[p] = true
			}
		}
		warnings, err := check.Run(t.Context(), r, form.Set{}, look)
		if err != nil {
			t.Error(err)
		}
		o.gaveUp += len(warnings)
		review := map[string]bool{}
		for _, x := range r.Review {
			review[x.Path] = true
		}
		fails := false
		wrong := 0
		for i := range r.Cells {
			c := &r.Cells[i]
			v, _ := r.Tables.Value(c.Path)
			ok := prints(v, printed[c.Path])
			switch {
			case !ok && !review[c.Path]:
				o.silent++
			case !ok:
				o.left++
			case review[c.Path] && !misread[c.Path]:
				o.extra++
			}
			if !ok {
				wrong++
			}
			if c.Repair != nil {
				if ok {
					o.repaired++
				} else {
					o.bad++
				}
			}
		}
		for _, c := range r.Checks {
			fails = fails || c.Status != report.Pass
		}
		o.misread += len(misread)
		if len(misread) > 0 && (fails || wrong == 0) {
			o.detected += len(misread)
		}
		if len(misread) == 0 {
			o.asRead++
		}
		if wrong == 0 {
			o.right++
		}
	}
	return o
}

// TestSimulation prints what becomes of misreadings in 表三: run it with -v, and with -tables 10000
// for the figures of docs/decoding.md. No wrong value may be silent, and one repair in 10,000 may be
// wrong, but where agencies err and misreadings come in clusters.
func TestSimulation(t *testing.T) {
	b := loadBank(t)
	n := *tables
	if n == 0 {
		n = 6
	}
	var all []setting
	kind := func(st setting) string {
		name := st.cluster
		if name == "" {
			name = "independent"
		}
		return fmt.Sprintf("%.1f%% %s %v", 100*st.rate, name, st.agency)
	}
	for _, agency := range []bool{false, true} {
		for _, cluster := range []string{"", "row", "column", "seal"} {
			for _, rate := range []float64{.001, .003, .01, .02, .05} {
				if st := (setting{rate, cluster, agency}); *only == "" || *only == kind(st) {
					all = append(all, st)
				}
			}
		}
	}
	out := make([]outcome, len(all))
	var wg sync.WaitGroup
	slots := make(chan bool, runtime.GOMAXPROCS(0))
	for i, st := range all {
		slots <- true
		wg.Go(func() {
			defer func() { <-slots }()
			out[i] = simulate(t, b, st, n, 7)
		})
	}
	wg.Wait()
	t.Logf("%d tables of 表三 a setting: %% of tables right as read and after, then cells", n)
	t.Logf("%-27s %6s %6s %8s %8s %8s %7s %7s %7s %7s %6s", "rate, misread, agency", "read", "after", "misread", "detected", "repaired", "wrongly", "left", "silent", "extra", "gaveup")
	for i, st := range all {
		t.Logf("%-27s %s", kind(st), out[i])
		if out[i].silent > 0 {
			t.Errorf("%s: %d wrong values are not in the review", kind(st), out[i].silent)
		}
		if (!st.agency || st.cluster == "") && out[i].bad*10000 > out[i].repaired {
			t.Errorf("%s: %d of %d repairs are wrong", kind(st), out[i].bad, out[i].repaired)
		}
	}
}
