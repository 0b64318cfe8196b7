"""Makes the files in this folder from page.png with other people's programs; see README.md. Usage: python3 make.py"""
import os, subprocess
from PIL import Image

os.chdir(os.path.dirname(os.path.abspath(__file__)))
DPI = 150


def run(*words):
    subprocess.run(words, check=True)


gray = Image.open("page.png").convert("L")
bilevel = gray.point(lambda v: 255 if v > 150 else 0).convert("1")

# Pictures
gray.save("baseline.jpg", quality=60, dpi=(DPI, DPI))
gray.convert("RGB").save("progressive.jpg", quality=60, progressive=True, dpi=(DPI, DPI))
gray.convert("CMYK").save("cmyk.jpg", quality=50, dpi=(DPI, DPI))
exif = Image.Exif()
exif[0x0112] = 6
gray.transpose(Image.Transpose.ROTATE_90).save("exif.jpg", quality=60, dpi=(DPI, DPI), exif=exif)
bilevel.save("g4.tif", compression="group4", dpi=(DPI, DPI))
bilevel.save("g3.tif", compression="group3", dpi=(DPI, DPI))
run("tiffcp", "-c", "g4", "-r", "60", "g4.tif", "strips.tif")
run("convert", "g4.tif", "-define", "quantum:polarity=min-is-black", "-compress", "Group4", "inverted.tif")
bilevel.resize((bilevel.width * 204 // 150, bilevel.height * 98 // 75)).save("fine.tif", compression="group4", dpi=(204, 196))
gray.resize((gray.width * 3 // 2, gray.height)).point(lambda v: 255 if v > 150 else 0).convert("1").save("oblong.tif", compression="group4", dpi=(225, 150))
bilevel.save("undeclared.tif", compression="group4")
gray.quantize(16).convert("L").save("lzw.tif", compression="tiff_lzw", dpi=(DPI, DPI))
gray.save("jpeg.tif", compression="jpeg", quality=60, dpi=(DPI, DPI))

# One table on two pages: cut along a ruling in its middle, which both pages show
dark = [sum(1 for v in gray.crop((0, y, gray.width, y + 1)).tobytes() if v < 150) for y in range(gray.height)]
cut = min((y for y in range(gray.height) if dark[y] > gray.width // 2), key=lambda y: abs(y - gray.height * 6 // 10))
lower = Image.new("L", (gray.width, gray.height - cut + 100), 255)
lower.paste(gray.crop((0, cut - 1, gray.width, gray.height)), (0, 100))
for name, part in (("upper", gray.crop((0, 0, gray.width, cut + 3))), ("lower", lower)):
    part.point(lambda v: 255 if v > 150 else 0).convert("1").save(name + ".tif", compression="group4", dpi=(DPI, DPI))
run("tiffcp", "upper.tif", "lower.tif", "two_pages.tif")
run("img2pdf", "upper.tif", "lower.tif", "-o", "two_pages.pdf")
os.remove("upper.tif")
os.remove("lower.tif")

bilevel.save("page.bmp", dpi=(DPI, DPI))
gray.save("page.webp", quality=60)
bilevel.save("page.gif")

# PDFs
run("img2pdf", "baseline.jpg", "-o", "jpeg.pdf")
run("img2pdf", "g4.tif", "-o", "ccitt.pdf")
gray.save("page.jp2", quality_mode="rates", quality_layers=[12])
run("img2pdf", "--imgsize", "%ddpix%ddpi" % (DPI, DPI), "page.jp2", "-o", "jpx.pdf")
os.remove("page.jp2")
run("qpdf", "--rotate=+90", "ccitt.pdf", "rotate.pdf")
run("qpdf", "--encrypt", "", "owner", "128", "--use-aes=y", "--", "ccitt.pdf", "encrypted.pdf")
