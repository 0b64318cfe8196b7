package batch

import (
	"archive/zip"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/nianbao/nianbao/internal/run/folder"
	"github.com/nianbao/nianbao/worker"
)

// Document is one report to convert: a file, a member of a ZIP, or the page images of a folder.
type Document struct {
	// Name is the base name that the report's source has.
	Name string
	// Rel is the slash path below the inputs, which names the result; Path is where it is on disk,
	// with the member's name after that of its archive.
	Rel, Path string
	// Parts is one for a file, several for page images in natural order.
	Parts []Part
}

// Part is one file, or one member of an archive.
type Part struct {
	Name string
	Size int64
	// stamp changes when the content does, as far as can be told without reading it.
	stamp    string
	tree     folder.Tree
	file     string // path in the tree
	member   int    // index in the archive's directory, -1 for a file
	archives *archives
	// fixed says that the stamp is of the content itself, and not of the times of a file that may change once more.
	fixed bool
}

// Refused is something below the inputs that is no document and is not read, or cannot be.
type Refused struct {
	Rel, Path string
	Reason    worker.Reason
	Message   string
}

// What is refused, beside the reasons of package worker.
const (
	Symlink       worker.Reason = "symlink"
	SpecialFile   worker.Reason = "special_file"
	NestedArchive worker.Reason = "nested_archive"
	Bomb          worker.Reason = "archive_bomb"
)

// PageFolders says when the pictures of a folder are the pages of one report.
type PageFolders string

// The choices. Auto takes them for pages when nothing but pictures is in the folder and their names
// count up: 001.jpg 002.jpg, 第1页.png 第2页.png; years do not count. Where the names begin differently, those that
// begin alike and count up from 1 are pages: A-1.jpg A-2.jpg B-1.jpg are two documents, also beside other files.
const (
	PagesAuto   PageFolders = "auto"
	PagesAlways PageFolders = "always"
	PagesNever  PageFolders = "never"
)

// Filter chooses among the files. Patterns without a slash are for base names, others for the path
// below the inputs; * and ? stop at a slash, ** does not.
type Filter struct {
	Include, Exclude []string
	Pages            PageFolders
}

// Bounds of one archive. A cabinet's year of reports is some hundred files and one GB.
const (
	maxMembers  = 10_000
	maxUnpacked = 8 << 30
)

// ErrInput is a mistake in the choice of inputs: none there, or overlapping with the output.
var ErrInput = errors.New("inputs")

// finder walks the inputs. Symbolic links are followed when they are named as an input and refused
// below one: what a link leads to may be outside, twice, or a loop.
type finder struct {
	tree             folder.Tree
	include, exclude []*regexp.Regexp
	pages            PageFolders
	base             string
	flat             bool // do not go into the folders below one
	memory           *memory
	docs             []Document
	refused          []Refused
}

// memory is what is known of the files below the inputs, so that a folder that is looked at again and again is not
// opened anew each time.
type memory struct {
	archives *archives
	files    map[string]look
}

// look is what was seen in a file: how it begins, and the documents of an archive.
type look struct {
	stamp   string
	head    []byte
	inside  bool // docs and refused are those of the archive
	docs    []Document
	refused []Refused
}

func newMemory() *memory { return &memory{archives: new(archives), files: map[string]look{}} }

// find lists the documents of the inputs in natural order of their paths. The memory keeps archives open.
func find(ctx context.Context, in []string, out string, f Filter, m *memory) ([]Document, []Refused, error) {
	w := finder{pages: cmp.Or(f.Pages, PagesAuto), memory: m}
	var err error
	if w.include, err = compile(f.Include); err != nil {
		return nil, nil, err
	}
	if w.exclude, err = compile(f.Exclude); err != nil {
		return nil, nil, err
	}
	roots, outside, err := w.roots(ctx, in, out)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range roots {
		if outside != "" && (within(r, outside) || within(outside, r)) {
			return nil, nil, fmt.Errorf("%w: %s and the output %s overlap: choose an output folder outside the inputs", ErrInput, r, out)
		}
	}
	w.base = w.commonDir(roots)
	for _, r := range roots {
		info, err := w.tree.Stat(r)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %w", ErrInput, err)
		}
		if info.IsDir() {
			w.dir(r)
		} else {
			w.file(r, info)
		}
	}
	slices.SortFunc(w.docs, func(a, b Document) int { return natural(a.Rel, b.Rel) })
	slices.SortFunc(w.refused, func(a, b Refused) int { return natural(a.Rel, b.Rel) })
	return w.docs, w.refused, nil
}

// roots finds the tree and the inputs' paths in it, and that of the output, "" where it cannot be among them.
func (w *finder) roots(ctx context.Context, in []string, out string) (roots []string, outside string, err error) {
	stored := 0
	for _, name := range in {
		if folder.InStore(name) {
			stored++
		}
	}
	switch {
	case stored == 0:
		w.tree = folder.Local{}
		if roots, err = expand(in); err == nil && out != "" && !folder.InStore(out) {
			outside, err = resolve(out)
		}
		return roots, outside, err
	case stored < len(in):
		return nil, "", fmt.Errorf("%w: folders and s3:// in one command: give them to commands of their own", ErrInput)
	}
	for _, name := range in {
		tree, root, err := folder.TreeOf(ctx, name)
		if err != nil {
			return nil, "", fmt.Errorf("%w: %w", ErrInput, err)
		}
		if w.tree == nil {
			w.tree = tree
		}
		if _, err := w.tree.Stat(root); err != nil {
			return nil, "", fmt.Errorf("%w: %s: %w", ErrInput, name, err)
		}
		roots = append(roots, root)
	}
	if folder.InStore(out) {
		_, outside, err = folder.TreeOf(ctx, out)
	}
	return apart(roots), outside, err
}

// expand makes the inputs absolute and real, takes patterns apart, and drops what lies within another.
func expand(in []string) ([]string, error) {
	var roots []string
	for _, name := range in {
		names := []string{name}
		if _, err := os.Lstat(name); err != nil && strings.ContainsAny(name, "*?[") {
			if names, err = filepath.Glob(name); err != nil {
				return nil, fmt.Errorf("%w: %s: %w", ErrInput, name, err)
			}
			if len(names) == 0 {
				return nil, fmt.Errorf("%w: nothing matches %s", ErrInput, name)
			}
		}
		for _, n := range names {
			real, err := resolve(n)
			if err == nil {
				_, err = os.Stat(real)
			}
			if err != nil {
				return nil, fmt.Errorf("%w: %w", ErrInput, err)
			}
			roots = append(roots, real)
		}
	}
	return apart(roots), nil
}

// apart drops what lies within another.
func apart(roots []string) []string {
	slices.Sort(roots)
	var out []string
	for _, r := range roots {
		if len(out) == 0 || !within(r, out[len(out)-1]) {
			out = append(out, r)
		}
	}
	return out
}

// resolve is the absolute path without links; what does not exist yet is taken as it is.
func resolve(name string) (string, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	for head, rest := abs, ""; ; {
		real, err := filepath.EvalSymlinks(head)
		if err == nil {
			return filepath.Join(real, rest), nil
		}
		if !errors.Is(err, fs.ErrNotExist) || head == filepath.Dir(head) {
			return "", err
		}
		rest = filepath.Join(filepath.Base(head), rest)
		head = filepath.Dir(head)
	}
}

// within says that a path is another one or below it.
func within(p, dir string) bool {
	rel, err := filepath.Rel(dir, p)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// commonDir is the folder that results are named from: a single folder itself, else the deepest
// folder that holds all.
func (w *finder) commonDir(roots []string) string {
	if len(roots) == 1 {
		if info, err := w.tree.Stat(roots[0]); err == nil && info.IsDir() {
			return roots[0]
		}
	}
	dir := filepath.Dir(roots[0])
	for _, r := range roots {
		for !within(r, dir) {
			dir = filepath.Dir(dir)
		}
	}
	return dir
}

func (w *finder) rel(p string) string {
	r, err := filepath.Rel(w.base, p)
	if err != nil {
		r = filepath.Base(p)
	}
	return readable(filepath.ToSlash(r))
}

// readable makes a name UTF-8: those that are not come from a Chinese Windows.
func readable(name string) string {
	if utf8.ValidString(name) {
		return name
	}
	if s, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil && !strings.ContainsRune(s, utf8.RuneError) {
		return s
	}
	return strings.ToValidUTF8(name, "\uFFFD")
}

func (w *finder) refuse(p string, reason worker.Reason, message string) {
	w.refused = append(w.refused, Refused{Rel: w.rel(p), Path: w.tree.Show(p), Reason: reason, Message: message})
}

func (w *finder) dir(dir string) {
	entries, err := w.tree.ReadDir(dir)
	if err != nil {
		w.refuse(dir, worker.Unreadable, err.Error())
		return
	}
	var files []Part
	for _, e := range entries {
		p := filepath.Join(dir, e.Name())
		if filepath.Dir(p) != dir {
			w.refuse(p, SpecialFile, fmt.Sprintf("%q is a key of the store that no folder could have", e.Name()))
			continue
		}
		if junk(e.Name()) || matches(w.exclude, w.rel(p)) {
			continue
		}
		switch t := e.Type(); {
		case t.IsDir():
			if !w.flat {
				w.dir(p)
			}
		case !w.wanted(w.rel(p)):
		case t&fs.ModeSymlink != 0:
			w.refuse(p, Symlink, "a symbolic link; name its target as an input if it is wanted")
		case !t.IsRegular():
			w.refuse(p, SpecialFile, "not a regular file")
		default:
			info, err := e.Info()
			if err != nil {
				w.refuse(p, worker.Unreadable, err.Error())
				continue
			}
			files = append(files, w.part(p, info))
		}
	}
	docs, rest := w.pagesOf(dir, files)
	w.docs = append(w.docs, docs...)
	for _, f := range rest {
		w.plain(f)
	}
}

// pagesOf takes what are the pages of a report out of the files of a folder.
func (w *finder) pagesOf(dir string, files []Part) (docs []Document, rest []Part) {
	if w.arePages(files) {
		return []Document{{Name: readable(filepath.Base(dir)), Rel: w.rel(dir), Path: w.tree.Show(dir), Parts: files}}, nil
	}
	if w.pages != PagesAuto {
		return nil, files
	}
	groups, rest := grouped(files, func(p Part) bool {
		head, err := w.head(p)
		return err == nil && isPicture(head)
	})
	for _, g := range groups {
		at := w.tree.Show(filepath.Join(dir, g.pattern))
		docs = append(docs, Document{Name: g.name, Rel: w.rel(filepath.Join(dir, g.name)), Path: at, Parts: g.parts})
	}
	return docs, rest
}

// head is how a file begins, read once as long as the file does not change.
func (w *finder) head(p Part) ([]byte, error) {
	const enough = 16
	if p.member >= 0 {
		return p.head(enough)
	}
	if l, ok := w.memory.files[p.file]; ok && l.stamp == p.stamp {
		return l.head, nil
	}
	b, err := p.head(enough)
	if err == nil {
		w.memory.files[p.file] = look{stamp: p.stamp, head: b}
	}
	return b, err
}

func (w *finder) file(p string, info fs.FileInfo) {
	if !info.Mode().IsRegular() {
		w.refuse(p, SpecialFile, "not a regular file")
		return
	}
	w.plain(w.part(p, info))
}

func (w *finder) part(p string, info fs.FileInfo) Part {
	part := Part{
		Name: readable(filepath.Base(p)), Size: info.Size(), tree: w.tree, file: p, member: -1,
		stamp: fmt.Sprintf("%d %d", info.Size(), info.ModTime().UnixNano()),
	}
	if version, ok := info.Sys().(string); ok && version != "" {
		part.stamp, part.fixed = fmt.Sprintf("%d %s", info.Size(), version), true
	}
	return part
}

// plain adds one file, or the members of an archive.
func (w *finder) plain(f Part) {
	if !w.archive(f) {
		w.docs = append(w.docs, Document{Name: f.Name, Rel: w.rel(f.file), Path: w.tree.Show(f.file), Parts: []Part{f}})
	}
}

func (w *finder) wanted(rel string) bool {
	return len(w.include) == 0 || matches(w.include, rel)
}

// junk are files that systems and editors leave behind.
func junk(name string) bool {
	switch {
	case strings.HasPrefix(name, "."), strings.HasPrefix(name, "~$"), name == "__MACOSX",
		strings.EqualFold(name, "thumbs.db"), strings.EqualFold(name, "desktop.ini"):
		return true
	}
	return false
}

// arePages says whether the files of a folder are the pages of one report, and orders them.
func (w *finder) arePages(files []Part) bool {
	const most = 1000
	if w.pages == PagesNever || len(files) == 0 || len(files) > most {
		return false
	}
	slices.SortFunc(files, func(a, b Part) int { return natural(a.Name, b.Name) })
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.Name
	}
	if w.pages == PagesAuto && !countUp(names) {
		return false
	}
	for i := range files {
		head, err := w.head(files[i])
		if err != nil || !isPicture(head) {
			return false
		}
	}
	return true
}

var numbered = regexp.MustCompile(`^(.*?)([0-9]{1,6})([^0-9]*)$`)

// countUp says that names are a prefix, a number and a suffix, in which only the number differs and
// has few gaps. Numbers that are years are years.
func countUp(names []string) bool {
	if len(names) < 2 {
		return false
	}
	var prefix, suffix string
	lo, hi, seen := 0, 0, map[int]bool{}
	for i, n := range names {
		ext := path.Ext(n)
		m := numbered.FindStringSubmatch(strings.TrimSuffix(n, ext))
		if m == nil {
			return false
		}
		v, err := strconv.Atoi(m[2])
		if err != nil || seen[v] {
			return false
		}
		seen[v] = true
		if i == 0 {
			prefix, suffix, lo, hi = m[1], m[3], v, v
		}
		if m[1] != prefix || m[3] != suffix {
			return false
		}
		lo, hi = min(lo, v), max(hi, v)
	}
	years := lo >= 2000 && hi <= 2040
	return !years && hi-lo < 2*len(names)
}

// group is pictures whose names begin alike and count up from 1.
type group struct {
	name    string // what the names have in common
	pattern string // the names, with a star for the number
	parts   []Part
}

// grouped takes the pictures out of files that are the pages of several reports: their names part into what is before
// the number, the number, and what is behind it. A report of one page stays a file.
func grouped(files []Part, picture func(Part) bool) (groups []group, rest []Part) {
	const most = 1000
	slices.SortFunc(files, func(a, b Part) int { return natural(a.Name, b.Name) })
	by := map[string][]Part{}
	var order []string
	for _, f := range files {
		ext := path.Ext(f.Name)
		m := numbered.FindStringSubmatch(strings.TrimSuffix(f.Name, ext))
		if m == nil || commonName(m[1]) == "" {
			rest = append(rest, f)
			continue
		}
		key := m[1] + "*" + m[3] + ext
		if by[key] == nil {
			order = append(order, key)
		}
		by[key] = append(by[key], f)
	}
	for _, key := range order {
		parts := by[key]
		if len(parts) < 2 || len(parts) > most || !fromOne(parts) || slices.ContainsFunc(parts, func(p Part) bool { return !picture(p) }) {
			rest = append(rest, parts...)
			continue
		}
		before, _, _ := strings.Cut(key, "*")
		groups = append(groups, group{commonName(before), key, parts})
	}
	slices.SortFunc(rest, func(a, b Part) int { return natural(a.Name, b.Name) })
	return groups, rest
}

// commonName is what stands before the numbers of pages, without what leads over to them. A name that leads over by
// nothing, such as 附件1, tells no pages.
func commonName(before string) string {
	s := strings.TrimRight(before, "-_ .·（([【第pP页#")
	if s == before {
		return ""
	}
	return s
}

// fromOne says that the numbers in names of one kind are 1, 2, 3 and so on, or 0, 1, 2.
func fromOne(parts []Part) bool {
	first := -1
	for i, p := range parts {
		m := numbered.FindStringSubmatch(strings.TrimSuffix(p.Name, path.Ext(p.Name)))
		n, err := strconv.Atoi(m[2])
		if i == 0 {
			first = n
		}
		if err != nil || first > 1 || n != first+i {
			return false
		}
	}
	return true
}

// isPicture knows the pictures that pages come as by their first bytes.
func isPicture(head []byte) bool {
	for _, m := range []string{"\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "II*\x00", "MM\x00*", "BM", "GIF8", "\x00\x00\x00\x0cjP  "} {
		if strings.HasPrefix(string(head), m) {
			return true
		}
	}
	return len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP"
}

// archive adds the members of a ZIP that is no document itself. A ZIP that cannot be opened is left
// to the conversion, which says what is wrong with it.
func (w *finder) archive(f Part) bool {
	if f.fixed && !strings.EqualFold(path.Ext(f.Name), ".zip") {
		return false // in a store each look costs a request, so there the name has to say it
	}
	head, err := w.head(f)
	if err != nil || !strings.HasPrefix(string(head), "PK\x03\x04") {
		return false
	}
	known := w.memory.files[f.file]
	if known.inside {
		w.docs, w.refused = append(w.docs, known.docs...), append(w.refused, known.refused...)
		return true
	}
	z, err := w.memory.archives.open(w.tree, f.file)
	if err != nil {
		return false
	}
	defer z.release()
	docs, refused := len(w.docs), len(w.refused)
	if !w.members(f, z.File) {
		return false
	}
	known.inside, known.docs, known.refused = true, slices.Clone(w.docs[docs:]), slices.Clone(w.refused[refused:])
	w.memory.files[f.file] = known
	return true
}

// members adds the members of an archive, unless it is a document itself.
func (w *finder) members(f Part, files []*zip.File) bool {
	var total uint64
	for _, m := range files {
		switch strings.ToLower(strings.ReplaceAll(m.Name, `\`, "/")) { // some programs write the names of parts so
		case "[content_types].xml", "ofd.xml", "mimetype", "word/document.xml", "xl/workbook.xml":
			return false
		}
		total += min(m.UncompressedSize64, maxUnpacked)
	}
	if len(files) > maxMembers || total > maxUnpacked {
		w.refuse(f.file, Bomb, fmt.Sprintf("%d members, %d MB unpacked; at most %d and %d MB are read", len(files), total>>20, maxMembers, maxUnpacked>>20))
		return true
	}
	folders := map[string][]Part{}
	for i, m := range files {
		inside := memberPath(m)
		if inside == "" || isFolder(m) {
			continue
		}
		p := filepath.Join(f.file, filepath.FromSlash(inside))
		rel := w.rel(p)
		if slices.ContainsFunc(strings.Split(inside, "/"), junk) || matches(w.exclude, rel) || !w.wanted(rel) {
			continue
		}
		switch {
		case m.Mode()&fs.ModeSymlink != 0:
			w.refuse(p, Symlink, "a symbolic link in an archive")
		case !m.Mode().IsRegular():
			w.refuse(p, SpecialFile, "not a regular file")
		case m.Flags&1 != 0:
			w.refuse(p, worker.Encrypted, "the archive needs a password: unpack it first")
		case m.Method != zip.Store && m.Method != zip.Deflate:
			w.refuse(p, worker.Unsupported, fmt.Sprintf("the archive is packed by method %d (%s), which is not read: unpack it first", m.Method, cmp.Or(methods[m.Method], "unknown")))
		default:
			dir := path.Dir(inside)
			folders[dir] = append(folders[dir], Part{
				Name: path.Base(inside), Size: int64(min(m.UncompressedSize64, maxUnpacked)), tree: f.tree, file: f.file, member: i, archives: w.memory.archives, fixed: f.fixed,
				stamp: fmt.Sprintf("%s %d %08x", f.stamp, i, m.CRC32),
			})
		}
	}
	for dir, parts := range folders {
		at := filepath.Join(f.file, filepath.FromSlash(dir))
		docs, rest := w.pagesOf(at, parts)
		w.docs = append(w.docs, docs...)
		for _, p := range rest {
			full := filepath.Join(at, p.Name)
			if head, err := p.head(4); err == nil && string(head) == "PK\x03\x04" && strings.EqualFold(path.Ext(p.Name), ".zip") {
				w.refuse(full, NestedArchive, "an archive within an archive; unpack it first")
				continue
			}
			w.docs = append(w.docs, Document{Name: p.Name, Rel: w.rel(full), Path: w.tree.Show(full), Parts: []Part{p}})
		}
	}
	return true
}

// methods are the ways of packing that archives use beside the two that are read (APPNOTE 4.4.5).
var methods = map[uint16]string{9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd", 99: "AES encryption"}

// memberPath is a member's name as a clean relative path: GB18030 unless it says UTF-8, no way up and
// out, no control characters.
func memberPath(m *zip.File) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '_'
		}
		return r
	}, memberName(m))
	return strings.TrimPrefix(path.Clean("/"+name), "/")
}

func memberName(m *zip.File) string {
	name := m.Name
	if m.NonUTF8 {
		name = readable(name)
	}
	return strings.ReplaceAll(strings.ToValidUTF8(name, "\uFFFD"), `\`, "/")
}

// isFolder knows the folders of an archive, also those that a program on Windows wrote with its own slash.
func isFolder(m *zip.File) bool {
	return m.FileInfo().IsDir() || strings.HasSuffix(memberName(m), "/") && m.UncompressedSize64 == 0
}

// open gives the part's content.
func (p Part) open() (io.ReadCloser, error) {
	if p.member < 0 {
		return p.tree.Open(p.file)
	}
	z, err := p.archives.open(p.tree, p.file)
	if err != nil {
		return nil, damaged(err)
	}
	if p.member >= len(z.File) {
		z.release()
		return nil, &worker.Failure{Reason: worker.Changed, Message: "the archive changed while it was read"}
	}
	r, err := z.File[p.member].Open()
	if err != nil {
		z.release()
		return nil, damaged(err)
	}
	return &member{r, z, p.Size}, nil
}

func damaged(err error) error {
	if errors.Is(err, folder.ErrUnavailable) {
		return err
	}
	if errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, zip.ErrAlgorithm) {
		return &worker.Failure{Reason: worker.Damaged, Message: "the archive is damaged: " + err.Error()}
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return err
	}
	return &worker.Failure{Reason: worker.Damaged, Message: "the archive is damaged: " + err.Error()}
}

// member is an archive's member being read. One that unpacks to more than it claims is cut off.
type member struct {
	io.ReadCloser
	archive *archive
	left    int64
}

func (m *member) Read(b []byte) (int, error) {
	n, err := m.ReadCloser.Read(b)
	if m.left -= int64(n); m.left < 0 {
		return 0, &worker.Failure{Reason: Bomb, Message: "a member of the archive is larger than it says"}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = damaged(err)
	}
	return n, err
}

func (m *member) Close() error {
	defer m.archive.release()
	return m.ReadCloser.Close()
}

// head is the beginning of the content, at most n bytes.
func (p Part) head(n int64) ([]byte, error) {
	r, err := p.open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }() // it was only read
	return io.ReadAll(io.LimitReader(r, n))
}

// hash is the SHA-256 of the document's content; of page images, that of their hashes.
func (d *Document) hash() (string, error) {
	sums := make([][sha256.Size]byte, len(d.Parts))
	for i, p := range d.Parts {
		r, err := p.open()
		if err != nil {
			return "", err
		}
		h := sha256.New()
		_, err = io.Copy(h, r)
		if err := errors.Join(err, r.Close()); err != nil {
			return "", err
		}
		h.Sum(sums[i][:0])
	}
	return worker.Digest(sums), nil
}

func (d *Document) stamp() string {
	if len(d.Parts) == 1 {
		return d.Parts[0].stamp
	}
	h := sha256.New()
	for _, p := range d.Parts {
		fmt.Fprintf(h, "%s\x00%s\x00", p.Name, p.stamp)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Inside says that the document is in an archive.
func (d *Document) Inside() bool { return len(d.Parts) > 0 && d.Parts[0].member >= 0 }

// Job is the document for a worker.
func (d *Document) Job() worker.Job {
	j := worker.Job{Name: d.Name}
	for _, p := range d.Parts {
		j.Parts = append(j.Parts, worker.Part{Name: p.Name, Open: p.open})
	}
	return j
}

// compile turns patterns into expressions over the path below the inputs.
func compile(patterns []string) ([]*regexp.Regexp, error) {
	var out []*regexp.Regexp
	for _, p := range patterns {
		if p == "" {
			return nil, fmt.Errorf("%w: an empty pattern", ErrInput)
		}
		var b strings.Builder
		b.WriteString("^")
		if !strings.Contains(p, "/") {
			b.WriteString("(?:.*/)?")
		}
		for s := strings.TrimPrefix(p, "/"); s != ""; {
			switch {
			case strings.HasPrefix(s, "**/"):
				b.WriteString("(?:.*/)?")
				s = s[3:]
			case strings.HasPrefix(s, "**"):
				b.WriteString(".*")
				s = s[2:]
			case s[0] == '*':
				b.WriteString("[^/]*")
				s = s[1:]
			case s[0] == '?':
				b.WriteString("[^/]")
				s = s[1:]
			default:
				_, n := utf8.DecodeRuneInString(s)
				b.WriteString(regexp.QuoteMeta(s[:n]))
				s = s[n:]
			}
		}
		b.WriteString("$")
		re, err := regexp.Compile(b.String())
		if err != nil {
			return nil, fmt.Errorf("%w: pattern %q: %w", ErrInput, p, err)
		}
		out = append(out, re)
	}
	return out, nil
}

func matches(res []*regexp.Regexp, rel string) bool {
	return slices.ContainsFunc(res, func(re *regexp.Regexp) bool { return re.MatchString(rel) })
}

// natural compares as people count: page 2 is before page 10.
func natural(a, b string) int {
	for i, j := 0, 0; ; {
		switch {
		case i == len(a) || j == len(b):
			if c := cmp.Compare(len(a)-i, len(b)-j); c != 0 {
				return c
			}
			return strings.Compare(a, b)
		case digit(a[i]) && digit(b[j]):
			x, y := number(a[i:]), number(b[j:])
			i, j = i+len(x), j+len(y)
			x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 {
				return c
			}
		case a[i] != b[j]:
			// A folder's files stand before those of a folder whose name goes on.
			if a[i] == '/' || b[j] == '/' {
				return cmp.Compare(boolean(a[i] != '/'), boolean(b[j] != '/'))
			}
			return cmp.Compare(a[i], b[j])
		default:
			i++
			j++
		}
	}
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func number(s string) string {
	n := 0
	for n < len(s) && digit(s[n]) {
		n++
	}
	return s[:n]
}
