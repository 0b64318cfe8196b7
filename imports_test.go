package nianbao_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/nianbao/nianbao"

// mayImport is the architecture: what each package may import of this module, tests left out. The
// table stands in the order of a number's way, bottom up, so that nothing imports what is below its
// own line. A stage never imports a stage: they meet in layout and report, and the root knows their
// order. A name ending in "/..." stands for all packages below it.
var mayImport = map[string][]string{
	"layout":         nil,
	"layout/diag":    nil,
	"layout/figure":  {"layout/pattern"},
	"layout/pattern": nil,
	"layout/union":   nil,
	"form":           nil,
	"report":         {"layout/diag", "layout/figure"},

	"worker": {"layout/diag"},

	"extract":     {"layout", "layout/diag", "extract/..."},
	"extract/...": {"layout", "layout/diag", "layout/figure", "layout/pattern", "layout/union", "extract/..."},

	"ocr/raster":    {"layout", "layout/union"},
	"ocr/tile":      nil,
	"ocr/lstm":      {"ocr/tile"},
	"ocr/reading":   {"layout/figure", "ocr/tile"},
	"ocr":           {"layout", "layout/diag", "layout/figure", "layout/union", "ocr/lstm", "ocr/raster", "ocr/reading"},
	"ocr/tesseract": {"layout", "layout/diag", "ocr", "ocr/lstm"},

	"tables/text":   {"layout", "layout/figure"},
	"tables/white":  {"layout", "layout/figure", "tables/text"},
	"tables/stream": {"layout", "layout/pattern", "tables/text"},
	"tables":        {"layout", "layout/diag", "layout/figure", "layout/pattern", "layout/union", "tables/text", "tables/white", "tables/stream"},

	"normalize/simplified": nil,
	"normalize/statement":  {"layout/figure", "layout/pattern", "report", "normalize/simplified"},
	"normalize/title":      {"layout", "layout/figure", "layout/pattern", "normalize/simplified"},
	"normalize":            {"layout", "layout/diag", "layout/figure", "layout/pattern", "form", "report", "normalize/simplified", "normalize/statement", "normalize/title"},

	"check": {"layout/diag", "layout/figure", "layout/union", "form", "report", "normalize/statement"},

	"paper": {"layout", "layout/figure", "report", "extract/picture", "tables/text"},

	"stages": {"layout", "layout/diag", "form", "report", "extract", "tables", "ocr", "ocr/raster", "normalize", "check"},
	"":       {"layout", "layout/diag", "form", "report", "worker", "extract", "extract/office", "ocr", "ocr/tesseract", "check", "paper", "stages"},

	"internal/out/markup":  {"layout"},
	"internal/out/draft":   {"layout", "layout/figure", "form", "report"},
	"internal/run/series":  {"form", "report"},
	"internal/wording":     nil,
	"internal/sqlite":      nil,
	"internal/out/export":  {"form", "report", "internal/run/series", "internal/sqlite", "internal/wording"},
	"internal/whole":       nil,
	"internal/run/folder":  {"internal/whole"},
	"internal/run/answers": {"check", "form", "report", "internal/run/folder"},
	"internal/run/batch":   {"check", "layout/diag", "form", "report", "worker", "internal/run/folder", "internal/run/answers", "internal/run/series", "internal/sqlite"},

	"internal/run/queue": {"form", "report", "worker", "internal/run/batch", "internal/run/folder", "internal/run/series"},

	"internal/out/manifest": {"worker", "internal/run/batch", "internal/wording"},
	"internal/out/digest":   {"form", "report", "worker", "internal/out/export", "internal/out/manifest", "internal/run/batch", "internal/wording"},

	"internal/web/desk":    {"", "check", "form", "report", "internal/out/markup", "internal/run/answers", "internal/run/batch"},
	"internal/web/service": {"", "check", "layout", "form", "report", "worker", "internal/out/export", "internal/out/markup", "internal/whole", "internal/sqlite", "internal/web/desk"},

	"internal/dev/browser":             nil,
	"internal/dev/golden":              nil,
	"internal/dev/servers":             nil,
	"internal/dev/work":                {"internal/dev/race"},
	"internal/dev/notices":             nil,
	"internal/dev/pack":                nil,
	"internal/dev/race":                nil,
	"internal/dev/notices/makenotices": {"internal/dev/notices"},
	"internal/dev/sbom":                {"internal/dev/notices"},
	"internal/dev/sbom/makesbom":       {"internal/dev/sbom", "internal/dev/notices"},
	"internal/dev/seen":                {"layout"},
	"internal/dev/seen/compareseen":    {"", "internal/dev/seen"},
	"internal/dev/synth":               {"layout", "layout/figure", "form", "extract/ccitt", "extract/picture"},
	"internal/dev/synth/makesamples":   {"form", "internal/dev/synth"},
	"internal/dev/accuracy":            {"stages", "layout", "report", "ocr", "internal/dev/synth"},
	"internal/dev/accuracy/...":        {"stages", "layout", "layout/figure", "report", "extract", "ocr/tesseract", "internal/dev/synth", "internal/dev/accuracy"},

	"cmd/nianbao": {"", "layout", "layout/diag", "form", "report", "worker", "check", "ocr/raster", "internal/run/...", "internal/web/...", "internal/out/...", "internal/whole", "internal/wording", "internal/dev/notices"},
}

// mayUseCgo are the packages that link to what is written in C; each does without where cgo is off.
var mayUseCgo = map[string]bool{"ocr/tesseract": true, "extract/turbo": true}

// TestImports holds the code to the table: change both together. It parses the files itself, since
// the test cache does not see what a child process would read.
func TestImports(t *testing.T) {
	packages := map[string]map[string]bool{}
	cgo := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); path != "." && (n == "testdata" || strings.HasPrefix(n, ".")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, src, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), ".")
		if packages[dir] == nil {
			packages[dir] = map[string]bool{}
		}
		for _, i := range f.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			packages[dir][p] = true
			cgo[dir] = cgo[dir] || p == "C" || strings.Contains(p, "gosseract")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(packages) < 10 {
		t.Fatalf("only %d packages found", len(packages))
	}
	var dirs []string
	for d := range packages {
		dirs = append(dirs, d)
	}
	sort.Strings(dirs)
	for _, dir := range dirs {
		allowed, known := rule(dir)
		if !known {
			t.Errorf("package %s is not in the table", dir)
			continue
		}
		for p := range packages[dir] {
			own, ok := strings.CutPrefix(p+"/", module+"/")
			if own = strings.TrimSuffix(own, "/"); ok && !matches(allowed, own) {
				t.Errorf("%s imports %s, which the table does not allow", dir, own)
			}
		}
		if cgo[dir] && !mayUseCgo[dir] {
			t.Errorf("%s uses cgo: of all packages only %v may", dir, slices.Sorted(maps.Keys(mayUseCgo)))
		}
	}
}

// rule is the table's line for a package: its own, or that of the longest tree it is in.
func rule(dir string) ([]string, bool) {
	if r, ok := mayImport[dir]; ok {
		return r, true
	}
	for d := dir; d != "." && d != ""; d = filepath.ToSlash(filepath.Dir(d)) {
		if r, ok := mayImport[d+"/..."]; ok {
			return r, true
		}
	}
	return nil, false
}

func matches(allowed []string, p string) bool {
	for _, a := range allowed {
		if tree, ok := strings.CutSuffix(a, "..."); a == p || ok && strings.HasPrefix(p, tree) {
			return true
		}
	}
	return false
}
