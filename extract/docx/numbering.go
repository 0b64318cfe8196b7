package docx

import (
	"strconv"

	"github.com/nianbao/nianbao/extract/numbering"
	"github.com/nianbao/nianbao/extract/xmltree"
)

// lists are the lists of a document and how paragraphs refer to them.
type lists struct {
	abstract  map[string]*abstract // by w:abstractNumId
	instances map[string]*instance // by w:numId
}

// abstract is a list with what only DOCX says of it.
type abstract struct {
	list   numbering.List
	link   string                   // numbering style that defines the levels instead
	styles [numbering.Levels]string // paragraph styles that stand for a level
}

type instance struct {
	numbering.Instance
	abstract string
}

func (r *reader) loadNumbering() error {
	r.lists = lists{abstract: map[string]*abstract{}, instances: map[string]*instance{}}
	n, err := r.related("numbering")
	if n == nil || err != nil {
		return err
	}
	for _, k := range n.Kids {
		switch k.Name {
		case "w:abstractNum":
			a := &abstract{link: val(k.Kid("w:numStyleLink"))}
			for _, lvl := range k.Kids {
				if i, ok := index(lvl, "w:lvl"); ok {
					a.list.Levels[i], a.styles[i] = readLevel(lvl), val(lvl.Kid("w:pStyle"))
				}
			}
			r.lists.abstract[k.Attr("w:abstractNumId")] = a
		case "w:num":
			in := &instance{abstract: val(k.Kid("w:abstractNumId"))}
			in.Start, in.Override = map[int]int{}, map[int]*numbering.Level{}
			for _, o := range k.Kids {
				i, ok := index(o, "w:lvlOverride")
				if !ok {
					continue
				}
				if s := o.Kid("w:startOverride"); s != nil {
					in.Start[i] = number(s, 1)
				}
				if lvl := o.Kid("w:lvl"); lvl != nil {
					in.Override[i] = readLevel(lvl)
				}
			}
			r.lists.instances[k.Attr("w:numId")] = in
		}
	}
	for _, in := range r.lists.instances {
		if a := r.resolve(in.abstract); a != nil {
			in.List = &a.list
		}
	}
	return nil
}

func index(n *xmltree.Node, name string) (int, bool) {
	i, err := strconv.Atoi(n.Attr("w:ilvl"))
	return i, n.Name == name && err == nil && i >= 0 && i < numbering.Levels
}

func readLevel(n *xmltree.Node) *numbering.Level {
	l := &numbering.Level{
		Start: number(n.Kid("w:start"), 0), Format: val(n.Kid("w:numFmt")), Text: val(n.Kid("w:lvlText")),
		Close: val(n.Kid("w:suff")) == "nothing", Restart: number(n.Kid("w:lvlRestart"), -1), Legal: on(n.Kid("w:isLgl")),
	}
	if alt := n.Kid("mc:AlternateContent"); alt != nil && l.Format == "" {
		l.Format = val(alt.Kid("mc:Fallback").Kid("w:numFmt"))
	}
	if on(n.Kid("w:rPr").Kid("w:vanish")) {
		l.Text = ""
	}
	return l
}

// label gives the number of a paragraph with what separates it from the text, "" when it has none.
func (r *reader) label(props *xmltree.Node) string {
	id, lvl := r.listOf(props)
	if in := r.lists.instances[id]; in != nil {
		return in.Next(lvl)
	}
	return ""
}

// listOf gives the list instance and level of a paragraph, from itself or from its style.
func (r *reader) listOf(props *xmltree.Node) (string, int) {
	num := props.Kid("w:numPr")
	id, lvl := val(num.Kid("w:numId")), number(num.Kid("w:ilvl"), -1)
	if id == "" {
		r.chain(r.styleOf(props), func(styleID string, s *style) bool {
			num := s.paragraph.Kid("w:numPr")
			id = val(num.Kid("w:numId"))
			if lvl < 0 {
				lvl = number(num.Kid("w:ilvl"), -1) // a style may say the level alone, of the list of the one that it is based on
			}
			if id == "" {
				return false
			}
			if in := r.lists.instances[id]; lvl < 0 && in != nil {
				if a := r.resolve(in.abstract); a != nil {
					for i, named := range a.styles {
						if named == styleID {
							lvl = i
						}
					}
				}
			}
			return true
		})
	}
	return id, min(max(lvl, 0), numbering.Levels-1)
}

// resolve follows the links from an abstract list to the one that defines its levels.
func (r *reader) resolve(id string) *abstract {
	a := r.lists.abstract[id]
	const longest = 8
	for range longest {
		if a == nil || a.link == "" {
			return a
		}
		s := r.styles[a.link]
		if s == nil {
			return a
		}
		in := r.lists.instances[val(s.paragraph.Kid("w:numPr").Kid("w:numId"))]
		if in == nil || r.lists.abstract[in.abstract] == nil || r.lists.abstract[in.abstract] == a {
			return a
		}
		a = r.lists.abstract[in.abstract]
	}
	return nil
}
