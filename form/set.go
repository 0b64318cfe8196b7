package form

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"sync"
)

//go:embed data/*.json
var data embed.FS

// Set is the forms that a conversion knows. The zero Set holds the official ones. A Set never changes
// and may be used by several goroutines.
type Set struct {
	forms  []*Form // the official ones, then own
	own    int
	keys   []string
	shared map[*Table]bool
}

// Official is the set of the official forms.
func Official() Set { return official() }

// With adds forms of the user's own. The error, of type Faults, says what is wrong with one, or that two
// have the same name or table. The forms must not be changed afterwards.
func (s Set) With(own ...*Form) (Set, error) {
	if len(own) == 0 {
		return s, nil
	}
	all := slices.Clone(s.All())
	for i, f := range own {
		if f == nil {
			return Set{}, fmt.Errorf("form %d is nil", i+1)
		}
		c := checker{form: f, own: true}
		c.check()
		for _, o := range s.Own() {
			c.apart(o)
		}
		for _, o := range own[:i] {
			c.apart(o)
		}
		if len(c.faults) > 0 {
			return Set{}, fmt.Errorf("form %q: %w", f.Name, c.faults)
		}
		all = append(all, f)
	}
	out := newSet(all)
	out.own = s.own + len(own)
	return out, nil
}

// Own are the forms of the user's own.
func (s Set) Own() []*Form {
	all := s.All()
	return all[len(all)-s.own:]
}

// Owns says that a form of the user's own has the table of a key.
func (s Set) Owns(key string) bool {
	return slices.ContainsFunc(s.Own(), func(f *Form) bool { return f.Table(key) != nil })
}

// All forms: the national ones, the newest first, then the local ones, then the user's own.
func (s Set) All() []*Form { return s.loaded().forms }

// Get gives the form of a name, or nil.
func (s Set) Get(name string) *Form {
	for _, f := range s.All() {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// Table gives a table of a form by their names, or nil.
func (s Set) Table(form, key string) *Table {
	if f := s.Get(form); f != nil {
		return f.Table(key)
	}
	return nil
}

// Keys of the forms' tables, none twice, in the order of the output.
func (s Set) Keys() []string { return s.loaded().keys }

// National forms, the newest first.
func (s Set) National() []*Form {
	var out []*Form
	for _, f := range s.All()[:len(s.All())-s.own] {
		if !f.Local {
			out = append(out, f)
		}
	}
	return out
}

// Shared says that a table of the set is printed alike in several forms: which of them it is of, only the
// other tables of the report say.
func (s Set) Shared(t *Table) bool { return s.loaded().shared[t] }

// states says that a table of a form says what prose states as a quantity.
func (s Set) states(quantity string) bool {
	return slices.ContainsFunc(s.All(), func(f *Form) bool {
		return slices.ContainsFunc(f.Tables, func(t Table) bool {
			return slices.ContainsFunc(t.Stated, func(x Stated) bool { return x.Quantity == quantity })
		})
	})
}

func (s Set) loaded() Set {
	if s.forms == nil {
		return official()
	}
	return s
}

var official = sync.OnceValue(func() Set {
	s, err := Open(data)
	if err != nil {
		panic(err) // our own files
	}
	return s
})

// Open reads official forms from the files data/*.json of a file system.
func Open(files fs.FS) (Set, error) {
	names, err := fs.Glob(files, "data/*.json")
	if err != nil {
		return Set{}, err
	}
	var all []*Form
	for _, n := range names {
		b, err := fs.ReadFile(files, n)
		if err != nil {
			return Set{}, err
		}
		f := new(Form)
		if err := json.Unmarshal(b, f); err != nil {
			return Set{}, fmt.Errorf("%s: %w", path.Base(n), err)
		}
		all = append(all, f)
	}
	if !slices.ContainsFunc(all, func(f *Form) bool { return !f.Local }) {
		return Set{}, errors.New("no national form")
	}
	sort.Slice(all, func(i, j int) bool {
		if all[i].Local != all[j].Local {
			return all[j].Local
		}
		return all[i].Name > all[j].Name
	})
	return newSet(all), nil
}

// newSet is the set of forms in the order in which they are tried.
func newSet(forms []*Form) Set {
	s := Set{forms: forms, shared: map[*Table]bool{}}
	same := map[string][]*Table{}
	for _, f := range forms {
		for i := range f.Tables {
			t := &f.Tables[i]
			if same[t.Key] == nil {
				s.keys = append(s.keys, t.Key)
			}
			for _, o := range same[t.Key] {
				if t.Alike(o) {
					s.shared[t], s.shared[o] = true, true
				}
			}
			same[t.Key] = append(same[t.Key], t)
		}
	}
	return s
}
