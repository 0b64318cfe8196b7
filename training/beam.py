"""The prefix beam search and the grammar of numbers of the Go package, for calibration and measurement."""
import re

WIDTH, LEAST, BEST = 24, 1e-5, 12
MALFORMED = .03
NUMBER = re.compile(r"[-+—]?(0|[1-9]\d*|[1-9]\d{0,2}(,\d{3})+)(\.\d+)?")


def well_formed(s):
    """As ocr/reading/grammar.go."""
    if s in ("", "/", "-", "—", "+"):
        return True
    if s.count("(") != s.count(")") or s.count("(") > 1:
        return False
    rest = s.lstrip("0123456789.,+-—")
    head = s[:len(s) - len(rest)]
    if rest and rest[0] not in "(□":
        return False
    if rest:
        head = head.removesuffix(".")
    return not head or bool(NUMBER.fullmatch(head))


def readings(p, alphabet, grammar):
    """[(text, probability)], best first, what no one would print weighed down."""
    found = search(p, alphabet)
    if not grammar:
        return found
    before = sum(q for _, q in found)
    found = [(s, q if well_formed(s) else q * MALFORMED) for s, q in found]
    after = sum(q for _, q in found)
    return sorted(((s, q * before / after) for s, q in found), key=lambda e: -e[1])


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
