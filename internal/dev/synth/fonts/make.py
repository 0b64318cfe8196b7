"""Cuts the embedded fonts down to alphabet.txt. Usage: make.py WENKAI (the unpacked npm package); see README.md."""
import glob, os, sys
from fontTools import subset
from fontTools.merge import Merger
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

here = os.path.dirname(os.path.abspath(__file__))
alphabet = open(os.path.join(here, "alphabet.txt"), encoding="utf-8").read().rstrip("\n")


def cut(font, text):
    o = subset.Options()
    o.layout_features, o.hinting, o.notdef_outline, o.name_IDs = [], False, True, [0, 13, 14]
    o.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG", "STAT", "VDMX", "hdmx", "LTSH", "kern", "FFTM", "PfEd"]
    s = subset.Subsetter(o)
    s.populate(text=text)
    s.subset(font)
    return font


def quadratic(font):
    """CFF outlines as TrueType ones, so that drawing and PDF need one kind only."""
    if "glyf" in font:
        return font
    order, glyphs, out = font.getGlyphOrder(), font.getGlyphSet(), {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        out[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, out
    m = font["maxp"]
    m.tableVersion = 0x00010000
    for k in ("maxZones",):
        setattr(m, k, 1)
    for k in ("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements", "maxSizeOfInstructions",
              "maxComponentElements", "maxPoints", "maxContours", "maxCompositePoints", "maxCompositeContours", "maxComponentDepth"):
        setattr(m, k, 0)
    font["post"].formatType = 3
    del font["CFF "]
    font.sfntVersion = "\0\1\0\0"
    return font


def save(font, name, title):
    for i in (1, 4, 6):  # a changed font may not keep a reserved name
        font["name"].setName(title if i != 6 else title.replace(" ", ""), i, 3, 1, 0x409)
    font["name"].setName("Regular", 2, 3, 1, 0x409)
    font["head"].created = font["head"].modified = 3786825600  # the same bytes each time
    font.recalcTimestamp = False
    path = os.path.join(here, name)
    font.save(path)
    print(name, os.path.getsize(path), len(font.getBestCmap()))


noto = "/usr/share/fonts/opentype/noto/"
save(quadratic(cut(TTFont(noto + "NotoSerifCJK-Regular.ttc", fontNumber=2), alphabet)), "song.ttf", "Nianbao Song")
save(quadratic(cut(TTFont(noto + "NotoSansCJK-Regular.ttc", fontNumber=2), alphabet)), "hei.ttf", "Nianbao Hei")
pieces, left = [], set(alphabet)
for f in sorted(glob.glob(os.path.join(sys.argv[1], "files", "lxgwwenkai-regular-*.woff2"))):
    font = TTFont(f)
    have = left & {chr(c) for c in font.getBestCmap()}
    if have:
        left -= have
        font.flavor = None
        path = f"/tmp/wenkai-{len(pieces):03d}.ttf"
        cut(font, "".join(sorted(have))).save(path)
        pieces.append(path)
print("not in WenKai:", left)
merger = Merger()
merger.options.drop_tables = ["vhea", "vmtx", "VORG"]
save(cut(merger.merge(pieces), alphabet), "kai.ttf", "Nianbao Kai")
latin = "".join(c for c in alphabet if c < "\x7f" or c in "—·“”")
save(cut(TTFont("/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf"), latin), "times.ttf", "Nianbao Times")
save(quadratic(cut(TTFont("/usr/share/texmf/fonts/opentype/public/tex-gyre/texgyretermes-regular.otf"), latin)), "termes.ttf", "Nianbao Termes")
