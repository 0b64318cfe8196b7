package wording

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// systemLocale is the one that Windows speaks to the user in, such as zh-CN.
func systemLocale() string {
	const longest = 85 // LOCALE_NAME_MAX_LENGTH
	var name [longest]uint16
	get := windows.NewLazySystemDLL("kernel32.dll").NewProc("GetUserDefaultLocaleName")
	if n, _, _ := get.Call(uintptr(unsafe.Pointer(&name[0])), longest); n == 0 {
		return ""
	}
	return windows.UTF16ToString(name[:])
}
