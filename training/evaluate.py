"""Measures a reader on held-out faces, level by level, beside Tesseract, and writes the table.

    python evaluate.py numbers numbers.pt --calibration numbers.calibration.json --tesseract

Cells are drawn with faces never used in training and handed over with a digit height wrong by 6 % (standard deviation), as a
pipeline would. Exact means the whole cell; a hyphen and a dash count as the same mark. Tesseract gets the same crops scaled to a
digit height of 22 pixels, its best (language eng, page segmentation 7; for labels chi_sim).
"""
import argparse
import json
import os
import random
import subprocess
import tempfile

import cv2
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


def tesseract(items, name):
    """What Tesseract says of each (crop, height of a digit or character)."""
    with tempfile.TemporaryDirectory() as d:
        paths = []
        for i, (gray, digit) in enumerate(items):
            k = 22 / digit
            im = cv2.resize(gray, None, fx=k, fy=k, interpolation=cv2.INTER_AREA if k < 1 else cv2.INTER_CUBIC)
            im = cv2.copyMakeBorder(im, 10, 10, 10, 10, cv2.BORDER_CONSTANT, value=int(np.percentile(im, 80)))
            paths.append(os.path.join(d, f"{i:05d}.png"))
            cv2.imwrite(paths[-1], im)
        with open(os.path.join(d, "list"), "w") as f:
            f.write("\n".join(paths) + "\n")
        lang = "eng" if name == "numbers" else "chi_sim"
        out = subprocess.run(["tesseract", os.path.join(d, "list"), "stdout", "-l", lang, "--psm", "7"], capture_output=True, text=True,
                             env=os.environ | {"OMP_THREAD_LIMIT": "1"}, check=True).stdout
        pages = out.split("\f")  # form feeds stand between the images
        assert len(pages) == len(items), (len(pages), len(items))
        return pages


def same(a, b):
    return a.replace("—", "-") == b.replace("—", "-")


def edits(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("name")
    ap.add_argument("model")
    ap.add_argument("--calibration")
    ap.add_argument("--count", type=int, default=1500)
    ap.add_argument("--tesseract", action="store_true")
    ap.add_argument("--out")
    a = ap.parse_args()
    torch.set_num_threads(1)
    model, shape, alphabet = export.load(a.model)
    export.rounded(model)
    cal = {"temperature": 1, "slope": 1, "offset": 0, "missing": .1}
    if a.calibration:
        with open(a.calibration) as f:
            cal = json.load(f)
    numbers = a.name == "numbers"
    head = "| level | cells | exact | among the rivals | one digit | blanks kept blank | said ≥ 0.999 | of them wrong |" if numbers else \
        "| level | lines | exact | characters right |"
    if a.tesseract:
        head += " Tesseract |" if numbers else " Tesseract, characters right |"
    lines = [head, "|" + "---|" * (head.count("|") - 1)]
    for level in range(6):
        rng = random.Random(31 + level)
        items = data.samples(a.name, 31000 + level, a.count, test=True, level=level)
        blanks = [c for _, t, c in items if not t]
        items = [(c, t) for _, t, c in items if t and text.OTHER not in t]
        crops = [(c, c.digit * rng.lognormvariate(0, .06)) for c, _ in items]
        xs = [normalise.normalise(c.gray, d, shape) for c, d in crops]
        lps = calibrate.logits(model, xs, alphabet)
        exact = rivals = sure = wrong = one = ones = errors = chars = 0
        for lp, (c, t) in zip(lps, items):
            found = beam.readings(F.softmax(lp / cal["temperature"], 1).numpy().astype(np.float64), alphabet, numbers)
            ok = same(found[0][0], t)
            p = min(max(found[0][1], 1e-9), 1 - 1e-9)
            p = 1 / (1 + np.exp(-(cal["slope"] * np.log(p / (1 - p)) + cal["offset"])))
            exact += ok
            rivals += any(same(s, t) for s, _ in found)
            sure += p >= .999
            wrong += p >= .999 and not ok
            if len(t) == 1 and t.isdigit():
                ones += 1
                one += ok
            errors += edits(found[0][0], t)
            chars += len(t)
        n = len(items)
        pct = lambda k, m: f"{100 * k / max(1, m):.2f}"
        if numbers:
            bx = [normalise.normalise(c.gray, c.digit, shape) for c in blanks]
            kept = sum(beam.search(lp.exp().numpy().astype(np.float64), alphabet)[0][0] == "" for lp in calibrate.logits(model, bx, alphabet))
            row = f"| {level} {sheet.LEVELS[level]} | {n} | {pct(exact, n)} | {pct(rivals, n)} | {pct(one, ones)} | {kept} of {len(blanks)} | {pct(sure, n)} % | {wrong} |"
        else:
            row = f"| {level} {sheet.LEVELS[level]} | {n} | {pct(exact, n)} | {100 * (1 - errors / chars):.2f} |"
        if a.tesseract:
            said = [text.target(s, alphabet) for s in tesseract([(c.gray, c.digit) for c, _ in items], a.name)]
            if numbers:
                row += f" {pct(sum(same(s, t) for s, (_, t) in zip(said, items)), n)} |"
            else:
                row += f" {100 * (1 - sum(edits(s, t) for s, (_, t) in zip(said, items)) / chars):.2f} |"
        lines.append(row)
        print(row, flush=True)
    if a.out:
        with open(a.out, "w") as f:
            f.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
