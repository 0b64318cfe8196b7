//go:build !race

package race

// On says that the program was built with -race.
const On = false
