"""Shards of samples: a shard is a pure function of its number, so any machine makes the same ones.

    python data.py numbers DIR FIRST COUNT [STEP]
"""
import os
import random
import sys

import numpy as np

import fonts
import normalise
import sheet
import text
import wild

SHARD = 4096
# How often each level is drawn: those of sheet.py, then the kinds of wild.py, of which faxes, copies and bilevel pages are hardest.
LEVEL_WEIGHTS = [2, 3, 5, 8, 5, 9, 12] + [8, 5, 11, 12, 6, 11, 8, 5]
# How wrong the height handed to the reader may be, log-normal; and, one in six, where it is that of other print on the page.
SCALE_JITTER, OTHER_PRINT = .085, .25


def task(name):
    """Shape, alphabet, and the text of a cell for a face."""
    if name == "numbers":
        return normalise.NUMBERS, text.NUMBERS, sheet.number_texts(), "digit"
    import labels
    return normalise.LABELS, labels.alphabet(), labels.label_texts(), "han"


def faces_for(name, test):
    fs = [f for f in fonts.faces() if f.test == test]
    if name == "labels":
        import labels
        return [f for f in labels.faces() if f.test == test]
    # a family of many weights counts no more than four times; Times and the Chinese faces count more
    out = []
    by = {}
    for f in fs:
        by.setdefault(f.family, []).append(f)
    for fam, l in sorted(by.items()):
        times = 6 if l[0].times else 2 if l[0].cjk else 1
        if "Liberation Serif" in fam:
            times = 14
        if l[0].simplified:
            times = 3
        for k in range(max(times, min(4, len(l)) if not l[0].cjk else times)):
            out.append(l[k % len(l)])
    return out


def samples(name, seed, count, test=False, level=None, faces=None):
    """count of (input, target text, Crop)."""
    wrong = not test and level is None  # for training alone
    shape, alphabet, of, unit = task(name)
    rng, nrng = random.Random(seed), np.random.default_rng(seed)
    faces = faces or faces_for(name, test)
    out = []
    while len(out) < count:
        lv = level if level is not None else rng.choices(range(len(LEVEL_WEIGHTS)), LEVEL_WEIGHTS)[0]
        crops = sheet.draw(rng, nrng, faces, of, lv, unit) if lv < wild.FIRST else wild.draw(rng, nrng, faces, of, wild.KINDS[lv - wild.FIRST], unit)
        rng.shuffle(crops)
        for c in crops[:160]:
            x = normalise.normalise(c.gray, c.digit * rng.lognormvariate(0, OTHER_PRINT if wrong and rng.random() < 1 / 6 else SCALE_JITTER), shape)
            out.append((x, text.target(c.text, alphabet), c))
    return out[:count]


def write(path, items):
    w = np.array([x.shape[1] for x, _, _ in items], np.int32)
    np.savez(path + ".tmp.npz", x=np.concatenate([x for x, _, _ in items], 1), w=w, t=np.array([t for _, t, _ in items]), level=np.array([c.level for _, _, c in items], np.int8))
    os.replace(path + ".tmp.npz", path)


def read(path):
    with np.load(path) as z:
        x, w, t = z["x"], z["w"], z["t"]
    at = np.concatenate([[0], np.cumsum(w)])
    return [x[:, at[i]:at[i + 1]] for i in range(len(w))], [str(s) for s in t]


def shard(directory, name, k):
    return os.path.join(directory, f"{name}-{k:05d}.npz")


if __name__ == "__main__":
    name, directory, first, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    os.makedirs(directory, exist_ok=True)
    for k in range(first, first + count, int(sys.argv[5]) if len(sys.argv) > 5 else 1):
        p = shard(directory, name, k)
        if not os.path.exists(p):
            write(p, samples(name, 1000 + k, SHARD))
