"""From a gray crop to the network's input. ocr/reading/normalise.go does the same, step for step: change both or neither."""
from dataclasses import dataclass

import numpy as np
from PIL import Image


@dataclass(frozen=True)
class Shape:
    """The input of a network."""
    rows: int      # height of the input
    size: int      # height that a digit (or a Han character) is scaled to
    aspect: float  # how much wider than high a pixel of the input is drawn


NUMBERS = Shape(rows=28, size=16, aspect=1.25)
LABELS = Shape(rows=32, size=22, aspect=1.0)

MIN_CONTRAST = 40.0   # gray levels: less than this between paper and ink is noise
MAX_COLUMNS = 4096
PAD = 6               # blank columns kept on both sides
EDGE = 4              # rows at the edge of the crop that count less
WORD_SIZE = 22        # pixels that a character of words is high: digits are lower
INK = 90              # of 255: what counts as ink when the line is located


def weights(rows, size):
    """How much ink in row j of the window counts: a digit's height fully, less towards the edges, the middle a little more."""
    d2 = np.abs(2 * np.arange(rows) - (rows - 1))  # twice the distance from the middle
    flat, out = size + 1, rows + 1
    w = np.where(d2 <= flat, 4000, 4000 * (out - d2) // (out - flat))
    return (w - d2 * d2).astype(np.int64)


def resample(gray, width, height):
    """Triangle filter, widened where the image shrinks (PIL's BILINEAR on floats)."""
    return np.asarray(Image.fromarray(gray.astype(np.float32)).resize((width, height), Image.Resampling.BILINEAR), np.float32)


def stretch(v):
    """Gray levels to ink, 0 to 255: paper is what four fifths of the pixels are darker than, ink the darkest hundredth."""
    n = v.size
    order = np.sort(np.clip(np.floor(v + np.float32(.5)), 0, 255).astype(np.int32), axis=None)
    paper = int(order[n - 1 - n // 5])
    ink = int(order[min(n - 1, max(6, n // 100))])
    k = np.float32(255 / max(paper - ink, MIN_CONTRAST))
    return np.clip(np.floor((np.float32(paper) - v) * k + np.float32(.5)), 0, 255).astype(np.int64)


def stroke(row):
    """Length of the longest run of ink in a row."""
    d = np.flatnonzero(np.diff(np.concatenate([[0], (row >= INK).astype(np.int8), [0]])))
    return int((d[1::2] - d[::2]).max()) if len(d) else 0


def inside(x, shape):
    """The part of the crop between what is left of rulings: top, bottom, left, right."""
    h, w = x.shape
    top, bottom, left, right = 0, h, 0, w
    t = shape.size // 2
    if h >= shape.size * 7 // 8 + t:
        # A ruling is one stroke; bold print is as dark, and lost its upper or lower half. The strokes of two bold digits run together
        # over half of a line; lines of words are longer, and rulings break on faxes.
        whole = 4 if shape.size >= WORD_SIZE else 7
        ruled = lambda i: x[i].sum() * 5 > 255 * 2 * w and stroke(x[i]) * 10 >= whole * w
        top = max([i + 2 for i in range(min(t, h // 4)) if ruled(i)], default=0)
        bottom = min([i - 1 for i in range(max(h - t, h - h // 4), h) if ruled(i)], default=h)
    if 4 * h >= 5 * shape.size and w >= 2 * t:
        dark = x[top:bottom].sum(0) * 5 > 255 * 3 * h
        left = max([i + 2 for i in range(min(t, w // 4)) if dark[i]], default=0)
        right = min([i - 1 for i in range(max(w - t, w - w // 4), w) if dark[i]], default=w)
    return top, bottom, left, right


def normalise(gray, digit, shape):
    """gray: uint8 crop, dark on light. Returns (rows, columns) uint8, ink 255, columns a multiple of 4."""
    h0, w0 = gray.shape
    s = shape.size / digit
    h = max(1, int(h0 * s + .5))
    w = min(MAX_COLUMNS, max(1, int(w0 * s * shape.aspect + .5)))
    v = resample(gray, w, h)
    x = stretch(v)
    # Remains of rulings at the edges go, and the contrast is taken again without them: they may be far blacker than the print.
    top, bottom, left, right = inside(x, shape)
    x[:top] = 0
    x[bottom:] = 0
    x[:, :left] = 0
    x[:, right:] = 0
    if (bottom - top, right - left) != (h, w):
        x[top:bottom, left:right] = stretch(v[top:bottom, left:right])
    # the window of rows with most ink
    m = np.where(x >= INK, x, 0)
    r = m.sum(1)
    for i in range(min(EDGE, h // 2)):  # at the very edge it is more often a ruling than print
        r[i] = r[i] * (i + 1) // (EDGE + 1)
        r[h - 1 - i] = r[h - 1 - i] * (i + 1) // (EDGE + 1)
    rows = shape.rows
    p = np.zeros(h + 2 * rows, np.int64)
    p[rows:rows + h] = r
    wt = weights(rows, shape.size)
    score = np.lib.stride_tricks.sliding_window_view(p, rows)[1:rows + h] @ wt  # first row from 1-rows to h-1
    y = np.arange(1 - rows, h)
    best = score.max()
    if best > 0:
        y0 = int(y[np.argmax(score)])
    else:
        y0 = (h - rows) // 2
    win = np.zeros((rows, w), np.int64)
    a, b = max(0, y0), min(h, y0 + rows)
    win[a - y0:b - y0] = x[a:b]
    # the columns with ink
    c = np.where(win >= INK, win, 0).sum(0)
    at = np.nonzero(c >= 204)[0]
    if len(at) == 0:
        return np.zeros((rows, 4 * PAD), np.uint8)
    lo, hi = max(0, int(at[0]) - PAD), min(w, int(at[-1]) + 1 + PAD)
    left = PAD - (int(at[0]) - lo)
    width = left + hi - lo + PAD - (hi - int(at[-1]) - 1)
    width = max(4 * PAD, (width + 3) // 4 * 4)
    out = np.zeros((rows, width), np.uint8)
    out[:, left:left + hi - lo] = win[:, lo:hi]
    return out
