package reading

// vector says whether the machine and its system keep AVX registers.
var vector = func() bool {
	const osxsave, avx = 1 << 27, 1 << 28
	if cpuid(1)&(osxsave|avx) != osxsave|avx {
		return false
	}
	const xmm, ymm = 1 << 1, 1 << 2
	return xgetbv()&(xmm|ymm) == xmm|ymm
}()

//go:noescape
func tileAVX(dst, src, weights, bias *float32, rows, run, line, step, outStep int, floor float32)

//go:noescape
func pairAVX(dst, src, weights, bias *float32, rows, run, line, step, outStep, block int, floor float32)

func cpuid(leaf uint32) (ecx uint32)

func xgetbv() (eax uint32)
