"""Tables as an office's printer and a browser set them, and the eight ways in which such pages come to an archive.

sheet.py draws even rows of print that is large enough. Here print goes down to 6.5 points and 96 dpi, cells are narrow and low, figures
stand at walls, lines of a label touch, rules go from hair to bold, gray, dotted or doubled, and headers are filled. Every measure
is drawn at random from a range; no page, real or of another program, is looked at.
"""
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw

import sheet
from sheet import Crop

KINDS = ["office", "sealed", "fax", "bilevel", "phone", "copy", "screen", "aged"]
FIRST = len(sheet.LEVELS)  # the level of the first kind, after those of sheet.py

# Resolutions that pages of a kind have in the end; copies are made of a print of 300 dpi, photographs of one of 220.
DPI = {"office": [150, 150, 200, 200, 300], "sealed": [150, 200, 200, 300], "fax": [200, 204, 204], "bilevel": [150, 200, 200, 300],
       "phone": [150, 155, 190, 240, 310], "copy": [150, 150, 200], "screen": [96, 96, 110, 120, 130, 144], "aged": [150, 200, 200]}
PRINTED = {"copy": 300, "phone": 220}
LEAST_EM = 8.5  # pixels: smaller characters no one can read


@dataclass
class Style:
    """How one table is set: measures in pixels of the printed sheet."""
    face: object      # of the labels
    figures: object   # of the digits in them
    em: float
    pitch: float      # from line to line, in ems
    pad_x: float
    pad_y: float
    rule: float
    rule_gray: int
    dotted: int       # length of a dash, 0: drawn through
    double: bool
    walls: bool       # rules between columns
    fill: int         # gray of the cells
    ink: int
    bold: float
    spacing: float
    align: float      # 0 left, .5 middle, 1 right


def style(rng, faces, unit, dpi):
    px = dpi / 72
    face = rng.choice(faces)
    dotted = rng.random() < .06
    return Style(face=face, figures=rng.choice(faces) if rng.random() < .5 else face,
                 em=max(LEAST_EM, px * rng.choice([rng.uniform(6.5, 8), rng.uniform(6.5, 8.5), rng.uniform(8, 10.5), rng.uniform(9, 12), rng.uniform(10, 14)])),
                 pitch=rng.choice([1, 1, 1.05, 1.1, 1.15, rng.uniform(1, 1.5)]),
                 pad_x=px * rng.choice([.4, 1, 1, 2, 3, 5]) * rng.uniform(.7, 1.3), pad_y=px * rng.choice([0, .2, .5, 1, 2, 3, 5, rng.uniform(2, 9)]),
                 rule=px * rng.choice([.3, .4, .5, .5, .75, 1, 1, 1.5, rng.uniform(.3, 2.4)]), rule_gray=rng.choice([0, 0, 0, 0, 51, 51, 102, 153, 187, rng.randint(0, 190)]),
                 dotted=max(1, round(px * rng.uniform(.8, 2.5))) if dotted else 0, double=not dotted and rng.random() < .06, walls=rng.random() < .9,
                 fill=rng.choice([255] * 6 + [242, 217, 229, rng.randint(200, 250)]), ink=rng.choice([0] * 7 + [30, 51, rng.randint(0, 90)]),
                 bold=px * rng.uniform(.25, .5) if rng.random() < .14 else 0, spacing=px * rng.choice([0, 0, 0, 0, rng.uniform(-.25, .5)]),
                 align=rng.choice([.5] * 7 + [0, 1]))


class Pen:
    """Draws text on a sheet that is drawn finer by over: letter by letter, so that faces may mix and letters be spaced."""

    def __init__(self, draw, over):
        self.d, self.o = draw, over

    def runs(self, text, st):
        """The text in pieces of one face."""
        if st.spacing == 0 and st.figures is st.face:
            return [(text, st.face)]
        of = lambda c: st.figures if c < "\x7f" and ord(c) in st.figures.chars else st.face
        return [(c, of(c)) for c in text]

    def font(self, face, st):
        return sheet._font(face.path, face.index, st.em * self.o)

    def width(self, text, st):
        return sum(self.font(f, st).getlength(s) / self.o + st.spacing for s, f in self.runs(text, st)) - (st.spacing if text else 0)

    def text(self, x, base, text, st):
        for s, f in self.runs(text, st):
            font = self.font(f, st)
            self.d.text((x * self.o, base * self.o), s, font=font, fill=st.ink, anchor="ls", stroke_width=int(st.bold * self.o / 2 + .5))
            x += font.getlength(s) / self.o + st.spacing

    def rule(self, x0, y0, x1, y1, st):
        o, w = self.o, max(1, int(st.rule * self.o + .5))
        along = x1 > x0
        spans = [(0, max(x1 - x0, y1 - y0))]
        if st.dotted:
            spans = [(a, a + st.dotted) for a in range(0, int(spans[0][1]), 2 * st.dotted)]
        for shift in ((-1.1 * st.rule, 1.1 * st.rule) if st.double else (0,)):
            for a, b in spans:
                p = (x0 + a, y0 + shift, x0 + b, y0 + shift) if along else (x0 + shift, y0 + a, x0 + shift, y0 + b)
                self.d.line([v * o for v in p], fill=st.rule_gray, width=max(1, w // 2) if st.double else w)


def _curve(rng, x, y, step, n):
    pts = [(x, y)]
    for _ in range(n):
        x, y = x + rng.gauss(step, step), y + rng.gauss(0, step)
        pts.append((x, y))
    return np.array(pts, np.int32)


def scrawl(im, rng, n):
    """Strokes of a pen."""
    h, w = im.shape
    for _ in range(n):
        cv2.polylines(im, [_curve(rng, rng.uniform(0, w), rng.uniform(0, h), w * rng.uniform(.004, .02), rng.randint(5, 25))], False,
                      rng.randint(30, 130), rng.choice([1, 1, 2, 3]), cv2.LINE_AA)
    return im


def _tone(im, lo, hi):
    return (np.clip((im.astype(np.float32) - lo) / (hi - lo), 0, 1) * 255).astype(np.uint8)


def wear(im, kind, dpi, out, rng, nrng):
    """What happens to a page of a kind; out is the size (width, height) that it has in the end. Bold changes of geometry come before."""
    u, blur = rng.uniform, lambda im, s: cv2.GaussianBlur(im, (0, 0), s)
    if kind == "office":
        return sheet._jpeg(sheet._noise(blur(im, u(.25, 1)), u(1, 9), nrng), rng.randint(28, 90))
    if kind == "sealed":
        if rng.random() < .8:
            im = sheet._seal(im, rng, dpi)
        im = sheet._shade(scrawl(im.copy(), rng, rng.randint(0, 3)), rng, u(.02, .2))
        return sheet._jpeg(sheet._noise(blur(im, u(.35, .85)), u(3, 7), nrng), rng.randint(33, 85))
    if kind == "fax":
        h, w = im.shape
        coarse = rng.random() < .28  # 204 × 98: half of the lines
        if coarse:
            im = cv2.resize(im, (w, h // 2), interpolation=cv2.INTER_AREA)
        b = sheet._threshold(sheet._noise(blur(im, u(.4, .8)), u(8, 27), nrng), u(125, 205), nrng, u(0, .0016))
        for _ in range(rng.randint(0, 3)):
            b[:, rng.randrange(w)] = rng.choice([0, 255])
        for _ in range(rng.randint(0, 2)):  # not received
            y = rng.randrange(b.shape[0])
            b[y:y + rng.randint(1, 2)] = 255
        return cv2.resize(b, (w, h), interpolation=cv2.INTER_NEAREST) if coarse else b
    if kind == "bilevel":
        g = sheet._noise(blur(im, u(.3, .95)), u(2, 11), nrng)
        if rng.random() < .55:  # large strokes come out hollow
            return cv2.adaptiveThreshold(g, 255, rng.choice([cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.ADAPTIVE_THRESH_MEAN_C]),
                                         cv2.THRESH_BINARY, 2 * rng.randint(5, 25) + 1, u(6, 20))
        return sheet._threshold(g, u(145, 220), nrng, rng.choice([0, 0, .0005]))  # lower, hairlines go: no one reads that
    if kind == "phone":
        im = blur(sheet._shade(im, rng, u(.05, .5)), u(.4, 1.15))
        k = rng.randint(1, 3)
        if k > 1:
            im = cv2.blur(im, (k, 1) if rng.random() < .6 else (1, k))
        im = cv2.resize(im, out, interpolation=cv2.INTER_AREA if out[0] < im.shape[1] else cv2.INTER_CUBIC)
        im = sheet._jpeg(sheet._noise(im, u(1, 8), nrng), rng.randint(48, 92))
        return sheet._jpeg(im, rng.randint(38, 85))
    if kind == "copy":
        for _ in range(rng.randint(1, 2)):
            im = blur(im, u(.5, 1.15))
            r, k = rng.random(), np.ones(rng.choice([(2, 2), (2, 2), (1, 2), (2, 1)]), np.uint8)
            im = cv2.erode(im, k) if r < .4 else cv2.dilate(im, k) if r < .56 else im
            im = sheet._noise(_tone(im, u(35, 95), u(165, 230)), u(3, 13), nrng)
        return sheet._jpeg(cv2.resize(im, out, interpolation=cv2.INTER_AREA), rng.randint(28, 75))
    if kind == "screen":
        return sheet._jpeg(im, rng.randint(42, 92)) if rng.random() < .7 else im
    # aged: faded, the other side shows through, folded, stained
    h, w = im.shape
    back = blur(cv2.flip(np.roll(im, (rng.randint(-h // 3, h // 3), rng.randint(-w // 3, w // 3)), (0, 1)), 1), u(1.5, 3))
    f = 255 - (255 - im.astype(np.float32)) * u(.5, .95) - (255 - back.astype(np.float32)) * u(.02, .17)
    im = (f * u(.82, .99)).clip(0, 255).astype(np.uint8)
    for _ in range(rng.randint(0, 2)):
        y = rng.randrange(h)
        im[y:y + 2] = (im[y:y + 2] * u(.7, .9)).astype(np.uint8)
    for _ in range(rng.randint(0, 3)):
        lay = np.zeros((h, w), np.float32)
        cv2.ellipse(lay, (rng.randrange(w), rng.randrange(h)), (int(u(.03, .2) * w), int(u(.03, .2) * w)), 0, 0, 360, 1, -1)
        im = (im * (1 - blur(lay, w * .02) * u(.06, .27))).astype(np.uint8)
    return sheet._jpeg(sheet._noise(blur(scrawl(im, rng, rng.randint(0, 2)), u(.35, .95)), u(2, 7), nrng), rng.randint(38, 88))


# How far a page of a kind lies askew, in degrees.
ASKEW = {"office": 1.5, "sealed": 2, "fax": 1.2, "bilevel": 2, "phone": 3, "copy": 1.4, "screen": 0, "aged": 1.5}


def _lines(rng, face, text_of, unit):
    """The lines of one cell: a label is broken over several, or its characters stand one below the other."""
    first = text_of(rng, face)
    if unit == "digit":
        return [first]
    if rng.random() < .1 and len(first) > 1:
        return [c for c in first if c != " "][:6]
    return [first] + [s for s in (text_of(rng, face) for _ in range(rng.choice([0, 0, 0, 1, 1, 2, 3]))) if s]


def draw(rng, nrng, faces, text_of, kind, unit, size=(900, 1000)):
    """One sheet of a kind and its crops, as sheet.draw."""
    dpi = rng.choice(DPI[kind])
    printed = PRINTED.get(kind, dpi)
    W, H = (round(v * min(1.4, printed / dpi)) for v in size)
    over = 1 if printed >= 300 and rng.random() < .4 else rng.choice([2, 2, 3])
    page = Image.new("L", (W * over, H * over), 255)
    pen = Pen(ImageDraw.Draw(page), over)
    cells = _set(rng, faces, text_of, unit, printed, pen, W, H)
    im = np.asarray(page)
    if over > 1:
        dx, dy = rng.randint(0, over - 1), rng.randint(0, over - 1)
        im = cv2.resize(np.pad(im, ((dy, over - dy), (dx, over - dx)), constant_values=255), (W + 1, H + 1), interpolation=cv2.INTER_AREA)[:H, :W]
    # the page lies askew, and a program sets it straight again more or less
    t = np.eye(3)
    if ASKEW[kind] and rng.random() < .85:
        t = sheet._rotation(W, H, ASKEW[kind] * rng.uniform(-1, 1))
    if kind == "phone":
        t = sheet._perspective(W, H, rng.uniform(.005, .05), rng) @ t
    plain = (t == np.eye(3)).all()
    if not plain:
        im = cv2.warpPerspective(im, t, (W, H), flags=rng.choice([cv2.INTER_CUBIC, cv2.INTER_LINEAR]), borderValue=255)
    turn = rng.choice([0, 0, 0, 0, 1, 2, 3]) if kind not in ("fax", "screen") else 0  # laid on the glass by another side
    w, h = (W, H) if kind not in PRINTED else (round(W * dpi / printed), round(H * dpi / printed))
    im = wear(np.ascontiguousarray(np.rot90(im, turn)), kind, printed, (w, h) if turn % 2 == 0 else (h, w), rng, nrng)
    im = np.ascontiguousarray(np.rot90(im, -turn))
    t = np.diag([w / W, h / H, 1]) @ t
    if not plain and (kind == "phone" or rng.random() < .6):
        back = sheet._rotation(w, h, rng.gauss(0, .12)) @ np.diag([w / W, h / H, 1]) @ np.linalg.inv(t)
        im = cv2.warpPerspective(im, back, (w, h), flags=rng.choice([cv2.INTER_CUBIC, cv2.INTER_LINEAR, cv2.INTER_LINEAR]), borderMode=cv2.BORDER_REPLICATE)
        t = back @ t
    return [c for c in (_cut(rng, im, t, cell, kind) for cell in cells) if c is not None]


@dataclass
class Line:
    """A line of print on the sheet: middle and width of its print, the room that is its own, above and below to the next line."""
    x: float
    y: float
    width: float
    cell: tuple  # left, top, right, bottom
    above: float
    below: float
    high: float  # of print, of the measure
    unit: float  # the measure: height of a digit, or of a Han character
    text: str
    family: str


def _set(rng, faces, text_of, unit, dpi, pen, W, H):
    """Sets tables, one below the other, until the sheet is full."""
    out, y = [], float(rng.randint(3, 20))
    while True:
        st = style(rng, faces, unit, dpi)
        measure = st.em * (sheet._digit_share(st.face.path, st.face.index) if unit == "digit" else 1)
        for _ in range(rng.choice([1, 2, 3, 5])):
            row = _row(rng, text_of, unit, pen, st, W)
            if not row:
                break
            most = max(len(lines) for lines, _, _ in row)
            high = most * st.em * (st.pitch if most > 1 else max(1, st.pitch)) + 2 * st.pad_y + st.rule
            if y + high + 4 > H:
                return out
            x = float(rng.randint(2, 14))
            for lines, widths, wide in row:
                out += _cell(pen, st, lines, widths, (x, y, x + wide, y + high), measure, unit)
                x += wide
            y += high
        y += rng.choice([0, 0, 3, 10]) * rng.uniform(.5, 1.5)


def _row(rng, text_of, unit, pen, st, W):
    """(lines, their widths, the cell's width) of cells that fill a row."""
    out, used = [], 20.
    while used < W:
        lines = _lines(rng, st.face, text_of, unit)
        try:
            widths = [pen.width(s, st) for s in lines]
            for s in lines:
                for c, f in pen.runs(s, st):
                    pen.font(f, st).getmask(c)
        except OSError:  # a glyph with broken instructions
            continue
        most = max(widths)
        if most > .6 * W:
            continue
        wide = max(most, st.em * .45) + 2 * st.pad_x + st.rule
        if rng.random() < .55:
            wide = max(wide, st.em * rng.choice([1, 1.5, 2, 3, 4, 6]) * rng.uniform(.8, 1.2))
        used += wide
        if used < W:
            out.append((lines, widths, wide))
    return out


def _cell(pen, st, lines, widths, box, measure, unit):
    """Draws one cell and gives its lines."""
    l, t, r, b = box
    if st.fill < 255:
        pen.d.rectangle([v * pen.o for v in box], fill=st.fill)
    pen.rule(l, t, r, t, st)
    pen.rule(l, b, r, b, st)
    if st.walls:
        pen.rule(l, t, l, b, st)
        pen.rule(r, t, r, b, st)
    pitch, out = st.em * st.pitch, []
    top = (t + b) / 2 - pitch * (len(lines) - 1) / 2
    for k, (s, w) in enumerate(zip(lines, widths)):
        y = top + k * pitch
        x = l + st.rule / 2 + st.pad_x + (r - l - w - st.rule - 2 * st.pad_x) * st.align
        if s:
            base = y + measure / 2 if unit == "digit" else y + .38 * st.em
            pen.text(x, base, s, st)
        half = st.rule / 2 + .5
        out.append(Line(x + w / 2, y, w, box, pitch / 2 if k else y - t - half, pitch / 2 if k < len(lines) - 1 else b - y - half,
                        1.25 if unit == "digit" else 1, measure, s, st.face.family))
    return out


def _cut(rng, im, t, c, kind):
    """The crop of a line as the pipeline cuts it: what it holds of the cell, or the print with a little paper around."""
    p = t @ np.array([c.x, c.y, 1])
    k = np.hypot(t[0, 0], t[1, 0]) / p[2]  # pixels of the scan to one of the sheet
    x, y = p[0] / p[2], p[1] / p[2]
    q = t @ np.array([(c.cell[0] + c.cell[2]) / 2, (c.cell[1] + c.cell[3]) / 2, 1])
    cx, half = q[0] / q[2], (c.cell[2] - c.cell[0]) / 2 * k
    unit, w = c.unit * k, c.width * k
    slant = abs(np.arctan2(t[1, 0], t[0, 0])) * w / 2
    gap = rng.choice([-1, -.5, 0, .5, 1, 2.5])  # how much of the walls is in it
    if rng.random() < .3 or not c.text:
        l, r = cx - half - gap + rng.uniform(0, .3) * unit, cx + half + gap - rng.uniform(0, .3) * unit
    else:
        m = rng.uniform(.25, .8) * unit
        l, r = x - w / 2 - m, x + w / 2 + rng.uniform(.25, .8) * unit
    m = rng.uniform(.1, .35) * unit
    a, b = y - c.high * unit / 2 - m - slant, y + c.high * unit / 2 + rng.uniform(.1, .35) * unit + slant
    if rng.random() < .25:
        a, b = y - c.above * k, y + c.below * k
    # never further than half of the neighbouring line's room, nor far over the walls, but all of the print
    a, b = max(a, y - (c.above + 1 + gap / 2) * k), min(b, y + (c.below + 1 + gap / 2) * k)
    if c.text:
        a, b = min(a, y - .5 * unit), max(b, y + .5 * unit)
        l, r = max(l, cx - half - max(gap, 0)), min(r, cx + half + max(gap, 0))
        l, r = min(l, x - w / 2), max(r, x + w / 2)
    l, r, a, b = int(np.floor(l)), int(np.ceil(r)), int(np.floor(a)), int(np.ceil(b)) + 1
    h, wide = im.shape
    if l < 0 or a < 0 or r > wide or b > h or r - l < 3 or b - a < 5:
        return None
    return Crop(im[a:b, l:r], unit, c.text, c.family, FIRST + KINDS.index(kind))
