"""The label reader's alphabet, faces and texts. labels.txt holds the labels, headings and captions of the forms, one a line."""
import os
import re

import fonts
import text

PUNCTUATION = "0123456789.,-+/—():;\"、《》〔〕%"

# For labels other faces are held out than for numbers: one Song-like, two Kai, one Hei that have the simplified characters.
# FangSong exists here only with traditional characters, and stays in training for those that both scripts share.
HELD_OUT = re.compile(r"KaitiM GB|TW-Kai|Micro Hei|HanaMinA|cwTeXMing|IPAexMincho|IPAMincho|IPAPMincho|Takao.*Mincho")
WEIGHTS = [(r"UMing CN", 7), (r"UMing", 1), (r"UKai CN", 5), (r"UKai", 1), (r"SungtiL GB", 4), (r"Noto Serif CJK SC", 8), (r"Noto Sans CJK SC", 6),
           (r"Zen Hei$", 5), (r"Zen Hei", 1), (r"LXGW WenKai$", 4), (r"LXGW", 1), (r"TW-Sung", 3), (r"BabelStone", 3), (r"cwTeXFangSong", 3), (r"Noto", 2)]
LEAST = .35  # share of the alphabet that a face must have


def lines():
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "labels.txt"), encoding="utf-8") as f:
        return [s.strip("\n") for s in f if s.strip()]


def alphabet():
    han = sorted({c for s in lines() for c in s if "一" <= c <= "鿿"})
    return PUNCTUATION + "".join(han) + text.OTHER


def faces():
    """Faces with enough of the alphabet, the usual ones several times; .test says which are held out."""
    han = [c for c in alphabet() if "一" <= c <= "鿿"]
    out = []
    for f in fonts.faces():
        if sum(ord(c) in f.chars for c in han) < LEAST * len(han):
            continue
        f.test = bool(HELD_OUT.search(f.family))
        times = next((n for p, n in WEIGHTS if re.search(p, f.family)), 1)
        heavy = len([g for g in fonts.faces() if g.family == f.family])
        out += [f] * max(1, round(times / min(heavy, times)))
    return out


def label_texts():
    """text_of for the label reader: labels, whole and broken anywhere, and characters at random."""
    all_lines = lines()
    abc = alphabet()
    han = [c for c in abc if "一" <= c <= "鿿"]
    memo = {}

    def of(rng, face):
        key = (face.path, face.index)
        if key not in memo:
            can = [c for c in han if ord(c) in face.chars]
            others = [c for c in map(chr, range(0x4e00, 0x9fa5)) if ord(c) in face.chars and c not in abc]
            memo[key] = (can, others)
        can, others = memo[key]
        r = rng.random()
        if r < .62 and len(can) > .9 * len(han) or r < .15:
            for _ in range(6):
                s = rng.choice(all_lines)
                n = rng.choice([2, 3, 4, 4, 5, 5, 6, 7, 8, 10, 12])
                if len(s) > n:
                    i = rng.choice([0, rng.randint(0, len(s) - n)])
                    s = s[i:i + n]
                if rng.random() < .3:
                    s = s.replace("（", "(").replace("）", ")")
                q = rng.random()
                if q < .1:
                    s = re.sub(r"^(\d)\.", lambda m: m[1] + rng.choice(["．", "、", ". ", "、"]), s)
                elif q < .15 and len(s) > 3:
                    i = rng.randint(1, len(s) - 1)
                    s = s[:i] + " " + s[i:]
                elif q < .2:
                    s = re.sub(r"\d", lambda m: rng.choice("0123456789"), s)
                if s.strip() and face.has(s.replace(" ", "")):
                    return s.strip()
        if r < .88:
            return "".join(rng.choice(can) for _ in range(rng.choice([1, 2, 3, 4, 5, 6])))
        if r < .93:
            s = "".join(rng.choice(can if rng.random() < .6 else others) for _ in range(rng.choice([2, 3, 4, 5])))
            return s
        if r < .985:
            s = "".join(rng.choice(list(PUNCTUATION) + can[:60]) for _ in range(rng.choice([2, 3, 4, 5, 6])))
            return s if face.has(s) else "".join(rng.choice("0123456789.,()/-") for _ in range(4))
        return ""
    return of
