"""Trains a reader on shards that data.py writes beside it.

    python train.py numbers DIR --shards 300 --out numbers.pt
"""
import argparse
import math
import os
import random
import time

import numpy as np
import torch
from torch.nn import functional as F

import data
import net


def batches(xs, ts, size_px, rng):
    """Batches of inputs of like width, about size_px columns each."""
    order = sorted(range(len(xs)), key=lambda i: (xs[i].shape[1] + rng.uniform(0, 8), i))
    out, cur = [], []
    for i in order:
        if cur and max(xs[i].shape[1], xs[cur[-1]].shape[1]) * (len(cur) + 1) > size_px:
            out.append(cur)
            cur = []
        cur.append(i)
    out.append(cur)
    rng.shuffle(out)
    return out


def collate(xs, idx, nrng, augment):
    """Inputs in one array, moved, stretched in contrast and dirtied a little, so that a shard can be used more than once."""
    w = max(xs[i].shape[1] for i in idx)
    rows = xs[idx[0]].shape[0]
    b = np.zeros((len(idx), rows, w), np.float32)
    for k, i in enumerate(idx):
        x = xs[i]
        if augment:
            dy = int(nrng.integers(-1, 2))
            if dy:
                x = np.roll(x, dy, 0).copy()
                x[0 if dy > 0 else -1] = 0
        b[k, :, :x.shape[1]] = x
    b /= 255
    if augment:
        n = len(idx)
        b = np.clip(b * nrng.uniform(.75, 1.15, (n, 1, 1)).astype(np.float32), 0, 1)
        g = nrng.uniform(.7, 1.4, (n, 1, 1)).astype(np.float32)
        b = b ** g
        s = (nrng.random((n, 1, 1)) < .3) * nrng.uniform(0, .12, (n, 1, 1))
        b = np.clip(b + nrng.standard_normal(b.shape, dtype=np.float32) * s.astype(np.float32), 0, 1)
    return torch.from_numpy(b)[:, None]


def encode(t, alphabet):
    return [alphabet.index(c) + 1 for c in t]


def loss_of(model, x, xs, ts, idx, alphabet):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y = model(x)
    lp = y.transpose(0, 1)
    lengths = torch.tensor([xs[i].shape[1] // 4 for i in idx])
    codes = [encode(ts[i], alphabet) for i in idx]
    return F.ctc_loss(lp, torch.tensor([c for e in codes for c in e], dtype=torch.long), lengths,
                      torch.tensor([len(e) for e in codes]), zero_infinity=True, reduction="sum") / len(idx)


def greedy(lp, alphabet):
    out, last = [], 0
    for k in lp.argmax(1).tolist():
        if k != last and k:
            out.append(alphabet[k - 1])
        last = k
    return "".join(out)


def exact(model, xs, ts, alphabet):
    """Share read exactly, each input at its own width."""
    model.eval()
    ok = 0
    rng = random.Random(0)
    with torch.no_grad():
        for idx in batches(xs, ts, 6000, rng):
            lp = model(collate(xs, idx, None, False))
            for k, i in enumerate(idx):
                ok += greedy(lp[k, :xs[i].shape[1] // 4], alphabet) == ts[i]
    return ok / len(xs)


def mode(model, folded):
    """For training. What a file of weights holds was normalised once and for all: its norms only add biases, and stay so."""
    model.train()
    if folded:
        for b in model.body:
            b.norm.eval()


def wait(path):
    while not os.path.exists(path):
        time.sleep(1)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("name", choices=["numbers", "labels"])
    ap.add_argument("dir")
    ap.add_argument("--shards", type=int, default=300)
    ap.add_argument("--passes", type=int, default=3, help="how often a shard is used, about")
    ap.add_argument("--rate", type=float, default=2.5e-3)
    ap.add_argument("--columns", type=int, default=5000)
    ap.add_argument("--out", required=True)
    ap.add_argument("--resume", help="a model of this program, or a file of weights to train on")
    ap.add_argument("--first", type=int, default=0, help="first shard to train on; earlier ones are only used again")
    ap.add_argument("--threads", type=int, default=1)
    ap.add_argument("--every", type=int, default=5)
    a = ap.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(1)
    shape, alphabet, _, _ = data.task(a.name)
    model = net.make(a.name, shape, alphabet)
    folded = a.resume and a.resume.endswith(".weights")
    if folded:
        import export  # which imports this
        model, _, alphabet_of = export.load(a.resume)
        assert alphabet_of == alphabet, "other labels need a network of their own: train from nothing"
    elif a.resume:
        c = torch.load(a.resume)
        model.load_state_dict(c["model"])
        folded = c.get("folded", False)
    model = model.to(memory_format=torch.channels_last)
    mode(model, folded)
    print(sum(p.numel() for p in model.parameters()), "weights", flush=True)
    opt = torch.optim.AdamW(model.parameters(), lr=a.rate, weight_decay=1e-3, betas=(.9, .99))
    rng, nrng = random.Random(7), np.random.default_rng(7)
    # measured every now and then on a few unseen faces
    path = os.path.join(a.dir, f"{a.name}-held.npz")
    if not os.path.exists(path):
        data.write(path, data.samples(a.name, 5, 2000, test=True))
    vx, vt = data.read(path)
    turn = []
    for k in range(a.first, a.shards):  # the new shard and then old ones, so that nothing waits for data longer than it must
        turn.append(k)
        for p in range(1, a.passes):
            turn.append(rng.randint(0, k))
    t0, seen, ema = time.time(), 0, None
    for step, k in enumerate(turn):
        p = data.shard(a.dir, a.name, k)
        wait(p)
        xs, ts = data.read(p)
        keep = [i for i in range(len(xs)) if len(ts[i]) * 1.3 <= xs[i].shape[1] / 4]
        xs, ts = [xs[i] for i in keep], [ts[i] for i in keep]
        q = batches(xs, ts, a.columns, rng)
        total = 0.
        for j, idx in enumerate(q):
            f = (step + j / len(q)) / len(turn)
            warm = min(1, (step + j / len(q)) / 2)
            for g in opt.param_groups:
                g["lr"] = a.rate * warm * (.02 + .98 * .5 * (1 + math.cos(math.pi * f)))
            x = collate(xs, idx, nrng, True).contiguous(memory_format=torch.channels_last)
            loss = loss_of(model, x, xs, ts, idx, alphabet)
            opt.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 5)
            opt.step()
            total += loss.item() * len(idx)
            seen += len(idx)
        ema = total / len(xs) if ema is None else .8 * ema + .2 * total / len(xs)
        if step % a.every == a.every - 1 or step == len(turn) - 1:
            v = exact(model, vx, vt, alphabet)
            mode(model, folded)
            print(f"step {step + 1}/{len(turn)} shard {k} seen {seen} loss {ema:.4f} held-out exact {100 * v:.2f} {time.time() - t0:.0f}s", flush=True)
            torch.save({"model": model.state_dict(), "alphabet": alphabet, "name": a.name, "folded": bool(folded)}, a.out + ".tmp")
            os.replace(a.out + ".tmp", a.out)


if __name__ == "__main__":
    main()
