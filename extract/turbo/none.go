//go:build !cgo

package turbo

import "image"

// Decode leaves all to image/jpeg.
func Decode([]byte, Frame) image.Image { return nil }

// Dots leaves all to other decoders.
func Dots([]byte, int, int, int) image.Image { return nil }
