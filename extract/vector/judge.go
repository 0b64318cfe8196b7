package vector

import (
	"fmt"
	"math"
	"strings"
	"unicode"
)

const (
	// fewGlyphs: below this number a share means nothing.
	fewGlyphs = 20
	// Up to unmappedShare of the glyphs may have no character: bullets and ornaments have none.
	unmappedShare = 0.05
	// Where more than latin1Share of the letters are accented, bytes of Chinese text were read as
	// Western ones.
	latin1Share = 0.3
	// commonShare is the least share of everyday characters among the Han of Chinese prose. Prose and
	// forms have more than 0.75 of them, a traditional-character copy 0.5, random characters 0.1.
	commonShare = 0.3
	// Glyph numbers in place of characters are mostly punctuation, since that comes first in ASCII: more than
	// soupShare of a page without Han, a run of one mark counted once, and of marks that print hardly uses
	// more than oddShare. Contents pages with their dots, and tables of 0.99, have 0.45 of the first and none
	// of the second.
	soupShare, oddShare = 0.4, 0.1
	// oddMarks are the marks that print hardly uses.
	oddMarks = "!\"#$&*+<=>?@[\\]^_`{|}~"
	// ligatures are the letters that end one: some fonts say only these of it (signiicant), which makes their
	// shapes many and hides no figure.
	ligatures = "fhijlt"
	// leaders are the marks of which a font may have one, two and three in a glyph, to lead to a page number: as high, and wider.
	leaders = ".·_-–—"
	// shapeChange, in em, is how much the same character of one font may differ in its printed size.
	shapeChange = 0.04
	// Where more than twoShapes of the glyphs have a character that stands for glyphs of different
	// shapes, the text layer is not believed.
	twoShapes = 0.03
)

// Use is what to make of a page.
type Use int

// Text is to be read from the text layer, Blank pages have nothing to read, the Pixels of the others
// must be read.
const (
	Text Use = iota
	Blank
	Pixels
)

// stampGlyphs is how many glyphs may lie over a scan without making it a text page: a page number,
// a scanning program's stamp.
const stampGlyphs = 24

// Judge says whether a page's text layer is what is printed. cover says that pictures cover the page,
// picture that it has any picture or drawing in which there may be text. The reason tells a user why
// a text layer was not used; it is "" when there is none.
func Judge(glyphs []Glyph, cover, picture bool) (use Use, reason string) {
	shown := 0
	for _, g := range glyphs {
		if !g.Hidden {
			shown++
		}
	}
	switch {
	case shown == 0 && !picture:
		return Blank, ""
	case len(glyphs) == 0:
		return Pixels, ""
	case shown == 0 && cover:
		reason = "its text is hidden under or over a picture of the page"
	case shown == 0:
		reason = "its text is invisible"
	case cover && shown <= stampGlyphs:
		reason = "it is a picture with a few characters laid over it"
	default:
		reason = garbage(glyphs)
	}
	if reason != "" {
		return Pixels, reason
	}
	return Text, ""
}

// Sideways gives the quarter turns clockwise that set most of the text upright.
func Sideways(glyphs []Glyph) int {
	var count [4]int
	for _, g := range glyphs {
		if g.Quarter >= 0 && !g.Hidden {
			count[g.Quarter]++
		}
	}
	best := 0
	for q, n := range count {
		if n > count[best] {
			best = q
		}
	}
	return (4 - best) % 4
}

func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance }

// garbage says why a text layer does not tell what is printed, "" when it seems to.
func garbage(glyphs []Glyph) string {
	var all, unmapped, han, common, latin1, letters, digits, punctuation, odd int
	var text strings.Builder
	var last rune
	for _, g := range glyphs {
		if g.Hidden {
			continue
		}
		all++
		text.WriteString(g.Text)
		r := []rune(g.Text)[0]
		switch {
		case g.Unmapped, r == unicode.ReplacementChar, unicode.Is(unicode.Co, r), unicode.IsControl(r):
			unmapped++
		case unicode.Is(unicode.Han, r):
			han++
			if everyday[r] {
				common++
			}
		case r >= 0xA1 && r <= 0xFF && r != '·' && r != '×' && r != '÷':
			latin1++
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		case r < 0x80 && r != last:
			punctuation++
			if strings.ContainsRune(oddMarks, r) {
				odd++
			}
		}
		last = r
	}
	switch {
	case strings.Count(text.String(), "(cid:") > 2:
		return `it holds "(cid:" numbers in place of characters`
	case unmapped >= 5 && float64(unmapped) > unmappedShare*float64(all):
		return fmt.Sprintf("%d of its %d glyphs stand for no character", unmapped, all)
	case latin1 >= fewGlyphs && float64(latin1) > latin1Share*float64(letters+latin1+han):
		return "it is Chinese in a wrong encoding"
	case han >= fewGlyphs && float64(common) < commonShare*float64(han):
		return fmt.Sprintf("only %d of its %d Han are in common use", common, han)
	case all >= fewGlyphs && float64(punctuation) > soupShare*float64(all) && float64(odd) > oddShare*float64(all) && digits*2 < all:
		return "it is mostly punctuation"
	}
	return manyShapes(glyphs)
}

// manyShapes finds fonts that give different glyphs the same character: in one font and size a
// character always has the same printed extent.
func manyShapes(glyphs []Glyph) string {
	type key struct{ font, text string }
	type shape struct{ width, height, x, y float64 }
	seen := map[key][]shape{}
	count := map[key]int{}
	same := func(a, b shape) bool {
		return near(a.width, b.width, shapeChange) && near(a.height, b.height, shapeChange) &&
			near(a.x, b.x, shapeChange) && near(a.y, b.y, shapeChange)
	}
	all := 0
	for _, g := range glyphs {
		if g.Hidden || g.Quarter != 0 || g.Ink.Empty() || strings.Contains(ligatures, g.Text) || shaped(g.Text) {
			continue
		}
		all++
		k := key{g.Font, g.Text}
		count[k]++
		s := shape{g.Ink.Width() / g.Size, g.Ink.Height() / g.Size, (g.Ink.X0 - g.Box.X0) / g.Size, (g.Ink.Y0 - g.Box.Y0) / g.Size}
		if strings.Contains(leaders, g.Text) {
			s.width, s.x = 0, 0
		}
		known := false
		for _, t := range seen[k] {
			known = known || same(s, t)
		}
		if !known && len(seen[k]) < 8 {
			seen[k] = append(seen[k], s)
		}
	}
	doubtful := 0
	for k, shapes := range seen {
		// Two fonts of the same name explain two shapes. More shapes are different characters.
		if len(shapes) > 2 {
			doubtful += count[k]
		}
	}
	if doubtful >= 3 && float64(doubtful) > twoShapes*float64(all) {
		return fmt.Sprintf("it gives %d glyphs of different shape the same characters", doubtful)
	}
	return ""
}

// shaped says that a character's shape goes by its neighbours, as in Arabic and the scripts of India.
func shaped(text string) bool {
	for _, r := range text {
		return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati,
			unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Myanmar, unicode.Khmer, unicode.Tibetan)
	}
	return false
}

// everyday holds the Han that make up most of any Chinese prose, and the words of these reports.
var everyday = func() map[rune]bool {
	m := map[rune]bool{}
	for _, r := range "的一是不了人在有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里" +
		"用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与" +
		"长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加" +
		"西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女" +
		"变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书" +
		"非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识" +
		"候带导争运府息请诉讼复议县镇乡街办审维持纠尚未申收到答公开年度报告主动依府信息费额项目商企研组织益律服其他自然总计予" +
		"部份秘密危及稳禁止保护第三方执查询事过程案卷掌握需另补正后仍明确访投举类重出版要供大反确认或新获取理由逾期按缴纳结转" +
		"下继续处罚强许可范围渠道栏目网站平台队培训考核监督责任追究六七八九零〇年日月市区省委局厅政务新媒" {
		m[r] = true
	}
	return m
}()
