//go:build race

package worker_test

// slower is how many times the race detector makes a worker slower, starting programs and filling memory above all.
const slower = 5
