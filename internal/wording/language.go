package wording

import "strings"

// LanguageOf tells the user's language from the environment, as POSIX has it: LC_ALL, else LC_MESSAGES, else LANG;
// where none is set, from the system. It is English for all but Chinese.
func LanguageOf(getenv func(string) string) string {
	for _, v := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if s := getenv(v); s != "" {
			return languageIn(s)
		}
	}
	return languageIn(systemLocale())
}

// languageIn takes the language out of the name of a locale: zh_CN.UTF-8, zh-Hans-CN.
func languageIn(locale string) string {
	name, _, _ := strings.Cut(strings.ToLower(locale), ".")
	if name == "zh" || strings.HasPrefix(name, "zh_") || strings.HasPrefix(name, "zh-") {
		return Chinese
	}
	return English
}
