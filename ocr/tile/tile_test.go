package tile

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// TestTile: the assembly and the plain loop agree to the last bit, so that a machine's kind never shows in the output.
func TestTile(t *testing.T) {
	if !Vector {
		t.Skip("no vector unit here: there is only the plain loop")
	}
	rng := rand.New(rand.NewPCG(1, 2))
	whole := func(n, least, most int) []int16 {
		v := make([]int16, n)
		for i := range v {
			v[i] = int16(least + rng.IntN(most-least+1))
		}
		return v
	}
	bytes := func(ws []int16) (out []byte) {
		for _, w := range ws {
			out = binary.LittleEndian.AppendUint16(out, uint16(w))
		}
		return out
	}
	floats := func(n int, size float64) []float32 {
		v := make([]float32, n)
		for i := range v {
			v[i] = float32(rng.NormFloat64() * size)
		}
		return v
	}
	const largest, most = 1<<13 - 1, 1<<15 - 1 // of inputs, and of outputs
	for range 200 {
		tl := Tile{N: Rows, Rows: 1 + rng.IntN(4), Pairs: 1 + rng.IntN(30), OutStep: Lanes * (1 + rng.IntN(3)), Limit: largest}
		if rng.IntN(2) == 0 {
			tl.Floor, tl.Limit = -most, most
		}
		tl.Step, tl.Line = 1+rng.IntN(40), 1+rng.IntN(300)
		block := tl.Rows * tl.Pairs * PairBytes
		src, weights := whole((tl.Rows-1)*tl.Line+3*tl.Step+2*tl.Pairs, 0, largest), bytes(whole(block, -1000, 1000))
		scale, bias := floats(2*Lanes, 2e-4), floats(2*Lanes, 1000) // some outputs are cut off at either end
		got, want := make([]int16, 3*tl.OutStep+2*Lanes), make([]int16, 3*tl.OutStep+2*Lanes)
		tl.Apply(got, src, weights[:block], scale[:Lanes], bias[:Lanes])
		tl.generic(want, src, weights[:block], scale[:Lanes], bias[:Lanes])
		same := func(what string) {
			for i := range got {
				if got[i] != want[i] {
					t.Fatalf("%s: %+v: value %d is %v, plain loop %v", what, tl, i, got[i], want[i])
				}
			}
		}
		same("eight channels")
		tl.OutStep = Lanes * (2 + rng.IntN(3))
		got, want = make([]int16, 3*tl.OutStep+2*Lanes), make([]int16, 3*tl.OutStep+2*Lanes)
		tl.Pair(got, src, weights, scale, bias)
		tl.generic(want, src, weights[:block], scale, bias)
		tl.generic(want[Lanes:], src, weights[block:], scale[Lanes:], bias[Lanes:])
		same("sixteen channels")
	}
}
