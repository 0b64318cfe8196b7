package synth

import (
	"fmt"
	"strings"
)

const (
	ofdSpace = `xmlns:ofd="http://www.ofdspec.org/2016"`
	ofdPoint = 25.4 / 72 // millimetres
)

// OFD writes the pages as GB/T 33190 with text objects and stroked rulings, and fonts by name alone.
func (p *Pages) OFD() []byte {
	files := [][2]string{{"OFD.xml", `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<ofd:OFD ` + ofdSpace + ` Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`}}
	var list, fonts strings.Builder
	for face := Song; face <= Termes; face++ {
		fmt.Fprintf(&fonts, `<ofd:Font ID="%d" FontName="%s"/>`, ofdFont(face), officeNames[face])
	}
	for i := range p.pages {
		name := fmt.Sprintf("Pages/Page_%d/Content.xml", i)
		fmt.Fprintf(&list, `<ofd:Page ID="%d" BaseLoc="%s"/>`, i+1, name)
		files = append(files, [2]string{"Doc_0/" + name, p.pages[i].ofd()})
	}
	return zipped(append(files,
		[2]string{"Doc_0/Document.xml", fmt.Sprintf(`<ofd:Document %s><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 %.3f %.3f</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>%s</ofd:Pages></ofd:Document>`,
			ofdSpace, p.Width*ofdPoint, p.Height*ofdPoint, list.String())},
		[2]string{"Doc_0/PublicRes.xml", fmt.Sprintf(`<ofd:Res %s BaseLoc="Res"><ofd:Fonts>%s</ofd:Fonts></ofd:Res>`, ofdSpace, fonts.String())}))
}

func ofdFont(f Face) int { return 1000 + int(f) }

func (pg *page) ofd() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<ofd:Page %s><ofd:Content><ofd:Layer ID="2000">`, ofdSpace)
	id := 2000
	for _, l := range pg.lines {
		id++
		w, h := (l.x1-l.x0)*ofdPoint, (l.y1-l.y0)*ofdPoint
		fmt.Fprintf(&b, `<ofd:PathObject ID="%d" Boundary="%.3f %.3f %.3f %.3f" LineWidth="%.3f"><ofd:AbbreviatedData>M 0 0 L %.3f %.3f</ofd:AbbreviatedData></ofd:PathObject>`,
			id, l.x0*ofdPoint, l.y0*ofdPoint, w+0.1, h+0.1, l.thickness*ofdPoint, w, h)
	}
	for i := 0; i < len(pg.glyphs); {
		first := pg.glyphs[i]
		var text, deltas strings.Builder
		x := first.x
		for ; i < len(pg.glyphs); i++ {
			g := pg.glyphs[i]
			if g.face != first.face || g.size != first.size || g.bold != first.bold || g.y != first.y || g.x < x || g.x-x > 1.05*g.size {
				break
			}
			if text.Len() > 0 {
				fmt.Fprintf(&deltas, "%.3f ", (g.x-x)*ofdPoint)
			}
			text.WriteRune(g.r)
			x = g.x
		}
		id++
		size := first.size * ofdPoint
		weight := 400
		if first.bold {
			weight = 700
		}
		fmt.Fprintf(&b, `<ofd:TextObject ID="%d" Boundary="%.3f %.3f %.3f %.3f" Font="%d" Size="%.3f" Weight="%d"><ofd:TextCode X="0" Y="%.3f" DeltaX="%s">%s</ofd:TextCode></ofd:TextObject>`,
			id, first.x*ofdPoint, first.y*ofdPoint-size, (x-first.x)*ofdPoint+size, size*1.3, ofdFont(first.face), size, weight, size, strings.TrimSpace(deltas.String()), escaped(text.String()))
	}
	b.WriteString(`</ofd:Layer></ofd:Content></ofd:Page>`)
	return b.String()
}
