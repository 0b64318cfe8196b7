package ccitt

import "strings"

// The run-length codes of ITU-T T.4, tables 2 and 3: terminating codes for runs of 0 to 63, then
// make-up codes for 64, 128 … 1728, then the codes for 1792 … 2560 that both colours share.

// Runs of 0 to 63 white pixels.
const whiteTerminating = `00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 110101 101010
101011 0100111 0001100 0001000 0010111 0000011 0000100 0101000 0101011 0010011 0100100 0011000 00000010
00000011 00011010 00011011 00010010 00010011 00010100 00010101 00010110 00010111 00101000 00101001 00101010
00101011 00101100 00101101 00000100 00000101 00001010 00001011 01010010 01010011 01010100 01010101 00100100
00100101 01011000 01011001 01011010 01011011 01001010 01001011 00110010 00110011 00110100`

// 64, 128 … 1728 white pixels.
const whiteMakeUp = `11011 10010 010111 0110111 00110110 00110111 01100100 01100101 01101000 01100111 011001100 011001101 011010010
011010011 011010100 011010101 011010110 011010111 011011000 011011001 011011010 011011011 010011000 010011001
010011010 011000 010011011`

// Runs of 0 to 63 black pixels.
const blackTerminating = `0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 00000111 000011000
0000010111 0000011000 0000001000 00001100111 00001101000 00001101100 00000110111 00000101000 00000010111
00000011000 000011001010 000011001011 000011001100 000011001101 000001101000 000001101001 000001101010
000001101011 000011010010 000011010011 000011010100 000011010101 000011010110 000011010111 000001101100
000001101101 000011011010 000011011011 000001010100 000001010101 000001010110 000001010111 000001100100
000001100101 000001010010 000001010011 000000100100 000000110111 000000111000 000000100111 000000101000
000001011000 000001011001 000000101011 000000101100 000001011010 000001100110 000001100111`

// 64, 128 … 1728 black pixels.
const blackMakeUp = `0000001111 000011001000 000011001001 000001011011 000000110011 000000110100 000000110101 0000001101100
0000001101101 0000001001010 0000001001011 0000001001100 0000001001101 0000001110010 0000001110011
0000001110100 0000001110101 0000001110110 0000001110111 0000001010010 0000001010011 0000001010100
0000001010101 0000001011010 0000001011011 0000001100100 0000001100101`

// 1792, 1856 … 2560 pixels of either colour.
const longMakeUp = `00000001000 00000001100 00000001101 000000010010 000000010011 000000010100 000000010101 000000010110
000000010111 000000011100 000000011101 000000011110 000000011111`

// code is one code word: its bits, right aligned, and their number.
type code struct {
	bits uint16
	len  uint8
}

func parseCode(s string) code {
	c := code{len: uint8(len(s))}
	for _, r := range s {
		c.bits = c.bits<<1 | uint16(r-'0')
	}
	return c
}

// runCodes gives the code words of one colour; the word at i stands for i pixels below 64, and for
// (i-63)*64 from there on.
func runCodes(lists ...string) []code {
	var codes []code
	for _, list := range lists {
		for _, s := range strings.Fields(list) {
			codes = append(codes, parseCode(s))
		}
	}
	return codes
}

var (
	whiteCodes = runCodes(whiteTerminating, whiteMakeUp, longMakeUp)
	blackCodes = runCodes(blackTerminating, blackMakeUp, longMakeUp)
)

// maxCode is the length of the longest code word, and so the width of the look-up tables.
const maxCode = 13

// entry is what the next maxCode bits begin with; len 0 means no code word.
type entry struct {
	run uint16
	len uint8
}

var (
	whiteTable = runTable(whiteCodes)
	blackTable = runTable(blackCodes)
)

func runTable(codes []code) *[1 << maxCode]entry {
	var t [1 << maxCode]entry
	for i, c := range codes {
		run := i
		if i >= 64 {
			run = (i - 63) * 64
		}
		first := int(c.bits) << (maxCode - c.len)
		for k := range 1 << (maxCode - c.len) {
			t[first+k] = entry{uint16(run), c.len}
		}
	}
	return &t
}

// mode is a coding mode of the two-dimensional schemes, T.4 table 4.
type mode int8

// The modes. Vertical modes hold the offset: modeV0+2 means two pixels to the right.
const (
	modeBad mode = iota
	modePass
	modeHorizontal
	modeV0 mode = 10
)

// modeBits is the length of the longest mode word.
const modeBits = 7

var modeCodes = []struct {
	word string
	mode mode
}{
	{"0001", modePass}, {"001", modeHorizontal}, {"1", modeV0},
	{"011", modeV0 + 1}, {"000011", modeV0 + 2}, {"0000011", modeV0 + 3},
	{"010", modeV0 - 1}, {"000010", modeV0 - 2}, {"0000010", modeV0 - 3},
}

type modeEntry struct {
	mode mode
	len  uint8
}

var modeTable = func() (t [1 << modeBits]modeEntry) {
	for _, m := range modeCodes {
		c := parseCode(m.word)
		first := int(c.bits) << (modeBits - c.len)
		for k := range 1 << (modeBits - c.len) {
			t[first+k] = modeEntry{m.mode, c.len}
		}
	}
	return t
}()
