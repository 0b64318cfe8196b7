// Package race lets tests do less under the race detector, which makes the readers ten times as slow. What one
// goroutine does alone has no races, so a few of many samples are enough there; tests of what runs at once stay whole.
package race

// Few is a list of samples: all of them, or under the race detector the first n.
func Few[T any](samples []T, n int) []T {
	if On {
		return samples[:min(n, len(samples))]
	}
	return samples
}

// Times is how often something is tried: all times, or under the race detector few.
func Times(all, few int) int {
	if On {
		return min(all, few)
	}
	return all
}
