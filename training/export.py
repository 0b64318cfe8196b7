"""Writes a trained network as the Go package reads it, and a few crops with what it says of them, for the Go tests.

    python export.py numbers numbers.pt ../ocr/reading
"""
import argparse
import json
import os
import struct

import cv2
import numpy as np
import torch

import data
import net
import normalise
import train

MAGIC = b"nianbao network 2\n"
GOLDEN = 12
LANES = 8
LARGEST = 2 ** 13 - 1  # of an activation in the Go network, whose sums of products are whole numbers of 32 bits


def folded(model):
    """(weights out,row,column,in; biases; convolution) of each layer, batch normalisation folded in."""
    out = []
    for b in model.body:
        s = (b.norm.weight / torch.sqrt(b.norm.running_var + b.norm.eps)).detach()
        w = b.conv.weight.detach() * s[:, None, None, None]
        out.append((w, (b.norm.bias - b.norm.running_mean * s).detach(), b.conv))
    out.append((model.head.weight.detach(), model.head.bias.detach(), model.head))
    return [(w.permute(0, 2, 3, 1).numpy(), b.numpy(), c) for w, b, c in out]


def whole(w):
    """A layer's weights as whole numbers of 16 bits, and the step of each channel: the finest of which no sum is too large."""
    flat = w.reshape(len(w), -1).astype(np.float64)
    most = np.maximum(np.abs(flat).max(1), 1e-9)
    one_sided = np.maximum(np.maximum(flat, 0).sum(1), np.maximum(-flat, 0).sum(1))
    room = (2 ** 31 - 1) // LARGEST - flat.shape[1]  # rounding adds half of one for each weight
    step = np.maximum(most / 32767, one_sided / room).astype(np.float32)
    return np.rint(flat / step[:, None]).astype(np.int16).reshape(w.shape), step


def packed(w, bias):
    """A layer as ocr/reading/net.go has it: steps and biases, weights in blocks of eight channels, two inputs of each side by side."""
    n, rows, cols, i = w.shape
    out, run = -(-n // LANES) * LANES, -(-cols * i // 2) * 2
    q, step = whole(w)
    a, s = np.zeros((out, rows, run), "<i2"), np.zeros((2, out), "<f4")
    a[:n, :, :cols * i] = q.reshape(n, rows, cols * i)
    s[:, :n] = step, bias
    return s.tobytes() + a.reshape(out // LANES, LANES, rows, run // 2, 2).transpose(0, 2, 3, 1, 4).tobytes()


def unpacked(b, i, n, kernel):
    """What packed was given, in floats, of i inputs and n outputs; and the rest of b."""
    out, run = -(-n // LANES) * LANES, -(-kernel[1] * i // 2) * 2
    step, bias = np.frombuffer(b, "<f4", 2 * out).reshape(2, out)[:, :n]
    a = np.frombuffer(b, "<i2", out * kernel[0] * run, 8 * out).reshape(out // LANES, kernel[0], run // 2, LANES, 2)
    w = a.transpose(0, 3, 1, 2, 4).reshape(out, kernel[0], run)[:n, :, :kernel[1] * i].reshape(n, *kernel, i)
    return w * step[:, None, None, None], bias, b[8 * out + 2 * a.size:]


def opened(path):
    """A file of weights as a network, whose norms only add the biases; and its header."""
    with open(path, "rb") as f:
        b = f.read()
    assert b.startswith(MAGIC), path
    at = len(MAGIC) + 4
    size, = struct.unpack("<I", b[at - 4:at])
    header, b = json.loads(b[at:at + size]), b[at + size:]
    shape = normalise.Shape(**header["shape"])
    m = net.Net(shape.rows, [l["out"] for l in header["layers"][:-1]], len(header["alphabet"]) + 1)
    for l, conv, block in zip(header["layers"], [*(k.conv for k in m.body), m.head], [*m.body, None]):
        w, bias, b = unpacked(b, l["in"], l["out"], l["kernel"])
        conv.weight.data = torch.from_numpy(w).permute(0, 3, 1, 2).contiguous()
        if block is None:
            conv.bias.data = torch.tensor(bias)
            continue
        block.norm.running_mean.zero_()
        block.norm.running_var.fill_(1 - block.norm.eps)
        block.norm.weight.data.fill_(1)
        block.norm.bias.data = torch.tensor(bias)
    assert not b
    m.eval()
    return m, header


def load(path):
    if path.endswith(".weights"):
        m, header = opened(path)
        return m, normalise.Shape(**header["shape"]), header["alphabet"]
    c = torch.load(path, map_location="cpu")
    shape, alphabet, _, _ = data.task(c["name"])
    assert c["alphabet"] == alphabet
    m = net.make(c["name"], shape, alphabet)
    m.load_state_dict(c["model"])
    m.eval()
    return m, shape, alphabet


def rounded(model):
    """Rounds a network's weights as the file does, so that both sides compute the same but for the rounding of activations."""
    layers = folded(model)
    for (w, bias, conv), b in zip(layers, [*model.body, None]):
        q, step = whole(w)
        conv.weight.data = torch.from_numpy(q * step[:, None, None, None]).permute(0, 3, 1, 2).contiguous()
        if b is None:
            continue
        b.norm.running_mean.zero_()
        b.norm.running_var.fill_(1 - b.norm.eps)
        b.norm.weight.data.fill_(1)
        b.norm.bias.data = torch.from_numpy(bias)
    return model


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("name")
    ap.add_argument("model")
    ap.add_argument("dir")
    ap.add_argument("--calibration", help="JSON that calibrate.py wrote")
    a = ap.parse_args()
    model, shape, alphabet = load(a.model)
    cal = {"temperature": 1.0, "slope": 1.0, "offset": 0.0, "missing": .1}
    if a.calibration:
        with open(a.calibration) as f:
            cal = json.load(f)
    layers, body = [], b""
    for w, b, c in folded(model):
        layers.append({"in": c.in_channels, "out": c.out_channels, "kernel": list(c.kernel_size), "stride": list(c.stride), "pad": list(c.padding)})
        body += packed(w, b)
    header = json.dumps({"shape": {"rows": shape.rows, "size": shape.size, "aspect": shape.aspect}, "alphabet": alphabet,
                         "grammar": a.name == "numbers", "calibration": cal, "layers": layers}, ensure_ascii=False).encode()
    with open(os.path.join(a.dir, a.name + ".weights"), "wb") as f:
        f.write(MAGIC + struct.pack("<I", len(header)) + header + body)
    # crops for the tests: two of each level
    rounded(model)
    golden = []
    dst = os.path.join(a.dir, "testdata", a.name)
    os.makedirs(dst, exist_ok=True)
    for k in range(GOLDEN):
        level = k // 2
        for x, t, c in data.samples(a.name, 77 + k, 60, level=level):
            x = normalise.normalise(c.gray, c.digit, shape)
            with torch.no_grad():
                p = model(train.collate([x], [0], None, False))[0]
            if 1 + k % 2 <= len(t) <= 8 and train.greedy(p, alphabet) == t and p.exp().max(1).values.min() > .9:
                break
        else:
            raise SystemExit("no crop that is read well: train first")
        p = p.exp().numpy()
        cv2.imwrite(os.path.join(dst, f"{k:02d}.png"), c.gray)
        top = p.argmax(1)
        golden.append({"file": f"{k:02d}.png", "printed": t, "digit": round(c.digit, 4), "columns": x.shape[1], "ink": int(x.sum()),
                       "classes": top.tolist(), "probabilities": [round(float(v), 5) for v in p[np.arange(len(top)), top]]})
    with open(os.path.join(dst, "golden.json"), "w") as f:
        json.dump(golden, f, ensure_ascii=False, indent=1)
    print(a.name, "written:", len(header) + len(body), "bytes")


if __name__ == "__main__":
    main()
