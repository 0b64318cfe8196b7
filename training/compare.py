"""Measures several networks on the same lines, kind by kind, in faces that none was trained on, and writes the table.

    python compare.py labels ../ocr/reading/labels.weights $D/labels.weights

The lines are drawn with seeds of their own by sheet.py (its levels 0 to 5) and wild.py (its kinds) and handed over with a height
of print wrong by 6 % (standard deviation), as evaluate.py has it. Networks are files of weights, which hold their calibration.
"""
import argparse
import random

import numpy as np
import torch
from torch.nn import functional as F

import beam
import calibrate
import data
import export
import normalise
import sheet
import text
import wild
from evaluate import edits, same

COUNT = 400


class Tally:
    """What one network made of lines."""

    def __init__(self):
        self.lines = self.exact = self.errors = self.chars = self.sure = self.wrong = 0
        self.said = []  # (probability, right)

    def add(self, read, p, truth):
        ok = same(read, truth)
        self.lines += 1
        self.exact += ok
        self.errors += edits(read, truth)
        self.chars += len(truth)
        self.said.append((p, ok))
        self.sure += p >= .999
        self.wrong += p >= .999 and not ok

    def sum(self, other):
        for k, v in vars(other).items():
            setattr(self, k, getattr(self, k) + v)

    def cells(self, numbers):
        pct = lambda k, n: f"{100 * k / max(1, n):.2f}"
        if numbers:
            return [pct(self.exact, self.lines), pct(self.sure, self.lines) + " %", str(self.wrong)]
        return [pct(self.exact, self.lines), f"{100 * (1 - self.errors / max(1, self.chars)):.2f}"]


BINS = [0, .5, .8, .9, .95, .98, .99, .995, .999, .9999, 1.1]


def reliability(tallies):
    """What networks said of their readings, and how many of these were right."""
    out = ["| said from |" + "".join(f" lines, {k + 1} | said on average | right |" for k in range(len(tallies))), "|" + "---|" * (1 + 3 * len(tallies))]
    for lo, hi in zip(BINS, BINS[1:]):
        row = [f"{lo:g}"]
        for t in tallies:
            of = [(p, ok) for p, ok in t.said if lo <= p < hi]
            n = max(1, len(of))
            row += [str(len(of)), f"{sum(p for p, _ in of) / n:.4f}", f"{sum(ok for _, ok in of) / n:.4f}"]
        out.append("| " + " | ".join(row) + " |")
    return out


def readings(model, header, crops):
    """The best reading of every (gray, height), and its calibrated probability."""
    shape, cal, alphabet = normalise.Shape(**header["shape"]), header["calibration"], header["alphabet"]
    xs = [normalise.normalise(g, d, shape) for g, d in crops]
    for lp in calibrate.logits(model, xs, alphabet):
        s, p = beam.readings(F.softmax(lp / cal["temperature"], 1).numpy().astype(np.float64), alphabet, header["grammar"])[0]
        p = min(max(p, 1e-9), 1 - 1e-9)
        yield s, 1 / (1 + np.exp(-(cal["slope"] * np.log(p / (1 - p)) + cal["offset"])))


def lines(name, level, count):
    """The lines of a level: crop, height to go by, what is printed."""
    rng = random.Random(131 + level)
    out = []
    for _, t, c in data.samples(name, 62000 + level, count, test=True, level=level):
        d = c.digit * rng.lognormvariate(0, .06)
        if t and text.OTHER not in t:
            out.append((c.gray, d, t))
    return out


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("name", choices=["numbers", "labels"])
    ap.add_argument("weights", nargs="+")
    ap.add_argument("--count", type=int, default=COUNT)
    ap.add_argument("--out")
    a = ap.parse_args()
    torch.set_num_threads(1)
    networks = [export.opened(w) for w in a.weights]
    numbers = a.name == "numbers"
    columns = ["exact", "said ≥ 0.999", "of them wrong"] if numbers else ["exact", "characters right"]
    head = ["kind", "lines"] + [f"{c}, {k + 1}" if len(networks) > 1 else c for k in range(len(networks)) for c in columns]
    table = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    total = [Tally() for _ in networks]
    for level, kind in enumerate(sheet.LEVELS[:-1] + [None] + wild.KINDS):
        if kind is None:
            continue  # the mixed level is for training
        items = lines(a.name, level, a.count)
        row = [kind, str(len(items))]
        for (model, header), t in zip(networks, total):
            one = Tally()
            for (s, p), (_, _, truth) in zip(readings(model, header, [(g, d) for g, d, _ in items]), items):
                one.add(s, p, truth)
            row += one.cells(numbers)
            t.sum(one)
        table.append("| " + " | ".join(row) + " |")
        print(table[-1], flush=True)
    table.append("| " + " | ".join(["**all**", str(total[0].lines)] + [c for t in total for c in t.cells(numbers)]) + " |")
    table += ["", *reliability(total)]
    print("\n".join(table[-len(BINS) - 3:]))
    if a.out:
        with open(a.out, "w") as f:
            f.write("\n".join(table) + "\n")


if __name__ == "__main__":
    main()
