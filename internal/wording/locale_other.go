//go:build !windows

package wording

// systemLocale: other systems say it in the environment.
func systemLocale() string { return "" }
