"""Fits what the readings of a cell are worth: python evidence.py RECORD.jsonl [TEST.jsonl] [--go ../check/weights.go]

RECORD is written by `go run ./internal/dev/accuracy/readings` (check/testdata/README.md), of other seeds than the record that the
simulation draws from, which is TEST: its loss is printed beside the record's own, after one look and after two. The model is a
conditional logit (McFadden 1974): of the values that a cell may print, k is printed with a chance in proportion to

    first(k)^a                exp(confused(read, k))    after one look
    first(k)^b  again(k)^c    exp(confused(read, k))    after a second one

where first and again are the probabilities that the looks give k, and confused has a number for every digit that is read instead of
another, for every digit that is read though it is not there, and for every one that is lost, held near 0 by a ridge; other numbers
after one look than after two. That no value which was read is printed has a weight of its own, the same for both: a second look is
asked for the truth. check/options.go reckons the same.
"""
import argparse
import json
import math
import re

import numpy as np
from scipy.optimize import minimize

LEFT = 1 / 30  # of what a look leaves to readings that it does not name goes to each value ...
FIRST, AGAIN = 1e-6, 1e-4  # ... and at least so much
BLANK = 0.5  # the least probability of a blank; below it is ink that was not read
UNREAD = "□"
DIGITS = "0123456789"
PAIRS = [(a, b) for a in DIGITS for b in DIGITS if a != b]
KEYS = [("instead",) + p for p in PAIRS] + [("extra", d) for d in DIGITS] + [("lost", d) for d in DIGITS] + [("other",), ("unread",)]
PLACE = {k: i for i, k in enumerate(KEYS)}
SLOPES = 4  # of first and again, and the weight of what is not read where a figure is read and where none is
RIDGE = 1.0  # from a tenth to two the loss on other reports is within a tenth


def number(s):
    return int(s) if re.fullmatch(r"0|[1-9]\d*", s) else None


def confusion(read, k):
    """The kind of error in which read stands for k, or None where it is right or no figure was read."""
    if read is None or read == k:
        return None
    a, b = str(read), str(k)
    if len(a) == len(b):
        d = [(x, y) for x, y in zip(a, b) if x != y]
        if len(d) == 1:
            return ("instead",) + d[0]
    for i, x in enumerate(a):
        if a[:i] + a[i + 1:] == b:
            return ("extra", x)
    for i, x in enumerate(b):
        if b[:i] + b[i + 1:] == a:
            return ("lost", x)
    return ("other",)


class Line:
    """A line of the record. first and again are what the looks give to values, floor what each gives to one that it does not name."""

    def __init__(self, text):
        truth, first, again, score, second, _, _, _, self.weight = json.loads(text)
        self.truth = number(truth)
        top = first[0][0]
        self.nothing = top.strip("-—/一 ") == "" and (top != "" or first[0][1] >= BLANK)
        self.read = number(top)
        self.floor = [max(e, LEFT * (1 - sum(p for _, p in l))) for e, l in ((FIRST, first), (AGAIN, again))]
        self.first, self.again = self.gather(first), self.gather(again)
        if score > 0:
            self.again.setdefault(self.truth, score)
        if self.truth in self.again:
            self.again[self.truth] = max(self.again[self.truth], score)
        self.second = number(second)
        self.values = set(self.first), set(self.first) | set(self.again)
        for found, list_ in ((self.first, first), (self.again, again)):
            for raw, p in list_:
                if raw.count(UNREAD) == 1:
                    for k in self.values[1]:
                        if re.fullmatch(re.escape(raw).replace(UNREAD, r"\d"), str(k)):
                            found[k] = found.get(k, 0) + p / 10
        if self.second is not None:
            for v in self.values:
                v.add(self.second)

    @staticmethod
    def gather(list_):
        out = {}
        for raw, p in list_:
            if (v := number(raw)) is not None:
                out[v] = out.get(v, 0) + p
        return out

    def rows(self, looks):
        """What the weights are multiplied with, for each value and for one that was not read; and which is the truth."""
        values = sorted(self.values[looks - 1])
        m = np.zeros((len(values) + 1, SLOPES + len(KEYS)))
        for x, k in zip(m, values):
            x[0] = math.log(self.first.get(k, 0) + self.floor[0])
            if looks == 2:
                x[1] = math.log(self.again.get(k, 0) + self.floor[1])
            if self.read is None and k == 0:
                x[SLOPES + PLACE[("unread",)]] = 1
            if (c := confusion(self.read, k)) is not None:
                x[SLOPES + PLACE[c]] = 1
        m[-1, 2 if self.read is not None else 3] = 1
        return m, values.index(self.truth) if self.truth in values else len(values)


def load(path):
    with open(path) as f:
        return [x for x in map(Line, f) if not x.nothing]


def stack(lines, looks):
    all_ = [x.rows(looks) for x in lines]
    n = max(len(m) for m, _ in all_)
    a, mask = np.zeros((len(all_), n, SLOPES + len(KEYS))), np.full((len(all_), n), -np.inf)
    for i, (m, _) in enumerate(all_):
        a[i, :len(m)], mask[i, :len(m)] = m, 0
    return a, mask, np.array([y for _, y in all_]), np.array([x.weight for x in lines], float)


def loss(w, a, mask, y, weight):
    u = a @ w + mask
    u -= u.max(1, keepdims=True)
    p = np.exp(u)
    p /= p.sum(1, keepdims=True)
    i = np.arange(len(y))
    g = (p[:, :, None] * a).sum(1) - a[i, y]
    return -(np.log(np.maximum(p[i, y], 1e-300)) * weight).sum(), (g * weight[:, None]).sum(0)


def fit(lines, looks, ridge):
    set_ = stack(lines, looks)
    pull = np.full(SLOPES + len(KEYS), 1e-3)
    pull[SLOPES:] = ridge

    def f(w):
        l, g = loss(w, *set_)
        return l + (pull * w * w).sum(), g + 2 * pull * w
    return minimize(f, np.zeros(len(pull)), jac=True, method="L-BFGS-B", options={"maxiter": 2000}).x


def main():
    p = argparse.ArgumentParser()
    p.add_argument("record")
    p.add_argument("test", nargs="?")
    p.add_argument("--ridge", type=float, default=RIDGE)
    p.add_argument("--go")
    o = p.parse_args()
    lines = load(o.record)
    test = load(o.test) if o.test else []
    worth = [fit(lines, looks, o.ridge) for looks in (1, 2)]
    worth[1][2:SLOPES] = worth[0][2:SLOPES]
    for looks, w in enumerate(worth, 1):
        print("looks", looks, "slopes", np.round(w[:2], 3), *("%s %.0f" % (n, loss(w, *stack(x, looks))[0]) for n, x in (("record", lines), ("test", test)) if x))
    if o.go:
        with open(o.go, "w") as f:
            f.write("// Code generated by training/evidence.py; DO NOT EDIT.\n\npackage check\n\n")
            f.write("// What looks at a cell are worth: one, and two.\nvar (\n%s\n%s)\n" % (source("oneLook", worth[0]), source("twoLooks", worth[1])))


def source(name, w):
    def row(xs):
        return ", ".join("%.2f" % x for x in xs)

    def at(*k):
        return w[SLOPES + PLACE[k]]
    return "\n".join([
        name + " = worth{",
        "first: %.3f, again: %.3f, unlisted: %.3g, unread: %.3g, otherwise: %.2f, zero: %.2f," % (
            w[0], w[1], math.exp(w[2]), math.exp(w[3]), at("other"), at("unread")),
        "instead: [10][10]float64{", *("{%s}," % row(0 if a == b else at("instead", a, b) for b in DIGITS) for a in DIGITS), "},",
        "extra: [10]float64{%s}," % row(at("extra", d) for d in DIGITS),
        "lost: [10]float64{%s}," % row(at("lost", d) for d in DIGITS), "}", ""])


if __name__ == "__main__":
    main()
