package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const (
	// configFlag names the configuration file. It counts before the flags are read, for the language may stand in the file.
	configFlag = "config"
	// configFile is the one that is taken where it lies in the working directory.
	configFile = "nianbao.toml"
)

// settings are the flags of a configuration file: at its top level those of all commands, in a table those of the
// command of that name.
type settings struct {
	file  string
	table map[string]any
	err   error           // why it could not be read; the help does without it
	taken map[string]bool // flags that have their value from it, for the command that runs
}

// readSettings reads the file that the arguments name, else that of the working directory, if there is one.
// An empty name stands for none.
func readSettings(args []string) *settings {
	s := &settings{file: configFile}
	name, named := flagIn(args, configFlag)
	if named {
		s.file = name
	}
	if s.file == "" {
		return s
	}
	b, err := os.ReadFile(s.file)
	var unread *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
		return s
	case errors.As(err, &unread):
		s.err = fmt.Errorf("%s: cannot be read: %w", s.file, unread.Err)
		return s
	case err != nil:
		s.err = fmt.Errorf("%s: cannot be read: %w", s.file, err)
		return s
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff")) // Windows' editor writes one
	if err := toml.Unmarshal(b, &s.table); err != nil {
		where := s.file
		var at *toml.DecodeError
		if errors.As(err, &at) {
			line, _ := at.Position()
			where += ":" + strconv.Itoa(line)
		}
		s.err = fmt.Errorf("%s: is not valid TOML: %s", where, strings.TrimPrefix(err.Error(), "toml: "))
	}
	return s
}

// flagIn finds a flag that counts before the others are read.
func flagIn(args []string, name string) (value string, given bool) {
	for i, a := range args {
		if a == "--" {
			break
		}
		if v, ok := strings.CutPrefix(a, "--"+name+"="); ok {
			value, given = v, true
		}
		if a == "--"+name && i+1 < len(args) {
			value, given = args[i+1], true
		}
	}
	return value, given // the last one, as with all flags
}

// apply gives the flags that the command line leaves alone the values of the file. All of the file is held against
// all commands, so that a mistake is found by the first one that runs, and not by a batch next week.
func (s *settings) apply(running *cobra.Command) error {
	if s == nil || !takesSettings(running) {
		return nil
	}
	if s.err != nil {
		return usageError{s.err}
	}
	s.taken = map[string]bool{}
	if err := s.give(running.Root(), running, s.table, "", nil); err != nil {
		return usageError{fmt.Errorf("%s: %w", s.file, err)}
	}
	return nil
}

// takesSettings says that a command is one of ours: help and completion must work whatever the file says.
func takesSettings(c *cobra.Command) bool {
	for ; c.HasParent(); c = c.Parent() {
		if n := c.Name(); n == "help" || n == "completion" || strings.HasPrefix(n, cobra.ShellCompRequestCmd) {
			return false
		}
	}
	return true
}

// setting is a value, and the key that it stands under.
type setting struct {
	key   string
	value any
}

// give sets the flags of a command and of those below it from its table; from above come the values of the tables around it,
// which those of its own go before.
func (s *settings) give(c, running *cobra.Command, table map[string]any, prefix string, above map[string]setting) error {
	values := maps.Clone(above)
	if values == nil {
		values = map[string]setting{}
	}
	var commands []string
	for _, sub := range c.Commands() {
		if takesSettings(sub) {
			commands = append(commands, sub.Name())
		}
	}
	known := flagsBelow(c)
	for _, key := range slices.Sorted(maps.Keys(table)) {
		if _, is := table[key].(map[string]any); is {
			if !slices.Contains(commands, key) {
				return fmt.Errorf("[%s]: %w", prefix+key, meant(errors.New("there is no such command"), like(key, commands)))
			}
			continue
		}
		if !slices.Contains(known, key) {
			return fmt.Errorf("%s: %w", prefix+key, meant(errors.New("there is no such flag"), like(key, known)))
		}
		values[key] = setting{prefix + key, table[key]}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		f, v := c.LocalFlags().Lookup(name), values[name]
		if _, own := table[name]; f == nil && own && slices.Contains(everywhere, name) {
			f = c.InheritedFlags().Lookup(name)
		}
		if f == nil {
			continue
		}
		if err := s.set(f, v.value, c == running || c == c.Root()); err != nil {
			if own := prefix + name; v.key != own {
				v.key += " (" + own + ")"
			}
			return fmt.Errorf("%s: %w", v.key, err)
		}
	}
	for _, sub := range c.Commands() {
		if !takesSettings(sub) {
			continue
		}
		own, _ := table[sub.Name()].(map[string]any) // what is no table there was a flag
		if err := s.give(sub, running, own, prefix+sub.Name()+".", values); err != nil {
			return err
		}
	}
	return nil
}

// settable says that a flag may stand in the file.
func settable(f *pflag.Flag) bool {
	return f.Name != configFlag && f.Name != "help" && f.Name != "version"
}

// everywhere are flags of all commands that may have another value for one; the language is chosen before the command is known.
var everywhere = []string{"log-format", "quiet"}

// flagsBelow are the names of the flags of a command and of those below it, and those of all commands.
func flagsBelow(c *cobra.Command) []string {
	names := map[string]bool{}
	for _, n := range everywhere {
		names[n] = true
	}
	var each func(*cobra.Command)
	each = func(c *cobra.Command) {
		if !takesSettings(c) {
			return
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) { names[f.Name] = names[f.Name] || settable(f) })
		for _, sub := range c.Commands() {
			each(sub)
		}
	}
	each(c)
	maps.DeleteFunc(names, func(_ string, ok bool) bool { return !ok })
	return slices.Sorted(maps.Keys(names))
}

// set gives a flag a value, if the command line has not. Those of commands that do not run are set as well: it tests the value.
func (s *settings) set(f *pflag.Flag, value any, counts bool) error {
	texts, err := textsOf(f.Value.Type(), value)
	if err != nil {
		return err
	}
	for _, t := range texts {
		if hasPassword(t) {
			return errors.New("secrets do not belong in this file: leave the password out of the URL (a database takes it from PGPASSWORD or ~/.pgpass)")
		}
	}
	shared := slices.Contains(everywhere, f.Name)
	if f.Changed && (!shared || !s.taken[f.Name]) || shared && !counts {
		return nil // the command line has said it, or it is for another command
	}
	for _, t := range texts {
		if err := f.Value.Set(t); err != nil {
			return fmt.Errorf("%q does not fit: %w", t, err)
		}
	}
	f.Changed = len(texts) > 0
	if counts && f.Changed {
		s.taken[f.Name] = true
	}
	return nil
}

// textsOf are the words of the command line for a value of the file. kind is the flag's type. What may be
// repeated is an array, or stands alone.
func textsOf(kind string, value any) ([]string, error) {
	switch v := value.(type) {
	case bool:
		if kind == "bool" {
			return []string{strconv.FormatBool(v)}, nil
		}
	case int64:
		if kind == "int" || kind == "size" || kind == "intSlice" {
			return []string{strconv.FormatInt(v, 10)}, nil
		}
	case string:
		if kind == "string" || kind == "duration" || kind == "size" || kind == "stringArray" {
			return []string{v}, nil
		}
	case []any:
		if kind != "stringArray" && kind != "intSlice" {
			break
		}
		var out []string
		for _, x := range v {
			if _, nested := x.([]any); nested {
				return nil, expected[kind]
			}
			one, err := textsOf(kind, x)
			if err != nil {
				return nil, err
			}
			out = append(out, one...)
		}
		return out, nil
	}
	return nil, expected[kind]
}

// expected says what a value of the file must be, for each type of flag.
var expected = map[string]error{
	"bool":        errors.New("true or false is expected"),
	"int":         errors.New("a whole number is expected"),
	"string":      errors.New("a text in quotes is expected"),
	"duration":    errors.New(`a time in quotes such as "90s" or "2m" is expected`),
	"size":        errors.New(`a size in quotes such as "512M" or "2G" is expected`),
	"stringArray": errors.New("an array of texts in quotes is expected"),
	"intSlice":    errors.New("an array of whole numbers is expected"),
}

// hasPassword says that a text is a URL with a password in it.
func hasPassword(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" {
		return false
	}
	_, has := u.User.Password()
	return has || u.Query().Has("password")
}

// blame says of a wrong flag that nobody typed where it comes from.
func (s *settings) blame(err error) error {
	for _, name := range slices.Sorted(maps.Keys(s.taken)) {
		if regexp.MustCompile(`--` + name + `\b(?:[^-]|$)`).MatchString(err.Error()) {
			return fmt.Errorf("%w; --%s is set in %s", err, name, s.file)
		}
	}
	return err
}
