"""Makes the pictures in this folder with other people's programs; see README.md. Usage: python3 make.py"""
import glob, os, subprocess
from PIL import Image, ImageDraw, ImageFont

W, H = 163, 91  # odd, so that no row ends on a byte
os.chdir(os.path.dirname(os.path.abspath(__file__)))


def run(*words):
    subprocess.run(words, check=True)


def drawn(mode, paper, ink):
    im = Image.new(mode, (W, H), paper)
    d = ImageDraw.Draw(im)
    for y in (8, 40, 80):
        d.line((5, y, 150, y), fill=ink, width=2)
    for x in (5, 60, 149):
        d.line((x, 8, x, 80), fill=ink, width=1)
    f = ImageFont.load_default(20)
    d.text((12, 12), "20", fill=ink, font=f)
    d.text((70, 46), "137.5", fill=ink, font=f)
    return im


gray = drawn("L", 240, 20)
bilevel = gray.point(lambda v: 255 if v > 128 else 0).convert("1")
color = drawn("RGB", (250, 240, 220), (10, 30, 90))
ImageDraw.Draw(color).ellipse((90, 20, 140, 70), outline=(220, 30, 30), width=4)
bilevel.save("bilevel.png")
gray.save("gray.png", dpi=(300, 300))
color.save("color.png")

# Fax codings, by libtiff through Pillow, tiffcp and ImageMagick
bilevel.save("g4.tif", compression="group4", dpi=(200, 200))
bilevel.save("g3.tif", compression="group3", dpi=(204, 98))
bilevel.save("huffman.tif", compression="tiff_ccitt")
run("tiffcp", "-c", "g3:2d:fill", "g4.tif", "g3_2d.tif")
run("tiffcp", "-c", "g4", "-f", "lsb2msb", "-r", "20", "g4.tif", "g4_lsb_strips.tif")
run("tiffcp", "-c", "g4", "-t", "-w", "64", "-l", "48", "g4.tif", "g4_tiles.tif")
run("convert", "bilevel.png", "-compress", "Fax", "magick_g3.tif")
run("convert", "bilevel.png", "-define", "quantum:polarity=min-is-black", "-compress", "Group4", "magick_min_is_black.tif")

# Samples
gray.save("gray_none.tif")
gray.save("gray_lzw.tif", compression="tiff_lzw", dpi=(300, 300))
color.save("color_lzw.tif", compression="tiff_lzw")
run("tiffcp", "-c", "lzw:2", "color_lzw.tif", "color_lzw_predictor.tif")
run("tiffcp", "-c", "zip", "-p", "separate", "color_lzw.tif", "color_planes.tif")
run("tiffcp", "-c", "packbits", "-B", "gray_none.tif", "gray_packbits_big.tif")
run("tiffcp", "-8", "-c", "none", "gray_none.tif", "gray_bigtiff.tif")
run("tiffcp", "-c", "lzw", "-t", "-w", "64", "-l", "48", "color_lzw.tif", "color_tiles.tif")
run("convert", "gray.png", "-depth", "16", "-compress", "zip", "gray_16.tif")
run("convert", "gray.png", "-colors", "4", "-type", "palette", "-compress", "none", "palette.tif")
run("convert", "color.png", "-colorspace", "CMYK", "-compress", "lzw", "cmyk.tif")
color.save("color_jpeg.tif", compression="jpeg", quality=90)
run("tiffcp", "-c", "jpeg:r:90", "-r", "32", "color_lzw.tif", "color_jpeg_rgb_strips.tif")
run("tiffcp", "-c", "jpeg:90", "-t", "-w", "64", "-l", "48", "color_lzw.tif", "color_jpeg_tiles.tif")
run("tiffcp", "g4.tif", "gray_lzw.tif", "color_lzw.tif", "pages.tif")

# JPEG
gray.save("gray.jpg", quality=90, dpi=(300, 300))
color.save("color_progressive.jpg", quality=90, progressive=True)
for ratio in ("4:4:4", "4:2:2", "4:2:0"):
    color.save(f"color_{ratio.replace(':', '')}.jpg", quality=90, subsampling=ratio)
run("convert", "color.png", "-sampling-factor", "1x2", "-quality", "90", "color_440.jpg")
color.convert("CMYK").save("cmyk_adobe.jpg", quality=90)  # inverted, as Adobe does
run("convert", "color.png", "-colorspace", "CMYK", "-quality", "90", "cmyk_magick.jpg")
exif = Image.Exif()
for o, turn in ((3, Image.Transpose.ROTATE_180), (6, Image.Transpose.ROTATE_90), (8, Image.Transpose.ROTATE_270)):
    exif[0x0112] = o
    color.transpose(turn).save(f"exif_{o}.jpg", quality=90, exif=exif)
for o, turn in ((2, Image.Transpose.FLIP_LEFT_RIGHT), (4, Image.Transpose.FLIP_TOP_BOTTOM), (5, Image.Transpose.TRANSPOSE), (7, Image.Transpose.TRANSVERSE)):
    gray.transpose(turn).save(f"oriented_{o}.tif", compression="tiff_lzw", tiffinfo={274: o})

# The others
gray.convert("RGBA").save("alpha.png")
clear = Image.new("RGBA", (W, H), (0, 0, 0, 0))
clear.paste((20, 20, 20, 255), mask=gray.point(lambda v: 255 if v < 128 else 0))
clear.save("clear.png")
color.quantize(16).save("palette.png")
run("convert", "gray.png", "-depth", "16", "-define", "png:bit-depth=16", "PNG48:gray_16.png")
run("convert", "gray.png", "-interlace", "PNG", "interlaced.png")
gray.save("gray.bmp", dpi=(300, 300))
bilevel.save("bilevel.bmp")
gray.save("gray.gif")
color.save("color.webp", lossless=True)
for f in glob.glob("*.tif*") + glob.glob("*.[jpbgw]*g"):
    assert os.path.getsize(f) < 60_000, f
