"""Sheets of table cells, printed and then scanned, faxed or photographed, and the crops a reader would be handed.

A sheet is drawn at its scanning resolution, degraded as a whole (blur, noise, threshold, JPEG blocks and skew know nothing of
cells), and cut. Levels 0 to 5 go from a clean scan to a poor photocopy; level 6 draws every trouble at random.
"""
import functools
import random
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

import fonts

cv2.setNumThreads(1)

LEVELS = ["clean 300", "office 300", "office 200", "fax 200", "photo 200", "photocopy 150", "mixed"]
DPI = [300, 300, 200, 200, 200, 150, None]


@dataclass
class Crop:
    gray: np.ndarray  # uint8
    digit: float      # true height of a digit (of a Han character, for labels), pixels
    text: str         # as printed
    family: str
    level: int


@functools.lru_cache(256)
def _font(path, index, size):
    return ImageFont.truetype(path, size, index=index, layout_engine=ImageFont.Layout.BASIC)


@functools.lru_cache(4096)
def _digit_share(path, index):
    """Height of a digit as a share of the em."""
    b = _font(path, index, 200).getbbox("0")
    return (b[3] - b[1]) / 200


def _jpeg(im, q):
    return cv2.imdecode(cv2.imencode(".jpg", im, [cv2.IMWRITE_JPEG_QUALITY, int(q)])[1], cv2.IMREAD_GRAYSCALE)


def _rotation(w, h, deg):
    m = np.eye(3)
    m[:2] = cv2.getRotationMatrix2D((w / 2, h / 2), deg, 1)
    return m


def _perspective(w, h, k, rng):
    src = np.float32([[0, 0], [w, 0], [w, h], [0, h]])
    d = np.float32([[rng.uniform(0, k) * w * sx, rng.uniform(0, k) * h * sy] for sx, sy in ((1, 1), (-1, 1), (-1, -1), (1, -1))])
    return cv2.getPerspectiveTransform(src, src + d)


def _seal(im, rng, dpi):
    """A seal over the sheet, as gray: arcs, a star and strokes, from a faint remainder to full ink."""
    h, w = im.shape
    lay = np.full((h, w), 255, np.uint8)
    ink = rng.randint(90, 225)  # what red leaves in gray
    for _ in range(rng.choice([1, 1, 1, 2])):
        r = int(dpi * rng.uniform(.6, 1.0))
        cx, cy = rng.randint(0, w), rng.randint(0, h)
        cv2.circle(lay, (cx, cy), r, ink, max(2, r // 14))
        pts = [(cx + r * .4 * np.sin(a) * k, cy - r * .4 * np.cos(a) * k) for i in range(10)
               for a, k in [(i * np.pi / 5, 1 if i % 2 == 0 else .4)]]
        cv2.fillPoly(lay, [np.array(pts, np.int32)], ink)
        for i in range(16):
            a = -2.4 + i * 4.8 / 15
            x, y = int(cx + r * .76 * np.sin(a)), int(cy - r * .76 * np.cos(a))
            for _ in range(5):
                s = max(3, r // 8)
                cv2.line(lay, (x + rng.randint(-s, s), y + rng.randint(-s, s)), (x + rng.randint(-s, s), y + rng.randint(-s, s)), ink, rng.choice([1, 2, 3]))
    if rng.random() < .3:  # what an imperfect removal leaves: edges
        lay = 255 - cv2.morphologyEx(lay, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
        lay = np.maximum(lay, rng.randint(100, 200))
    if rng.random() < .5:
        return np.minimum(im, lay)
    return (im.astype(np.float32) * lay / 255).astype(np.uint8)


def _shade(im, rng, depth):
    h, w = im.shape
    gx, gy = np.meshgrid(np.linspace(-1, 1, w, dtype=np.float32), np.linspace(-1, 1, h, dtype=np.float32))
    a, b, c = rng.uniform(-1, 1), rng.uniform(-1, 1), rng.uniform(-1, 1)
    f = 1 - depth * (.5 + .5 * np.clip(a * gx + b * gy + c * gx * gy, -1, 1))
    return (im * f).clip(0, 255).astype(np.uint8)


def _noise(im, sigma, nrng):
    return np.clip(im + nrng.standard_normal(im.shape, dtype=np.float32) * np.float32(sigma), 0, 255).astype(np.uint8)


def _threshold(im, t, nrng, salt):
    b = np.where(im > t, 255, 0).astype(np.uint8)
    if salt:
        sp = nrng.random(b.shape, dtype=np.float32)
        b[sp < salt], b[sp > 1 - salt] = 0, 255
    return b


def _scan(im, level, dpi, rng, nrng):
    """Blur, noise, tone and compression of a level; geometry comes before."""
    u = rng.uniform
    blur = lambda im, s: cv2.GaussianBlur(im, (0, 0), s)
    if level == 0:
        return im
    if level == 1:
        return _jpeg(_noise(blur(im, .6), 4, nrng), 65)
    if level == 2:
        if rng.random() < .6:
            im = _seal(im, rng, dpi)
        return _jpeg(_noise(blur(_shade(im, rng, .12), .6), 6, nrng), 45)
    if level == 3:
        b = _threshold(_noise(blur(im, .7), 25, nrng), rng.randint(140, 190), nrng, .0015)
        for _ in range(rng.randint(0, 2)):
            b[:, rng.randint(0, b.shape[1] - 1)] = 0
        return b
    if level == 4:
        return _jpeg(_noise(blur(_shade(im, rng, .4), .8), 6, nrng), 50)
    if level == 5:
        if rng.random() < .5:
            im = cv2.erode(im, np.ones((2, 2), np.uint8))
        return _jpeg(_noise(blur(im, .8), 14, nrng), 40)
    # mixed
    fax = rng.random() < .25
    if rng.random() < .25:
        k = np.ones(rng.choice([(2, 2), (2, 2), (1, 2), (2, 1)]), np.uint8)
        im = cv2.erode(im, k) if fax or rng.random() < .8 else cv2.dilate(im, np.ones((1, 2), np.uint8))
    if rng.random() < .3:
        im = _seal(im, rng, dpi)
    if not fax and rng.random() < .3:  # faint print or dark paper
        lo = rng.randint(0, 110)
        hi = rng.randint(lo + 100, 255) if rng.random() < .5 else 255
        im = (lo + im.astype(np.float32) * (hi - lo) / 255).astype(np.uint8)
    if rng.random() < .4:
        im = _shade(im, rng, u(.05, .2 if fax else .5))
    if rng.random() < .85:
        im = blur(im, u(.3, .8 if fax else 1.05))
    if rng.random() < .08:  # motion
        im = cv2.blur(im, (2, 1) if rng.random() < .5 else (1, 2))
    if rng.random() < .85:
        im = _noise(im, rng.choice([u(1, 8), u(1, 8), u(8, 25 if fax else 18)]), nrng)
    if fax:
        im = _threshold(im, u(130, 195) * float(np.median(im)) / 255, nrng, rng.choice([0, .0005, .0015, .0025]))
        if rng.random() < .3:
            for _ in range(rng.randint(1, 3)):
                im[:, rng.randint(0, im.shape[1] - 1)] = 0
        if rng.random() < .3:
            im = _jpeg(im, rng.randint(40, 85))
    elif rng.random() < .8:
        im = _jpeg(im, rng.randint(38, 88))
    return im


def draw(rng, nrng, faces, text_of, level, unit, size=(900, 1000)):
    """One sheet and its crops. text_of(rng, face) gives the text of a cell; unit is 'digit' or 'han': what Crop.digit measures."""
    W, H = size
    dpi = DPI[level] or rng.choice([120, 150, 150, 150, 170, 200, 200, 200, 240, 300, 300])
    over = rng.choice([1, 2, 3, 3])  # drawn finer, then laid on the sensor's grid
    if dpi >= 300:
        over = min(over, 2)
    page = Image.new("L", (W * over, H * over), 255)
    d = ImageDraw.Draw(page)
    cells = []
    y = rng.randint(4, 20)
    face = rng.choice(faces)
    pt = rng.choice([8, 8.5, 9, 9, 9, 10, 10, 10.5, 12])
    while True:
        if rng.random() < .55:
            face = rng.choice(faces)
            pt = rng.choice([7.5, 8, 8.5, 9, 9, 9, 10, 10, 10.5, 12, 14])
        em = max(pt * dpi / 72, 16.5)  # smaller is past reading
        share = _digit_share(face.path, face.index) if unit == "digit" else 1.0
        digit = em * share
        row = digit * (rng.uniform(1.7, 3.6) if unit == "digit" else rng.uniform(1.15, 2.2))
        if y + row + 8 > H:
            break
        font = _font(face.path, face.index, em * over)
        rule = rng.choice([1, 1, 1, 2, 2, 3]) * dpi / 200
        line = max(1, int(rule * over + .5)) if rng.random() < (.8 if row > 1.5 * digit else .1) else 0
        rgray = rng.choice([0, 0, 0, 60, 120])
        bold = 1 if rng.random() < .06 else 0
        fill = rng.choice([0, 0, 0, 0, 0, 20, 40]) if level not in (3, 5) else 0
        paper = 255 if rng.random() < .85 else rng.randint(205, 245)
        x = float(rng.randint(2, 30))
        while True:
            text = text_of(rng, face)
            try:
                tw = font.getlength(text) / over if text else 0
                font.getmask(text)
            except OSError:  # a glyph with broken instructions
                continue
            if tw > W - 60:
                continue
            cw = max(tw + digit * rng.uniform(.3, .9), digit * rng.choice([1.3, 2, 3, 4, 5, 6]) * rng.uniform(.8, 1.2))
            if x + cw + 4 > W:
                break
            o = over
            if paper < 255:
                d.rectangle((x * o, y * o, (x + cw) * o, (y + row) * o), fill=paper)
            if line:
                d.line((x * o, y * o, (x + cw) * o, y * o), fill=rgray, width=line)
                d.line((x * o, (y + row) * o, (x + cw) * o, (y + row) * o), fill=rgray, width=line)
                d.line((x * o, y * o, x * o, (y + row) * o), fill=rgray, width=line)
                d.line(((x + cw) * o, y * o, (x + cw) * o, (y + row) * o), fill=rgray, width=line)
            slack = cw - tw - rule - 2
            tx = x + rule / 2 + 1 + slack * (rng.choice([.5, .5, .5, .5, .08, .92]))
            ty = y + row / 2 + rng.uniform(-.12, .12) * (row - digit)
            if text:
                d.text((tx * o, ty * o + (font.getbbox("0", anchor="ls")[3] - font.getbbox("0", anchor="ls")[1]) / 2 if unit == "digit" else ty * o),
                       text, font=font, fill=fill, anchor="ls" if unit == "digit" else "lm", stroke_width=bold * (o > 1) * (em > 20))
            cells.append((x, y, cw, row, tx, ty, tw, digit, text, face.family, line > 0))
            x += cw
        y += row
        if rng.random() < .15:
            y += row * rng.uniform(.2, .6)
    im = np.asarray(page)
    if over > 1:
        dx, dy = rng.randint(0, over - 1), rng.randint(0, over - 1)
        im = cv2.resize(np.pad(im, ((dy, over - dy), (dx, over - dx)), constant_values=255), (W + 1, H + 1), interpolation=cv2.INTER_AREA)[:H, :W]
    if rng.random() < .04:  # strokes of a pen, dirt, folds
        im = im.copy()
        for _ in range(rng.randint(1, 6)):
            a, b = (rng.randint(0, W), rng.randint(0, H)), (rng.randint(0, W), rng.randint(0, H))
            cv2.line(im, a, b, rng.randint(60, 220), 1, cv2.LINE_AA)
    # geometry: the sheet lies askew, and the pipeline sets it straight again more or less
    t = np.eye(3)
    if level == 6:
        deg = rng.choice([0, rng.uniform(-1, 1), rng.uniform(-2.5, 2.5)])
        persp = .035 if rng.random() < .15 else 0
    else:
        deg = [0, .6, 1.5, 1, 1.5, 2.5][level] * rng.uniform(-1, 1)
        persp = .035 if level == 4 else 0
    fill = 255
    if deg or persp:
        t = _rotation(W, H, deg)
        if persp:
            t = _perspective(W, H, persp, rng) @ t
        im = cv2.warpPerspective(im, t, (W, H), flags=rng.choice([cv2.INTER_CUBIC, cv2.INTER_LINEAR]), borderValue=fill)
    im = _scan(im, level, dpi, rng, nrng)
    if (deg or persp) and (persp or rng.random() < .5):
        back = _rotation(W, H, rng.gauss(0, .12)) @ np.linalg.inv(t)
        im = cv2.warpPerspective(im, back, (W, H), flags=rng.choice([cv2.INTER_CUBIC, cv2.INTER_LINEAR, cv2.INTER_LINEAR]), borderMode=cv2.BORDER_REPLICATE)
        t = back @ t
    im = np.ascontiguousarray(im)
    out = []
    least = 1.3 if unit == "digit" else 1.06  # the height of a line of print, in digits or characters
    for x, y, cw, row, tx, ty, tw, digit, text, family, ruled in cells:
        p = t @ np.array([tx + tw / 2, ty, 1])
        q = t @ np.array([x + cw / 2, y + row / 2, 1])
        px, py, qx, qy = p[0] / p[2], p[1] / p[2], q[0] / q[2], q[1] / q[2]
        tilt = abs(np.arctan2(t[1, 0], t[0, 0]))
        if rng.random() < .5 or not text:  # the inside of the cell
            g = rng.uniform(-1.5, 4) if rng.random() < .4 else rng.uniform(1.5, 5)
            l, r, a, b = qx - cw / 2 + g, qx + cw / 2 - rng.uniform(0, 4), qy - row / 2 + rng.uniform(0, 4), qy + row / 2 - rng.uniform(0, 4)
            if text and (r - l < tw + 2 or b - a < digit * least):
                l, r, a, b = px - tw / 2 - 2, px + tw / 2 + 2, py - digit * least * .55, py + digit * least * .55
        else:  # the line of print
            m = rng.uniform(.1, .6) if unit == "digit" else rng.uniform(.03, .3)
            l, r = px - tw / 2 - digit * rng.uniform(.08, 1), px + tw / 2 + digit * rng.uniform(.08, 1)
            a, b = py - digit * (.5 + m), py + digit * (.5 + m * rng.uniform(.7, 1.4))
        gap = 3 if ruled else -1  # never as far as the neighbour's print
        l, r = max(l, qx - cw / 2 - gap), min(r, qx + cw / 2 + gap)
        a, b = max(a, qy - row / 2 - gap), min(b, qy + row / 2 + gap)
        if text:  # a slanted line is taller
            e = tilt * tw / 2
            a, b = min(a, py - digit * least * .47 - e), max(b, py + digit * least * .47 + e)
        l, r, a, b = int(round(l)), int(round(r)) + 1, int(round(a)), int(round(b)) + 1
        if l < 0 or a < 0 or r > W or b > H or r - l < 4 or b - a < 6:
            continue
        if text and (px - tw / 2 < l - 1 or px + tw / 2 > r + 1):
            continue
        out.append(Crop(im[a:b, l:r], digit, text, family, level))
    return out


def han_words(chars):
    pool = [c for c in chars if "一" <= c <= "鿿" and c != "一"]

    def words(rng):
        return "".join(rng.choice(pool) for _ in range(rng.choice([1, 2, 2, 3, 4, 5, 6])))
    return words


HAN = "年度政府信息公开申请数量本收到处理决定件条次人万元上结转办果予以部分不属于国家秘密其他法律行规禁止危及三安全稳定保护第方合权益类内务过程性执案卷查询事项无提供机关掌握相有现成需要另制作补正后容仍明确访举报投诉重复求出版物理由大量反认或新获取组织自然业科研构社会服总计"


def number_texts(level_face_han=HAN):
    """text_of for the number reader."""
    import text as t
    pool = han_words(level_face_han)
    memo = {}

    def of(rng, face):
        can = memo.get(id(face))
        if can is None:
            can = memo[id(face)] = [c for c in level_face_han if ord(c) in face.chars and c != "一"] if face.cjk else []
        for _ in range(8):
            s = t.number(rng, (lambda r: "".join(r.choice(can) for _ in range(r.choice([1, 2, 2, 3, 4, 6])))) if len(can) > 40 else (lambda r: "0"))
            if face.has(s):
                return s
        return t.digits(rng, rng.randint(1, 4))
    return of
