package synth

import (
	"embed"
	"fmt"
	"sync"

	"golang.org/x/image/font/sfnt"
)

//go:embed fonts/*.ttf
var fontFiles embed.FS

// Face is one of the embedded type faces.
type Face int

// The faces, by what Chinese office programs call their like. Times and Termes, which looks like it,
// have figures and Latin only.
const (
	Song Face = iota
	Hei
	Kai
	Times
	Termes
)

var faceFiles = []string{"song.ttf", "hei.ttf", "kai.ttf", "times.ttf", "termes.ttf"}

// fontNames are the fonts that the faces were cut from.
var fontNames = []string{"Noto Serif CJK SC", "Noto Sans CJK SC", "LXGW WenKai", "Liberation Serif", "TeX Gyre Termes"}

// String is the name of the font that the face was cut from.
func (f Face) String() string { return fontNames[f] }

// officeNames are what a DOCX calls the faces.
var officeNames = []string{"宋体", "黑体", "楷体", "Times New Roman", "Times New Roman"}

// Faces are the ones with Chinese characters.
func Faces() []Face { return []Face{Song, Hei, Kai} }

// loadedFace is a parsed font with its file.
type loadedFace struct {
	*sfnt.Font
	data []byte
}

var loadFaces = sync.OnceValue(func() []loadedFace {
	var list []loadedFace
	for _, name := range faceFiles {
		data, err := fontFiles.ReadFile("fonts/" + name)
		if err != nil {
			panic(err)
		}
		f, err := sfnt.Parse(data)
		if err != nil {
			panic(fmt.Errorf("fonts/%s: %w", name, err))
		}
		list = append(list, loadedFace{f, data})
	}
	return list
})
