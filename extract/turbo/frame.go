// Package turbo decodes the JPEG files of scanners and cameras by libjpeg-turbo, in a third of the time of image/jpeg. The
// library is there where Tesseract is, which reads pictures by it; without cgo the package does nothing.
package turbo

// Frame is what a JPEG's header says of it: its size in pixels, how many components there are, and how many times as many dots
// the luma has as a chroma, across and down (1 and 1 for grey).
type Frame struct {
	Width, Height, Components int
	Across, Down              int
}
