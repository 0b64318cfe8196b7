"""What the cells of a table say: numbers, marks and notes for the number reader; labels for the label reader."""
import re

OTHER = "□"  # any character outside the alphabet

# The number reader's alphabet. Index 0 of a network's classes is CTC's blank, so class i+1 is NUMBERS[i].
NUMBERS = "0123456789.,-+/—()" + OTHER

# Forms of one character: full-width and look-alike characters are read as the half-width one.
FOLD = {"．": ".", "，": ",", "－": "-", "–": "-", "−": "-", "＋": "+", "／": "/", "（": "(", "）": ")", "―": "—", "─": "—", "：": ":",
        "；": ";", "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "％": "%"}
FOLD |= {chr(0xFF10 + i): str(i) for i in range(10)}


def fold(text):
    return "".join(FOLD.get(c, c) for c in text)


def target(text, alphabet):
    """What the reader is to say of printed text: folded, blanks dropped, a run of dashes one dash, others OTHER."""
    out = []
    for c in fold(text):
        if c.isspace():
            continue
        c = c if c in alphabet else OTHER
        if c in "-—" and out and out[-1] in "-—":
            continue
        out.append(c)
    return "".join(out)


UNITS = ["元", "件", "条", "万元", "人次", "个", "次", "余", "项", "份", "件次", "人"]
NOTES = ["（其中修订{}件）", "（含修订{}件）", "（其中废止{}件）", "(其中{}件)", "（{}）", "（含上年结转{}件）", "(上年{})", "（{}件）"]
WORDS = ["无", "空", "未增未减", "见附件", "暂无", "不适用", "无此项", "同上", "持平", "已废止"]


def digits(rng, n):
    """n digits, each as likely as the others, the first no zero unless it stands alone."""
    s = "".join(rng.choice("0123456789") for _ in range(n))
    return s if n == 1 or s[0] != "0" else rng.choice("123456789") + s[1:]


def grouped(s):
    return f"{int(s):,}"


def number(rng, han):
    """One printed cell. han(rng) gives a few Chinese characters."""
    r = rng.random()
    if r < .20:
        return "0"
    if r < .34:
        return rng.choice("0123456789")
    if r < .66:
        return digits(rng, rng.choice([2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 6, 6, 7, 8]))
    if r < .76:
        return digits(rng, rng.choice([1, 1, 2, 3, 4, 5])) + "." + "".join(rng.choice("0123456789") for _ in range(rng.choice([1, 1, 2, 2, 2, 3, 4, 4])))
    if r < .81:
        s = grouped(digits(rng, rng.randint(4, 8)))
        if rng.random() < .25:
            s += "." + "".join(rng.choice("0123456789") for _ in range(rng.choice([1, 2, 2, 4])))
        return s.replace(",", "，") if rng.random() < .08 else s
    if r < .85:
        return rng.choice(["-", "-", "－", "+", "+", "−"]) + digits(rng, rng.choice([1, 1, 2, 2, 3, 4]))
    if r < .90:
        return rng.choice(["/", "/", "-", "-", "—", "—", "——", "——", "--", "／", "－", "———"])
    if r < .94:
        s = digits(rng, rng.randint(1, 5))
        if rng.random() < .5:
            return s + rng.choice(UNITS)
        n = rng.choice(NOTES).format(digits(rng, rng.choice([1, 1, 2, 3])))
        return s + (n if rng.random() < .7 else n.replace("（", "(").replace("）", ")"))
    if r < .97:
        return rng.choice(WORDS) if rng.random() < .3 else han(rng)
    return ""


def tidy(s):
    return re.sub(r"\s+", "", s)
