package html

import (
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/nianbao/nianbao/layout/pattern"
)

// sheet is what a page's style elements say of what is shown and how: the rules, the weightiest last, and where those are that name a tag, a
// class or an id.
type sheet struct {
	rules []rule
	named map[string][]int
	// partial says that the page names style sheets that it does not hold.
	partial bool
}

// rule gives declarations to the elements that a selector names.
type rule struct {
	of     cascadia.Sel
	weight cascadia.Specificity
	layer  int
	style  map[string]string
}

// maxRules bounds the rules of a page; the sheets of office programs have some hundreds.
const maxRules = 5000

// maxDepth bounds blocks in blocks, and sheets that import sheets.
const maxDepth = 8

var comments = pattern.Of(`(?s)/\*.*?\*/|<!--|-->`)

// sheets reads the style sheets of a page.
type sheets struct {
	rules []rule
	// layers by name in their order; what stands in none of them outweighs all.
	layers []string
	// held gives the text of a style sheet that the file itself holds.
	held    func(address string) (string, bool)
	partial bool
}

// unlayered is the layer of rules that stand in none.
const unlayered = 1 << 20

// styles reads the style elements of a page in their order, and the sheets that it names where the file holds them.
func styles(root *xhtml.Node, held func(address string) (string, bool)) sheet {
	s := sheets{held: held}
	for n := range root.Descendants() {
		switch {
		case n.DataAtom == atom.Style && n.FirstChild != nil && fits(attr(n, "media")) && isCSS(n):
			s.read(n.FirstChild.Data, block{layer: unlayered})
		case n.DataAtom == atom.Link && isSheet(n) && fits(attr(n, "media")):
			s.include(attr(n, "href"), block{layer: unlayered})
		}
	}
	slices.SortStableFunc(s.rules, func(a, b rule) int {
		if a.layer != b.layer {
			return a.layer - b.layer
		}
		return slices.Compare(a.weight[:], b.weight[:])
	})
	out := sheet{s.rules, map[string][]int{}, s.partial}
	for i, r := range s.rules {
		name := lastName(r.of.String())
		out.named[name] = append(out.named[name], i)
	}
	return out
}

func isCSS(n *xhtml.Node) bool {
	kind := strings.ToLower(strings.TrimSpace(attr(n, "type")))
	return kind == "" || kind == "text/css"
}

func isSheet(n *xhtml.Node) bool {
	kinds := strings.Fields(strings.ToLower(attr(n, "rel")))
	return slices.Contains(kinds, "stylesheet") && !slices.Contains(kinds, "alternate") && isCSS(n) &&
		!slices.ContainsFunc(n.Attr, func(a xhtml.Attribute) bool { return a.Key == "disabled" })
}

// include reads a style sheet that the page names.
func (s *sheets) include(address string, in block) {
	if text, ok := s.held(address); ok {
		s.read(text, in)
	} else {
		s.partial = true
	}
}

// block is where rules stand: the selector of the rule around them, "" where there is none, and their layer.
type block struct {
	parent       string
	layer, depth int
}

func (s *sheets) read(css string, in block) { s.block(comments().ReplaceAllString(css, ""), in) }

// block reads the rules and declarations of a sheet or of a block in it.
func (s *sheets) block(css string, in block) {
	if in.depth++; in.depth > maxDepth {
		return
	}
	var own strings.Builder
	var inner []func()
	for head, body := range statements(css) {
		switch {
		case body != nil:
			inner = append(inner, func() { s.rule(head, *body, in) })
		case strings.HasPrefix(head, "@import"):
			inner = append(inner, func() { s.imported(head, in) })
		case strings.HasPrefix(head, "@layer"):
			for name := range strings.SplitSeq(head[len("@layer"):], ",") {
				s.layer(name)
			}
		case !strings.HasPrefix(head, "@"):
			own.WriteString(head + ";")
		}
	}
	if in.parent != "" {
		s.add(in.parent, declarations(own.String()), in.layer)
	}
	for _, read := range inner {
		read()
	}
}

// rule reads what a selector or an at-rule has in its braces.
func (s *sheets) rule(head, body string, in block) {
	at, condition, _ := strings.Cut(head, " ")
	if i := strings.IndexByte(at, '('); i > 0 {
		at, condition = at[:i], head[i:]
	}
	switch {
	case !strings.HasPrefix(head, "@"):
		in.parent = nested(in.parent, head)
		s.block(body, in)
	case at == "@media" && fits(condition), at == "@container" && fits(condition[max(0, strings.IndexByte(condition, '(')):]), at == "@supports" && supported(condition):
		s.block(body, in)
	case at == "@layer":
		in.layer = s.layer(condition)
		s.block(body, in)
	case at == "@scope":
		if parts := split(condition, ' '); len(parts) > 0 {
			in.parent = nested(in.parent, strings.Trim(parts[0], "()"))
		}
		s.block(body, in)
	}
}

// layer gives the place of a layer among all; one without a name is a layer of its own.
func (s *sheets) layer(name string) int {
	name = strings.TrimSpace(name)
	if i := slices.Index(s.layers, name); i >= 0 && name != "" {
		return i
	}
	s.layers = append(s.layers, name)
	return len(s.layers) - 1
}

// imported reads the sheet that an @import names.
func (s *sheets) imported(head string, in block) {
	m := imports().FindStringSubmatch(head)
	if m == nil || !fits(m[2]) {
		return
	}
	s.include(m[1], in)
}

var imports = pattern.Of(`^@import\s*(?:url\(\s*)?["']?([^"']+?)["']?\s*\)?\s*([^"')]*)$`)

// longestSelector bounds in bytes what rules in rules come to; nothing is one that fits no element.
const (
	longestSelector = 10_000
	nothing         = ":not(*)"
)

// nested is the selector of a rule that stands in the block of another.
func nested(parent, head string) string {
	if parent == "" {
		return head
	}
	var out []string
	size := 0
	for _, one := range split(head, ',') {
		if size += (1 + strings.Count(one, "&")) * (len(parent) + len(one)); size > longestSelector {
			return nothing
		}
		if around := ":is(" + parent + ")"; strings.Contains(one, "&") {
			out = append(out, strings.ReplaceAll(one, "&", around))
		} else {
			out = append(out, around+" "+one)
		}
	}
	return strings.Join(out, ",")
}

// add keeps what a rule declares. One with a selector that is not known counts nothing, as in browsers.
func (s *sheets) add(selector string, style map[string]string, layer int) {
	if len(style) == 0 {
		return
	}
	selector = active().ReplaceAllString(anyLink().ReplaceAllString(selector, ":link"), ":focus")
	named, err := cascadia.ParseGroupWithPseudoElements(doubled(selector, ":is(", ":where("))
	if err != nil {
		return
	}
	weights, err := cascadia.ParseGroupWithPseudoElements(doubled(weightless(selector), ":is("))
	if err != nil || len(weights) != len(named) {
		weights = named
	}
	for i, of := range named {
		if len(s.rules) < maxRules {
			s.rules = append(s.rules, rule{of, weights[i].Specificity(), layer, style})
		}
	}
}

// What browsers call otherwise than the parser: links, and what only a hand on the page brings about.
var (
	anyLink = pattern.Of(`:(?:-webkit-|-moz-)?any-link`)
	active  = pattern.Of(`:focus-(?:visible|within)`)
)

// doubled writes the functions that a selector names, which the parser does not know, as what is not something that it is not.
func doubled(selector string, functions ...string) string {
	for _, f := range functions {
		for {
			i := strings.Index(selector, f)
			if i < 0 {
				break
			}
			end := i + len(f) + closing(selector[i+len(f):], ')')
			if end >= len(selector) {
				break
			}
			selector = selector[:i] + ":not(:not(" + selector[i+len(f):end] + "))" + selector[end+1:]
		}
	}
	return selector
}

// weightless takes what :where names out of a selector: it adds nothing to its weight.
func weightless(selector string) string {
	for {
		i := strings.Index(selector, ":where(")
		if i < 0 {
			return selector
		}
		end := i + len(":where(") + closing(selector[i+len(":where("):], ')')
		if end >= len(selector) {
			return selector
		}
		selector = selector[:i] + ":is(*)" + selector[end+1:]
	}
}

// statements gives what stands in a block: declarations and statements with a nil body, and what has a body in braces.
func statements(css string) func(yield func(head string, body *string) bool) {
	return func(yield func(string, *string) bool) {
		for css != "" {
			end, brace := len(css), false
			scan(css, func(i, depth int) bool {
				if depth > 0 || css[i] != ';' && css[i] != '{' && css[i] != '}' {
					return true
				}
				end, brace = i, css[i] == '{'
				return false
			})
			head := strings.TrimSpace(css[:end])
			css = css[min(end+1, len(css)):]
			if !brace {
				if head != "" && !yield(head, nil) {
					return
				}
				continue
			}
			close := closing(css, '}')
			body := css[:close]
			css = css[min(close+1, len(css)):]
			if !yield(head, &body) {
				return
			}
		}
	}
}

// scan calls f for each byte that stands outside of quotes, with the parentheses and brackets that are open around it, until it says false.
func scan(s string, f func(i, depth int) bool) {
	depth, quote := 0, byte(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\':
			i++
			continue
		case quote != 0:
			if c == quote || c == '\n' {
				quote = 0
			}
			continue
		case c == '"' || c == '\'':
			quote = c
			continue
		case c == ')' || c == ']':
			depth = max(0, depth-1)
		}
		if !f(i, depth) {
			return
		}
		if c == '(' || c == '[' {
			depth++
		}
	}
}

// closing is where the brace or parenthesis stands that closes a block whose beginning is cut off; the end where none does.
func closing(s string, with byte) int {
	open := byte('{')
	if with == ')' {
		open = '('
	}
	at, deep := len(s), 0
	scan(s, func(i, _ int) bool {
		switch s[i] {
		case open:
			deep++
		case with:
			if deep--; deep < 0 {
				at = i
				return false
			}
		}
		return true
	})
	return at
}

// split parts a text at a character that stands in no quotes and parentheses; what is blank is left out.
func split(s string, at byte) []string {
	var out []string
	from := 0
	add := func(to int) {
		if part := strings.TrimSpace(s[from:to]); part != "" {
			out = append(out, part)
		}
		from = to + 1
	}
	scan(s, func(i, depth int) bool {
		if depth == 0 && s[i] == at {
			add(i)
		}
		return true
	})
	add(len(s))
	return out
}

// name is what the elements of a compound selector are called: a class or an id, or else a tag.
var (
	brackets = pattern.Of(`\[[^\]]*\]|\([^()]*\)`)
	name     = pattern.Of(`^[.#][\w-]+|[^\\][.#][\w-]+`)
	tag      = pattern.Of(`^[a-zA-Z][\w-]*`)
)

// lastName is a name that each element has that a selector fits; "" where it names none.
func lastName(selector string) string {
	for brackets().MatchString(selector) {
		selector = brackets().ReplaceAllString(selector, "")
	}
	if strings.ContainsAny(selector, `\,`) {
		return ""
	}
	selector = selector[strings.LastIndexAny(selector, " >+~")+1:]
	if m := name().FindString(selector); m != "" {
		return m[strings.IndexAny(m, ".#"):]
	}
	return strings.ToLower(tag().FindString(selector))
}

// fitting gives the rules that fit an element, or what is written beside it, the weightiest last.
func (s sheet) fitting(n *xhtml.Node, beside bool) []rule {
	at := slices.Concat(s.named[""], s.named[n.Data])
	if id := attr(n, "id"); id != "" {
		at = append(at, s.named["#"+id]...)
	}
	for _, class := range slices.Compact(slices.Sorted(slices.Values(strings.Fields(attr(n, "class"))))) {
		at = append(at, s.named["."+class]...)
	}
	slices.Sort(at)
	var out []rule
	for _, i := range at {
		if r := s.rules[i]; (r.of.PseudoElement() != "") == beside && r.of.Match(n) {
			out = append(out, r)
		}
	}
	return out
}
