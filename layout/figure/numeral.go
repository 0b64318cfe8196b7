package figure

import "strings"

// numerals are the Chinese ones, and what they are called in the plain ones; 十, 百, 千, 万, 亿 are powers of ten.
var numerals = map[rune]rune{
	'零': '0', '〇': '0', '一': '1', '二': '2', '两': '2', '兩': '2', '三': '3', '四': '4', '五': '5', '六': '6', '七': '7', '八': '8', '九': '9',
	'壹': '1', '贰': '2', '貳': '2', '叁': '3', '參': '3', '肆': '4', '伍': '5', '陆': '6', '陸': '6', '柒': '7', '捌': '8', '玖': '9',
	'十': '十', '拾': '十', '百': '百', '佰': '百', '千': '千', '仟': '千', '万': '万', '萬': '万', '亿': '亿', '億': '亿',
}

// shortened are numerals of more than one place.
var shortened = strings.NewReplacer("廿", "二十", "卅", "三十")

// IsNumeral says that a character is part of a Chinese number.
func IsNumeral(r rune) bool { return numerals[r] != 0 || r == '廿' || r == '卅' }

// leastDigits is how many digits said one by one make a number without a zero among them: 三四 is three or four.
const leastDigits = 3

// numeral gives the digits of a Chinese number, in words (一百零三) or digit by digit (二〇二三). It is no number
// unless it is said as one says it: 二百五 may be 250 and 205.
func numeral(rs []rune) (string, bool) {
	var plain []rune
	powers := false
	for _, r := range shortened.Replace(string(rs)) {
		r = numerals[r]
		if r == 0 {
			return "", false
		}
		powers = powers || r > '9'
		plain = append(plain, r)
	}
	said := string(plain)
	switch {
	case len(plain) == 0 || len(plain) > MaxDigits:
		return "", false
	case !powers:
		if len(plain) == 1 || (len(plain) >= leastDigits || strings.Contains(said, "0")) && plain[0] != '0' {
			return said, true
		}
		return "", false
	}
	n := amount(plain)
	if n <= 0 || n >= mostSaid {
		return "", false
	}
	digits := decimal(n)
	return digits, opened(said) == opened(inWords(n))
}

// mostSaid bounds the numbers that are read in words.
const mostSaid = 1_0000_0000_0000

// opened is a number in words with the 1 before a leading 十 that may be left out.
func opened(said string) string {
	if strings.HasPrefix(said, "十") {
		return "1" + said
	}
	return said
}

// amount of a number in words, whether well said or not.
func amount(plain []rune) int64 {
	var all, part, digit int64
	for _, r := range plain {
		switch r {
		case '十', '百', '千':
			p := int64(1)
			for range zeros[r] {
				p *= 10
			}
			part += max(digit, 1) * p
			digit = 0
		case '万':
			all = all/1_0000_0000*1_0000_0000 + (all%1_0000_0000+part+digit)*1_0000
			part, digit = 0, 0
		case '亿':
			all = (all + part + digit) * 1_0000_0000
			part, digit = 0, 0
		default:
			digit = int64(r - '0')
		}
		if all >= mostSaid {
			return -1
		}
	}
	return all + part + digit
}

func decimal(n int64) string {
	var out []byte
	for ; n > 0; n /= 10 {
		out = append([]byte{byte('0' + n%10)}, out...)
	}
	return string(out)
}

// inWords says a number from 1 on, its digits in plain ones: 1百03.
func inWords(n int64) string {
	var out strings.Builder
	gap := false
	for i, p := range []int64{1_0000_0000, 1_0000, 1} {
		group := n / p
		n %= p
		if group == 0 {
			gap = gap || out.Len() > 0
			continue
		}
		if out.Len() > 0 && (gap || group < 1000) {
			out.WriteByte('0')
		}
		gap = false
		words := group4(group)
		out.WriteString(words)
		out.WriteString([]string{"亿", "万", ""}[i])
	}
	return out.String()
}

// group4 says a number below 10000.
func group4(n int64) string {
	var out strings.Builder
	gap := false
	for i, p := range []int64{1000, 100, 10, 1} {
		d := n / p % 10
		if d == 0 {
			gap = gap || out.Len() > 0
			continue
		}
		if gap {
			out.WriteByte('0')
		}
		gap = false
		out.WriteByte(byte('0' + d))
		out.WriteString([]string{"千", "百", "十", ""}[i])
	}
	return out.String()
}
