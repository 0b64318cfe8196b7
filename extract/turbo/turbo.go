//go:build cgo

package turbo

/*
#cgo LDFLAGS: -ljpeg
#include <setjmp.h>
#include <stdio.h>
#include <jpeglib.h>

// failure takes the place of the library's handlers, which would end the process or print.
struct failure {
	struct jpeg_error_mgr pub;
	jmp_buf back;
	int warned;
};

static void fail(j_common_ptr c) { longjmp(((struct failure *)c->err)->back, 1); }

static void note(j_common_ptr c, int level) {
	if (level < 0) ((struct failure *)c->err)->warned = 1;
}

static void print(j_common_ptr c) {}

// planes decodes a whole stream into planes of grey, or of luma and two chromas, that hold a whole number
// of the stream's units; rows is how many rows of luma they have. It gives 0, or 1 where anything at all
// is not as it should be.
static int planes(const unsigned char *data, unsigned long size, int components, int h, int v, int width, int height,
		int rows, unsigned char *luma, int stride, unsigned char *blue, unsigned char *red, int half) {
	struct jpeg_decompress_struct c;
	struct failure f;
	c.err = jpeg_std_error(&f.pub);
	f.pub.error_exit = fail;
	f.pub.emit_message = note;
	f.pub.output_message = print;
	f.warned = 0;
	if (setjmp(f.back)) {
		jpeg_destroy_decompress(&c);
		return 1;
	}
	jpeg_create_decompress(&c);
	jpeg_mem_src(&c, (unsigned char *)data, size);
	jpeg_read_header(&c, TRUE);
	int ok = c.data_precision == 8 && c.num_components == components && (int)c.image_width == width && (int)c.image_height == height;
	if (components == 1) {
		ok = ok && c.jpeg_color_space == JCS_GRAYSCALE;
	} else {
		ok = ok && c.jpeg_color_space == JCS_YCbCr && c.comp_info[0].h_samp_factor == h && c.comp_info[0].v_samp_factor == v;
		for (int i = 1; ok && i < 3; i++) ok = c.comp_info[i].h_samp_factor == 1 && c.comp_info[i].v_samp_factor == 1;
	}
	if (!ok) fail((j_common_ptr)&c);
	c.raw_data_out = TRUE;
	c.do_block_smoothing = FALSE;
	jpeg_start_decompress(&c);
	int unit = v * DCTSIZE;
	JSAMPROW l[2 * DCTSIZE], b[DCTSIZE], r[DCTSIZE];
	JSAMPARRAY image[3] = {l, b, r};
	while (c.output_scanline < c.output_height) {
		int y = c.output_scanline;
		if (y + unit > rows) fail((j_common_ptr)&c);
		for (int i = 0; i < unit; i++) l[i] = luma + (size_t)(y + i) * stride;
		for (int i = 0; components == 3 && i < DCTSIZE; i++) {
			b[i] = blue + (size_t)(y / v + i) * half;
			r[i] = red + (size_t)(y / v + i) * half;
		}
		if (jpeg_read_raw_data(&c, image, unit) == 0) fail((j_common_ptr)&c);
	}
	jpeg_finish_decompress(&c);
	jpeg_destroy_decompress(&c);
	return f.warned;
}

// dots decodes a whole baseline stream into grey dots, or dots of four bytes. It gives 0, or 1 where anything at all is not as it should be.
static int dots(const unsigned char *data, unsigned long size, int components, int width, int height, unsigned char *out, size_t stride) {
	struct jpeg_decompress_struct c;
	struct failure f;
	c.err = jpeg_std_error(&f.pub);
	f.pub.error_exit = fail;
	f.pub.emit_message = note;
	f.pub.output_message = print;
	f.warned = 0;
	if (setjmp(f.back)) {
		jpeg_destroy_decompress(&c);
		return 1;
	}
	jpeg_create_decompress(&c);
	jpeg_mem_src(&c, (unsigned char *)data, size);
	jpeg_read_header(&c, TRUE);
	int ok = c.data_precision == 8 && c.num_components == components && (int)c.image_width == width && (int)c.image_height == height &&
		!c.progressive_mode && !c.arith_code;
	int h = c.comp_info[0].h_samp_factor, v = c.comp_info[0].v_samp_factor;
	if (components == 1) {
		ok = ok && c.jpeg_color_space == JCS_GRAYSCALE && h == 1 && v == 1;
		c.out_color_space = JCS_GRAYSCALE;
	} else {
		ok = ok && c.jpeg_color_space == JCS_YCbCr && (v == 1 ? h == 1 || h == 2 : v == 2 && h == 2);
		for (int i = 1; ok && i < 3; i++) ok = c.comp_info[i].h_samp_factor == 1 && c.comp_info[i].v_samp_factor == 1;
		c.out_color_space = JCS_EXT_RGBA;
	}
	if (!ok) fail((j_common_ptr)&c);
	jpeg_start_decompress(&c);
	while (c.output_scanline < c.output_height) {
		JSAMPROW row = out + c.output_scanline * stride;
		if (jpeg_read_scanlines(&c, &row, 1) == 0) fail((j_common_ptr)&c);
	}
	jpeg_finish_decompress(&c);
	jpeg_destroy_decompress(&c);
	return f.warned;
}
*/
import "C"

import (
	"image"
	"unsafe"
)

// Decode decodes a JPEG, grey or YCbCr, of a size that the caller thinks fit; the picture lies at 0, 0. It gives nil for whatever
// it does not do, or is not sound to the last byte, or not as the frame says: that is image/jpeg's to decode or to refuse.
func Decode(data []byte, f Frame) image.Image {
	if len(data) == 0 || f.Width <= 0 || f.Height <= 0 || f.Across < 1 || f.Across > 2 || f.Down < 1 || f.Down > 2 {
		return nil
	}
	whole := image.Rect(0, 0, roundUp(f.Width, 8*f.Across), roundUp(f.Height, 8*f.Down))
	at := func(p []byte) *C.uchar { return (*C.uchar)(unsafe.Pointer(unsafe.SliceData(p))) }
	decode := func(luma []byte, stride int, blue, red []byte, half int) bool {
		return C.planes(at(data), C.ulong(len(data)), C.int(f.Components), C.int(f.Across), C.int(f.Down), C.int(f.Width), C.int(f.Height),
			C.int(whole.Dy()), at(luma), C.int(stride), at(blue), at(red), C.int(half)) == 0
	}
	visible := image.Rect(0, 0, f.Width, f.Height)
	switch f.Components {
	case 1:
		img := image.NewGray(whole)
		if decode(img.Pix, img.Stride, nil, nil, 0) {
			return img.SubImage(visible)
		}
	case 3:
		ratio := map[[2]int]image.YCbCrSubsampleRatio{
			{1, 1}: image.YCbCrSubsampleRatio444, {2, 1}: image.YCbCrSubsampleRatio422,
			{1, 2}: image.YCbCrSubsampleRatio440, {2, 2}: image.YCbCrSubsampleRatio420,
		}[[2]int{f.Across, f.Down}]
		img := image.NewYCbCr(whole, ratio)
		if decode(img.Y, img.YStride, img.Cb, img.Cr, img.CStride) {
			return img.SubImage(visible)
		}
	}
	return nil
}

// Dots decodes a baseline JPEG, of one component or of luma and two chromas, to grey or coloured dots, chromas drawn out smoothly: to the
// bit as any reader does that uses the library as it is set. It gives nil for whatever is not so, or is not sound to the last byte.
func Dots(data []byte, components, width, height int) image.Image {
	if len(data) == 0 || width <= 0 || height <= 0 {
		return nil
	}
	decode := func(out []byte, stride int) bool {
		return C.dots((*C.uchar)(unsafe.Pointer(unsafe.SliceData(data))), C.ulong(len(data)), C.int(components), C.int(width), C.int(height),
			(*C.uchar)(unsafe.Pointer(unsafe.SliceData(out))), C.size_t(stride)) == 0
	}
	switch components {
	case 1:
		if img := image.NewGray(image.Rect(0, 0, width, height)); decode(img.Pix, img.Stride) {
			return img
		}
	case 3:
		if img := image.NewRGBA(image.Rect(0, 0, width, height)); decode(img.Pix, img.Stride) {
			return img
		}
	}
	return nil
}

func roundUp(n, unit int) int { return (n + unit - 1) / unit * unit }
