#!/usr/bin/env python3
"""Tables of digital PDFs: this program against others, on the documents of the ICDAR 2013 table competition.

  benchmark.py DOCUMENTS NIANBAO     DOCUMENTS holds X.pdf with X-str.xml, or Xa-str.xml and Xb-str.xml where there are two truths

Measured as there (Goebel et al.): each pair of neighbouring cells with text, to the right and below, is a relation; precision and recall are
those of a document's relations, then averaged. Texts are compared without white space and marks. A table that holds half of no truth is
spurious. Relations that are wrong, and those that are lost, are errors that no program names. CPU seconds are those of the process and its
children.
"""
import collections
import glob
import json
import os
import re
import resource
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as xml


def plain(text):
    text = unicodedata.normalize("NFKC", text or "").lower().replace("\xad", "")
    return re.sub(r"[^\w]", "_", re.sub(r"\s+", "", text))


def relations(cells):
    """Counts the relations of a table: cells are row, column, rows, columns, text."""
    filled = [(r, c, h, w, plain(t)) for r, c, h, w, t in cells if plain(t)]
    at = {}
    for i, (r, c, h, w, _) in enumerate(filled):
        for y in range(r, r + h):
            for x in range(c, c + w):
                at.setdefault((y, x), i)
    bottom, right = (max((p[k] for p in at), default=-1) + 1 for k in (0, 1))
    pairs = set()
    for i, (r, c, h, w, _) in enumerate(filled):
        for y in range(r, r + h):
            beside = next((at[y, x] for x in range(c + w, right) if (y, x) in at), None)
            if beside is not None:
                pairs.add((i, beside, "right"))
        for x in range(c, c + w):
            below = next((at[y, x] for y in range(r + h, bottom) if (y, x) in at), None)
            if below is not None:
                pairs.add((i, below, "below"))
    return collections.Counter((filled[i][4], filled[j][4], way) for i, j, way in pairs)


def truth(path):
    tables = []
    for table in xml.parse(path).getroot().iter("table"):
        cells, shift = [], 0
        for region in table.iter("region"):
            shift += int(region.get("col-increment") or 0)
            for c in region.iter("cell"):
                row, column = int(c.get("start-row")), int(c.get("start-col"))
                last, edge = int(c.get("end-row") or row), int(c.get("end-col") or column)
                cells.append((row, column + shift, last - row + 1, edge - column + 1, c.findtext("content")))
        tables.append(cells)
    return tables


def mean(p, r):
    return 2 * p * r / (p + r) if p + r else 0.0


def score(want, got):
    a = sum((relations(t) for t in want), collections.Counter())
    b = sum((relations(t) for t in got), collections.Counter())
    words = [collections.Counter(plain(c[4]) for c in t if plain(c[4])) for t in want]
    spurious = 0
    for t in got:
        mine = collections.Counter(plain(c[4]) for c in t if plain(c[4]))
        spurious += not any(2 * sum((w & mine).values()) >= max(1, min(sum(mine.values()), sum(w.values()))) for w in words)
    return sum((a & b).values()), sum(b.values()), sum(a.values()), len(got), spurious


def nianbao(program):
    def read(pdf):
        out = subprocess.run([program, "tables", "-q", pdf], capture_output=True, check=False).stdout
        return [[(c["row"], c["col"], c["row_span"], c["col_span"], c["text"]) for c in t["cells"]] for t in json.loads(out or b"[]")]
    return read


def grid(rows):
    return [(r, c, 1, 1, text or "") for r, row in enumerate(rows) for c, text in enumerate(row)]


def pdfplumber(settings):
    def read(pdf):
        import pdfplumber as library
        with library.open(pdf) as f:
            return [grid(t) for page in f.pages for t in page.extract_tables(settings)]
    return read


def camelot(flavor):
    def read(pdf):
        import camelot as library
        return [grid(t.df.values.tolist()) for t in library.read_pdf(pdf, pages="all", flavor=flavor, suppress_stdout=True)]
    return read


def cpu():
    return sum(u.ru_utime + u.ru_stime for u in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)))


def measure(name, read, documents):
    begun, total, scores = cpu(), [0] * 5, []
    for pdf in documents:
        truths = [truth(pdf[:-4] + end) for end in ("-str.xml", "a-str.xml", "b-str.xml") if os.path.exists(pdf[:-4] + end)]
        try:
            got = read(pdf)
        except Exception as e:  # a library's own: the document counts as not read
            print(name, os.path.basename(pdf), "failed:", str(e)[:90], file=sys.stderr)
            got = []
        best = max((score(t, got) for t in truths), key=lambda s: mean(s[0] / max(1, s[1]), s[0] / max(1, s[2])))
        scores.append((best[0] / max(1, best[1]), best[0] / max(1, best[2])))
        total = [x + y for x, y in zip(total, best)]
    p, r = (100 * sum(s[k] for s in scores) / len(scores) for k in (0, 1))
    whole = 100 * mean(total[0] / max(1, total[1]), total[0] / max(1, total[2]))
    print(f"| {name} | {p:.1f} | {r:.1f} | {mean(p, r):.1f} | {whole:.1f} | {total[1] - total[0]} | {total[2] - total[0]} | {total[3]} | {total[4]} | {cpu() - begun:.0f} |", flush=True)


def main():
    documents = sorted(glob.glob(os.path.join(sys.argv[1], "*.pdf")))
    print("| program | P | R | F by document | F of all relations | wrong | lost | tables given | spurious | CPU s |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    measure("nianbao", nianbao(sys.argv[2]), documents)
    measure("pdfplumber, lines", pdfplumber({}), documents)
    measure("pdfplumber, text", pdfplumber({"vertical_strategy": "text", "horizontal_strategy": "text"}), documents)
    for flavor in ("lattice", "stream", "network", "hybrid"):
        measure("camelot, " + flavor, camelot(flavor), documents)


if __name__ == "__main__":
    main()
