"""The fonts of the machine, as faces to draw with, and which of them are held out.

A family is either for training or for measuring, never both, so that the figures say how a font never seen is read.
"""
import functools
import glob
import logging
import os
import pickle
import re

from fontTools.ttLib import TTCollection, TTFont
from PIL import ImageFont

logging.getLogger("fontTools").setLevel(logging.ERROR)  # old fonts have odd dates and tables

ROOTS = ["/usr/share/fonts", "/usr/share/texmf/fonts/opentype", "/usr/share/texlive/texmf-dist/fonts/opentype"]

# Not text faces, or faces whose digits are no digits of a table (old-style, scripts, symbols, outlines).
SKIP = re.compile(r"symbol|dingbat|emoji|math|D050000L|Z003|chorus|music|braille|opensymbol|webdings|LastResort|"
                  r"initials|outline|keyboard|LinLibertineI|hermit|Ugaritic|Phoenician|Cuneiform|Egyptian|Gothic-Regular\.ttf$|"
                  r"unicodesmall|caps|UnPilgi|UnDinaru|demi.*oblique|lmmono.*prop|dunhill|lmromanunsl|lmromancaps|lmromandunh|lmssquo", re.I)
SLANTED = re.compile(r"italic|oblique|slant|(^|[-_ ])(it|bi|ri|zi)\.|kursiv", re.I)

# Families held out: never drawn for training, only to measure. Faces with the same digits under another name go together
# (Palatino: P052 and Pagella; Droid: Micro Hei and Open Sans). What most Chinese offices print with stays in training.
HELD_OUT = re.compile(r"TW-Kai|cwTeXFangSong|cwTeXMing|Motoya|NanumMyeongjo|UnDotum|Micro Hei|Open Sans|FreeSerif|Termes|"
                      r"Caladea|Charis|DejaVu Serif|P052|Pagella|^Lato|^Roboto|KaitiM GB|Sawarabi|Ume Mincho|C059|Schola")

TIMES = re.compile(r"liberation ?serif|tinos|nimbus ?roman|free ?serif|termes|stix|times", re.I)


class Face:
    """One face: file, index in the collection, family, whether it is CJK, bold, held out, and the characters it has."""

    def __init__(self, path, index, family, style, chars):
        self.path, self.index, self.family, self.style, self.chars = path, index, family, style, chars
        self.bold = bool(re.search(r"bold|black|heavy|demi|medium", style, re.I))
        self.cjk = 0x653F in chars and 0x516C in chars  # 政, 公
        self.simplified = 0x4FE1 in chars and 0x5F00 in chars and 0x8BF7 in chars  # 信, 开, 请
        self.times = bool(TIMES.search(family))
        self.test = bool(HELD_OUT.search(family))

    def has(self, text):
        return all(ord(c) in self.chars for c in text)

    def __repr__(self):
        return f"{self.family}/{self.style}{' cjk' if self.cjk else ''}{' TEST' if self.test else ''}"


def _old_style(font):
    """True where the zero is not as tall as the one and the eight: text figures."""
    gs, cmap = font.getGlyphSet(), font.getBestCmap()
    from fontTools.pens.boundsPen import BoundsPen
    box = {}
    for c in "0148":
        pen = BoundsPen(gs)
        gs[cmap[ord(c)]].draw(pen)
        if pen.bounds is None:
            return True
        box[c] = pen.bounds
    h = [b[3] - b[1] for b in box.values()]
    return min(h) < .88 * max(h)


def _open(path):
    if path.lower().endswith((".ttc", ".otc")):
        return list(TTCollection(path, lazy=True).fonts)
    return [TTFont(path, lazy=True)]


@functools.lru_cache(None)
def faces():
    """Every usable face, in a fixed order."""
    cache = os.path.join(os.environ.get("TRAINING_CACHE", "/tmp"), "nianbao-faces.pickle")
    if os.path.exists(cache):
        with open(cache, "rb") as f:
            return pickle.load(f)
    out = []
    files = sorted(p for r in ROOTS for p in glob.glob(r + "/**/*", recursive=True) if p.lower().endswith((".ttf", ".otf", ".ttc")))
    for path in files:
        base = os.path.basename(path)
        if SKIP.search(base) or SLANTED.search(base):
            continue
        if "/noto/" in path and "CJK" not in base and not re.match(r"Noto(Sans|Serif|SansMono|SerifDisplay)-(Regular|Bold|Medium)\.", base):
            continue
        try:
            for i, f in enumerate(_open(path)):
                cmap = f.getBestCmap()
                if not cmap or any(ord(c) not in cmap for c in "0123456789.,-/()"):
                    continue
                name = f["name"]
                family = str(name.getDebugName(16) or name.getDebugName(1))
                style = str(name.getDebugName(17) or name.getDebugName(2))
                if SKIP.search(family) or SLANTED.search(style + "."):
                    continue
                if re.search(r"thin|extralight|ultralight|hairline", style, re.I) or _old_style(f):
                    continue
                if "CJK" in family and i > 4:  # the five languages share their digits
                    continue
                for size in (9, 13.5, 18, 27.3, 40, 64, 75.1, 111, 200):  # some old fonts have broken instructions
                    ImageFont.truetype(path, size, index=i).getmask("0123456789.,-/()")
                out.append(Face(path, i, family, style, frozenset(cmap)))
        except Exception as e:  # a broken font file is no reason to stop
            print("skipped", path, e)
    with open(cache, "wb") as f:
        pickle.dump(out, f)
    return out


if __name__ == "__main__":
    from fonts import faces as named  # so that the cache is not of __main__
    fs = named()
    fam = {}
    for f in fs:
        fam.setdefault((f.family, f.test), []).append(f)
    for (name, test), l in sorted(fam.items()):
        print("TEST " if test else "     ", name, len(l), "cjk" if l[0].cjk else "", "simplified" if l[0].simplified else "", "times" if l[0].times else "")
    print(len(fs), "faces", len(fam), "families", sum(t for _, t in fam), "held out")
