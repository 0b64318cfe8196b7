"""The prefix beam search of reading/beam.go, for calibration and measurement."""
WIDTH, LEAST, BEST = 24, 1e-5, 12


def search(p, alphabet):
    """p: frames × classes probabilities. Returns [(text, probability)], best first."""
    kept = {"": (1.0, 0.0)}  # text: probability ending in a blank, and in its last character
    for f in p.tolist():
        follow = [(alphabet[c - 1], v) for c, v in enumerate(f) if c and v > LEAST]
        of = dict(follow)
        new = {}
        for s, (b, n) in kept.items():
            x = new.get(s, (0., 0.))
            last = s[-1:]
            new[s] = (x[0] + f[0] * (b + n), x[1] + (f[alphabet.index(last) + 1] * n if last else 0))
            for c, v in follow:
                w = b if c == last else b + n
                if w:
                    x = new.get(s + c, (0., 0.))
                    new[s + c] = (x[0], x[1] + v * w)
        kept = dict(sorted(new.items(), key=lambda e: -e[1][0] - e[1][1])[:WIDTH])
    return sorted(((s, b + n) for s, (b, n) in kept.items()), key=lambda e: -e[1])[:BEST]
