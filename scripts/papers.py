#!/usr/bin/env python3
"""papers.py OUT PAPERS [ORIGINALS]: are the PDFs of `nianbao export OUT --to pdf -o PAPERS` what they should be?

OUT is the output folder of a batch. Of each paper it prints how many numbers of the report's tables pdftotext finds in the boxes of their
cells and, with the folder of the originals, its size in theirs; then the totals. It exits 1 where a number is not at its place. Wants poppler-utils."""
import html
import json
import pathlib
import re
import subprocess
import sys

WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)</word>')
SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')


def words(pdf):
    """The pages: width, height, and words as (x of the middle, y of the middle, text), as the page is shown."""
    out = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    for page in out.split("<page ")[1:]:
        width, height = map(float, SIZE.match(page).groups())
        yield width, height, [((float(a) + float(c)) / 2, (float(b) + float(d)) / 2, html.unescape(t)) for a, b, c, d, t in WORD.findall(page)]


def shown(box, page):
    """A box of a page, in parts of the page as it stands upright."""
    x0, y0, x1, y1 = map(float, box)
    w, h = float(page["width"]), float(page["height"])
    turn = int(page.get("turn", 0))
    if turn == 90:
        x0, y0, x1, y1, w, h = h - y1, x0, h - y0, x1, h, w
    elif turn == 180:
        x0, y0, x1, y1 = w - x1, h - y1, w - x0, h - y0
    elif turn == 270:
        x0, y0, x1, y1, w, h = y0, w - x1, y1, w - x0, h, w
    return x0 / w, y0 / h, x1 / w, y1 / h


def value(report, path):
    for key in path.split("/")[1:]:
        key = key.replace("~1", "/").replace("~0", "~")
        report = report[int(key)] if isinstance(report, list) else (report or {}).get(key)
    return report


def count(report, pages):
    """How many numbers have a place, how many of them are there, and which are not."""
    numbers, missing = 0, []
    sheets = {int(p["number"]): p for p in report["source"]["pages"]}
    for cell in report["cells"]:
        number = value(report, cell["path"]) if cell["path"].startswith("/tables/") else None
        if number is None or cell["box"] is None:
            continue
        numbers += 1
        sheet = sheets[int(cell["page"])]
        width, height, found = pages[int(cell["page"]) - 1]
        if int(sheet.get("turn", 0)) % 180:  # pdftotext gives the page's size as it lies
            width, height = height, width
        x0, y0, x1, y1 = shown(cell["box"], sheet)
        there = " ".join(t for x, y, t in found if x0 <= x / width <= x1 and y0 <= y / height <= y1)
        if not re.search(rf"(?<![\d.]){re.escape(str(number))}(?![\d.])", re.sub(r"(?<=\d)[,，](?=\d)", "", there)):
            missing.append(f"{cell['path']}: {number}, there is {there!r}")
    return numbers, missing


def main():
    out, papers, *originals = map(pathlib.Path, sys.argv[1:])
    sizes = []
    total = absent = checked = 0
    for name in sorted((out / "json").rglob("*.json")):
        short = str(name.relative_to(out / "json"))
        paper = papers / (short[: -len(".json")] + ".pdf")
        if not paper.exists():
            continue
        report = json.loads(name.read_text(encoding="utf-8"), parse_float=str, parse_int=str)
        numbers, missing = count(report, list(words(paper)))
        size = ""
        for original in (folder / report["source"]["name"] for folder in originals):
            sizes.append(paper.stat().st_size / original.stat().st_size)
            size = f", {sizes[-1]:.3f} of the original's size"
        print(f"{short}: {numbers - len(missing)} of {numbers}{size}", *missing, sep="\n    ")
        total, absent, checked = total + numbers, absent + len(missing), checked + 1
    print(f"{checked} papers: {total - absent} of {total} numbers at their place" + (f", at most {max(sizes):.3f} of the originals' sizes" if sizes else ""))
    sys.exit(absent > 0 or checked == 0)


if __name__ == "__main__":
    main()
