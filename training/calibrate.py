"""Fits what a reader may believe of itself, on held-out faces: python calibrate.py numbers numbers.pt numbers.calibration.json

The temperature minimises the CTC loss of the truth; slope and offset make the best reading's probability that of its being
right (Platt); missing is how often the truth is not among the rivals when the best is wrong.
"""
import argparse
import json
import math
import random

import numpy as np
import torch
from torch.nn import functional as F

import beam
import data
import export
import train

LEVELS = [1, 1, 2, 3, 3, 4, 4] + [2] * 8  # how often each level is drawn, and each kind of wild.py
COUNT = 4000


def logits(model, xs, alphabet):
    """Log probabilities of each input at temperature 1."""
    out = [None] * len(xs)
    with torch.no_grad():
        for idx in train.batches(xs, None, 6000, random.Random(0)):
            lp = model(train.collate(xs, idx, None, False))
            for k, i in enumerate(idx):
                out[i] = lp[k, :xs[i].shape[1] // 4].clone()
    return out


def loss(lps, ts, alphabet, t):
    total = 0.
    for lp, s in zip(lps, ts):
        q = F.log_softmax(lp / t, 1)
        code = train.encode(s, alphabet)
        total += min(30., F.ctc_loss(q[:, None], torch.tensor([code], dtype=torch.long).reshape(1, -1), torch.tensor([len(q)]), torch.tensor([len(code)]), reduction="sum").item())
    return total / len(lps)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("name")
    ap.add_argument("model")
    ap.add_argument("out")
    ap.add_argument("--count", type=int, default=COUNT)
    a = ap.parse_args()
    torch.set_num_threads(1)
    model, shape, alphabet = export.load(a.model)
    export.rounded(model)
    items = []
    for level, share in enumerate(LEVELS):
        items += data.samples(a.name, 4000 + level, a.count * share // sum(LEVELS), test=True, level=level)
    xs, ts = [x for x, _, _ in items], [t for _, t, _ in items]
    lps = logits(model, xs, alphabet)
    some = random.Random(1).sample(range(len(xs)), min(2500, len(xs)))
    temps = [.8, .9, 1, 1.1, 1.2, 1.3, 1.45, 1.6, 1.8]
    losses = [loss([lps[i] for i in some], [ts[i] for i in some], alphabet, t) for t in temps]
    t = temps[int(np.argmin(losses))]
    print("loss by temperature", {k: round(v, 4) for k, v in zip(temps, losses)})
    z, ok, missing, wrong = [], [], 0, 0
    for lp, s in zip(lps, ts):
        best = beam.readings(F.softmax(lp / t, 1).numpy().astype(np.float64), alphabet, a.name == "numbers")
        p = min(max(best[0][1], 1e-9), 1 - 1e-9)
        z.append(math.log(p / (1 - p)))
        ok.append(best[0][0] == s)
        if best[0][0] != s:
            wrong += 1
            missing += s not in [b for b, _ in best]
    z, ok = torch.tensor(z), torch.tensor(ok, dtype=torch.float32)
    w = torch.tensor([1., 0.], requires_grad=True)
    opt = torch.optim.LBFGS([w], max_iter=100)

    def step():
        opt.zero_grad()
        v = F.binary_cross_entropy_with_logits(z * w[0] + w[1], ok) + 1e-3 * (w[0] - 1) ** 2
        v.backward()
        return v
    opt.step(step)
    cal = {"temperature": t, "slope": round(w[0].item(), 4), "offset": round(w[1].item(), 4), "missing": round((missing + 1) / (wrong + 2), 4)}
    p = torch.sigmoid(z * w[0] + w[1]).detach()
    print("right", f"{100 * ok.mean():.2f}%", cal)
    for lo, hi in [(0, .5), (.5, .8), (.8, .9), (.9, .95), (.95, .98), (.98, .99), (.99, .995), (.995, .998), (.998, .999), (.999, .9995), (.9995, 1)]:
        m = (p > lo) & (p <= hi)
        if m.any():
            print(f"  {lo:.4f}-{hi:.4f}: {int(m.sum()):5d} readings, said {p[m].mean():.4f}, right {ok[m].mean():.4f}")
    with open(a.out, "w") as f:
        json.dump(cal, f)


if __name__ == "__main__":
    main()
