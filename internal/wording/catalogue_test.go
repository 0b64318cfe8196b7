package wording

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var missing = flag.String("missing", "", "write the messages that are not in the catalogue to this `FILE`, ready to be filled in and appended")

// silent are folders whose messages no user of the program sees in Chinese: tools of the makers, what draws test
// documents, and the service, whose answers are for programs.
var silent = []string{"internal/dev", "training", "tools", "extract/flow/flowtest", "internal/web/service", "testdata", "scripts"}

// TestCatalogue: every message that a person may read is in the catalogue, and nothing else is. A message is known by
// where it stands in the source: it is the text of an error, of a warning or a detail of a review, of a command's help or a flag, or
// of what is printed or logged. Add what is missing with
//
//	go test ./internal/wording -run TestCatalogue -missing new.txt
//
// which writes the messages as entries; fill in the Chinese and append them to zh.txt. What is for machines is marked by "!" there.
func TestCatalogue(t *testing.T) {
	found, wrapping := messages(t, filepath.Join("..", ".."))
	var lacking, unused []string
	for m := range found {
		if _, ok := chinese().text[m]; !ok && !chinese().machine[m] {
			lacking = append(lacking, m)
		}
	}
	for _, m := range slices.Concat(slices.Collect(maps.Keys(chinese().text)), slices.Collect(maps.Keys(chinese().machine))) {
		if _, ok := found[m]; !ok && !chinese().foreign[m] {
			unused = append(unused, m)
		}
	}
	slices.SortFunc(lacking, func(a, b string) int { return strings.Compare(found[a]+a, found[b]+b) })
	slices.Sort(unused)
	if *missing != "" {
		var b strings.Builder
		for _, m := range lacking {
			fmt.Fprintf(&b, "# %s\n> %s\n< \n\n", found[m], strings.ReplaceAll(m, "\n", "\n> "))
		}
		if err := os.WriteFile(*missing, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range lacking {
		t.Errorf("%s: not in the catalogue: %q", found[m], m)
	}
	for _, m := range unused {
		t.Errorf("in the catalogue, and said nowhere: %q", m)
	}
	for m := range wrapping {
		if zh := chinese().text[m]; lastVerb.MatchString(m) && zh != "" && !lastVerb.MatchString(zh) {
			t.Errorf("%q ends with an argument and an error follows it: so must its translation %q, or the error stands within", m, zh)
		}
	}
}

// lastVerb is an argument of any text at the end of a message.
var lastVerb = regexp.MustCompile(`%(?:\[\d+\])?[sv]$`)

// TestVerbs: a translation has the verbs of its message, all of them and no other.
func TestVerbs(t *testing.T) {
	for en, zh := range chinese().text {
		want, got := verbsOf(en), verbsOf(zh)
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(want, got) && !chinese().foreign[en] {
			t.Errorf("%q has %v, its translation %q has %v", en, want, zh, got)
		}
	}
}

var indexed = regexp.MustCompile(`\[\d+\]`)

func verbsOf(s string) (out []string) {
	for _, v := range verb.FindAllString(s, -1) {
		if v != "%%" {
			out = append(out, indexed.ReplaceAllString(v, ""))
		}
	}
	return out
}

// sentence has words, beside its verbs.
var words = regexp.MustCompile(`[a-z]{3,}`)

func isMessage(s string) bool {
	return words.MatchString(verb.ReplaceAllString(s, "")) && !strings.HasPrefix(s, "<") && !strings.HasPrefix(s, "{")
}

// isSentence says of a text that stands anywhere that a person may read it: three words in a row, or two that are all of it
// ("hardly read", handed on by a variable, stood in English among Chinese).
var sentence = regexp.MustCompile(`(?:^|[ "“(])[a-z]{2,}(?: [a-z]+){2,}|^[a-z]{2,} [a-z]{2,}$`)

func isSentence(s string) bool { return sentence.MatchString(s) && isMessage(s) }

// messages of the program, and the file that each is in; wrapping are those that an error follows.
func messages(t *testing.T, root string) (found map[string]string, wrapping map[string]bool) {
	t.Helper()
	found, wrapping = map[string]string{}, map[string]bool{}
	known := map[string]map[string]string{}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if n := d.Name(); p != root && (strings.HasPrefix(n, ".") || slices.ContainsFunc(silent, func(s string) bool { return rel == s || n == s })) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, 0)
		if err != nil {
			return err
		}
		dir := filepath.Dir(p)
		if known[dir] == nil {
			if known[dir], err = constants(dir); err != nil {
				return err
			}
		}
		v := visitor{constants: known[dir]}
		ast.Inspect(f, v.visit)
		for _, text := range v.found {
			for m := range strings.SplitSeq(text, paragraph) {
				_, m, after := trimmed(m)
				if !isMessage(m) {
					continue
				}
				if found[m] == "" {
					found[m] = rel
				}
				if strings.HasPrefix(after, ": %") {
					wrapping[m] = true
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found, wrapping
}

type visitor struct {
	constants map[string]string
	found     []string
}

// constants of the package in a folder that are texts.
func constants(dir string) (map[string]string, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, name := range names {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			return nil, err
		}
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, s := range g.Specs {
				v := s.(*ast.ValueSpec)
				for i, n := range v.Names {
					if i < len(v.Values) {
						if text, ok := literal(v.Values[i], nil); ok {
							out[n.Name] = text
						}
					}
				}
			}
		}
	}
	return out, nil
}

// literal is the value of a text that is written down, perhaps in pieces.
func literal(e ast.Expr, constants map[string]string) (string, bool) {
	switch x := e.(type) {
	case *ast.BasicLit:
		if x.Kind == token.STRING {
			s, err := strconv.Unquote(x.Value)
			return s, err == nil
		}
	case *ast.Ident:
		s, ok := constants[x.Name]
		return s, ok
	case *ast.BinaryExpr:
		a, ok := literal(x.X, constants)
		b, ok2 := literal(x.Y, constants)
		return a + b, ok && ok2
	case *ast.ParenExpr:
		return literal(x.X, constants)
	}
	return "", false
}

// speaking are functions whose argument of that number is a message or its format; -1 stands for all of them.
var speaking = map[string]int{
	"Errorf": 0, "New": 0, "Sprintf": 0, "Fprintf": 1, "Fprintln": 1, "Info": 0, "Warn": 0, "Error": 0, "Say": 0, "tell": 0, "Text": 0,
	"kill": 1, "refuse": 2, "note": 0, "unsure": 0, "fault": 1, "warning": 2, "warn": 2, "doubt": 1,
	"StringVar": 3, "BoolVar": 3, "IntVar": 3, "DurationVar": 3, "StringArrayVar": 3, "StringVarP": 4, "BoolVarP": 4, "IntVarP": 4, "Var": 2, "VarP": 3,
}

// telling are fields that hold a message.
var telling = map[string]bool{"Message": true, "Detail": true, "Short": true, "Long": true, "Note": true, "message": true, "detail": true, "Unsure": true}

func (v *visitor) add(e ast.Expr) {
	if s, ok := literal(e, v.constants); ok {
		v.found = append(v.found, s)
	}
}

func (v *visitor) visit(n ast.Node) bool {
	switch x := n.(type) {
	case *ast.ImportSpec:
		return false
	case *ast.BasicLit:
		if s, ok := literal(x, nil); ok && isSentence(s) {
			v.found = append(v.found, s)
		}
	case *ast.BinaryExpr:
		if s, ok := literal(x, v.constants); ok {
			if isSentence(s) {
				v.found = append(v.found, s)
			}
			return false // its pieces are no messages
		}
	case *ast.CallExpr:
		name := ""
		switch f := x.Fun.(type) {
		case *ast.SelectorExpr:
			name = f.Sel.Name
		case *ast.Ident:
			name = f.Name
		}
		if i, ok := speaking[name]; ok && i < len(x.Args) {
			v.add(x.Args[i])
		}
	case *ast.KeyValueExpr:
		k, ok := x.Key.(*ast.Ident)
		if ok && telling[k.Name] {
			v.add(x.Value)
		}
		return !ok || k.Name != "Example" // commands are the same in all languages
	case *ast.Field:
		return false // tags
	}
	return true
}
