package reading

import "slices"

const (
	beamWidth   = 24   // prefixes kept from frame to frame
	beamSymbols = 1e-5 // characters less likely than this in a frame are not followed
	beamBest    = 12   // readings returned
)

// prefix is the beginning of a reading: a node of a tree whose root is the empty one. The probabilities are of all the ways
// to have said it by this frame, ending in a blank frame or in one of its last character.
type prefix struct {
	parent, child, sibling int32 // 0: none (the root is never a child)
	sym                    int32
	blank, sound           float64 // at the last frame
	nextBlank, nextSound   float64 // at this frame
	touched                bool
}

// hypothesis is a whole reading, as classes, with its probability.
type hypothesis struct {
	syms []int32
	p    float64
}

// beam is the memory of a search.
type beam struct {
	tree         []prefix
	kept, others []int32
	follow       []int32
	best         []ranked
}

// ranked is a prefix with its probability.
type ranked struct {
	node int32
	p    float64
}

// rank puts r in its place among the best, likeliest first, of equals the older one, and drops the last of too many.
func (b *beam) rank(r ranked) {
	i := len(b.best)
	if i < beamWidth {
		b.best = append(b.best, r)
	}
	for ; i > 0 && (b.best[i-1].p < r.p || b.best[i-1].p == r.p && b.best[i-1].node > r.node); i-- {
		if i < beamWidth {
			b.best[i] = b.best[i-1]
		}
	}
	if i < beamWidth {
		b.best[i] = r
	}
}

// search adds up the probabilities of the likeliest readings of frames × classes probabilities, class 0 being the blank:
// a prefix beam search (Graves, "Sequence transduction", 2012; Hannun et al., 2014), scaled at each frame.
func (b *beam) search(probs []float32, frames, classes int) []hypothesis {
	b.tree = append(b.tree[:0], prefix{blank: 1})
	b.kept = append(b.kept[:0], 0)
	scale := 1.0
	for f := range frames {
		p := probs[f*classes:][:classes]
		b.follow = b.follow[:0]
		for c := 1; c < classes; c++ {
			if p[c] > beamSymbols {
				b.follow = append(b.follow, int32(c))
			}
		}
		b.others = b.others[:0]
		for _, i := range b.kept {
			n := b.tree[i]
			all := n.blank + n.sound
			b.touch(i)
			b.tree[i].nextBlank += float64(float64(p[0]) * all)
			if n.sym != 0 {
				b.tree[i].nextSound += float64(float64(p[n.sym]) * n.sound)
			}
			for _, c := range b.follow {
				from := all
				if c == n.sym {
					from = n.blank
				}
				if from == 0 {
					continue
				}
				k := b.extend(i, c)
				b.touch(k)
				b.tree[k].nextSound += float64(float64(p[c]) * from)
			}
		}
		sum := 0.0
		b.best = b.best[:0]
		for _, i := range b.others {
			n := &b.tree[i]
			n.blank, n.sound = n.nextBlank, n.nextSound
			n.nextBlank, n.nextSound, n.touched = 0, 0, false
			sum += n.blank + n.sound
			b.rank(ranked{i, n.blank + n.sound})
		}
		// Nodes that were kept and are so no longer keep old values, but those are never read again: only kept ones are.
		b.kept = b.kept[:0]
		for _, r := range b.best {
			b.tree[r.node].blank /= sum
			b.tree[r.node].sound /= sum
			b.kept = append(b.kept, r.node)
		}
		scale *= sum
	}
	out := make([]hypothesis, 0, beamBest)
	for _, i := range b.kept[:min(beamBest, len(b.kept))] {
		h := hypothesis{p: (b.tree[i].blank + b.tree[i].sound) * scale}
		for n := i; n != 0; n = b.tree[n].parent {
			h.syms = append(h.syms, b.tree[n].sym)
		}
		slices.Reverse(h.syms)
		out = append(out, h)
	}
	return out
}

func (b *beam) touch(i int32) {
	if !b.tree[i].touched {
		b.tree[i].touched = true
		b.others = append(b.others, i)
	}
}

// extend returns the prefix i followed by sym.
func (b *beam) extend(i, sym int32) int32 {
	for k := b.tree[i].child; k != 0; k = b.tree[k].sibling {
		if b.tree[k].sym == sym {
			return k
		}
	}
	k := int32(len(b.tree))
	b.tree = append(b.tree, prefix{parent: i, sibling: b.tree[i].child, sym: sym})
	b.tree[i].child = k
	return k
}
