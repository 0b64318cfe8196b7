package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/nianbao/nianbao/internal/wording"
)

// languageFlag chooses the language; it counts before anything else is read, for the help has one, too.
const languageFlag = "lang"

// helpFlag is the one that every command has from its library.
const helpFlag = "help"

// languageOf is what the flag says, else the configuration file, else the environment.
func languageOf(args []string, s *settings, getenv func(string) string) string {
	if v, ok := flagIn(args, languageFlag); ok && isLanguage(v) {
		return v
	}
	if v, ok := s.table[languageFlag].(string); ok && isLanguage(v) {
		return v
	}
	return wording.LanguageOf(getenv)
}

func isLanguage(v string) bool { return v == wording.Chinese || v == wording.English }

// voice is standard error, and the words of what is said there.
type voice struct {
	io.Writer
	words *wording.Words
}

// wordsOf are those of a writer that has some.
func wordsOf(w io.Writer) *wording.Words {
	switch x := w.(type) {
	case *voice:
		return x.words
	case *progress:
		return x.words
	}
	return nil
}

// inChinese has the help of all commands say what it says in Chinese, if these are the words.
func inChinese(root *cobra.Command, words *wording.Words) {
	if words.Language() != wording.Chinese {
		return
	}
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	var each func(c *cobra.Command)
	each = func(c *cobra.Command) {
		c.InitDefaultHelpFlag()
		c.InitDefaultVersionFlag()
		c.Short, c.Long = words.Help(c.Short), words.Help(c.Long)
		for _, set := range []*pflag.FlagSet{c.Flags(), c.PersistentFlags()} {
			set.VisitAll(func(f *pflag.Flag) {
				if f.Name == helpFlag {
					f.Usage = words.Say("help for %s", c.Name()) // a command's name is no word
					return
				}
				f.Usage = words.Help(words.Text(f.Usage))
			})
		}
		for _, sub := range c.Commands() {
			each(sub)
		}
	}
	each(root)
	root.SetUsageFunc(func(c *cobra.Command) error { return usage(c, words) })
}

// defaults is what the flags' library says of a flag that has one.
var defaults = regexp.MustCompile(`(?m) \(default (.*)\)$`)

// usage prints how a command is used, in Chinese.
func usage(c *cobra.Command, words *wording.Words) error {
	var b strings.Builder
	flags := func(head string, f *pflag.FlagSet) {
		if text := strings.TrimRight(f.FlagUsages(), "\n"); text != "" {
			b.WriteString("\n" + head + "\n" + defaults.ReplaceAllString(text, "（"+words.Say("default")+" $1）") + "\n")
		}
	}
	b.WriteString(words.Say("Usage:") + "\n  " + strings.Replace(c.UseLine(), "[flags]", "["+words.Say("flags")+"]", 1) + "\n")
	if c.HasExample() {
		b.WriteString("\n" + words.Say("Examples:") + "\n" + c.Example + "\n")
	}
	if c.HasAvailableSubCommands() {
		b.WriteString("\n" + words.Say("Commands:") + "\n")
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				fmt.Fprintf(&b, "  %-12s %s\n", sub.Name(), sub.Short)
			}
		}
	}
	flags(words.Say("Flags:"), c.LocalFlags())
	flags(words.Say("Flags of all commands:"), c.InheritedFlags())
	if c.HasAvailableSubCommands() {
		b.WriteString("\n" + words.Say("See %s COMMAND --help for what a command does.", c.CommandPath()) + "\n")
	}
	_, err := io.WriteString(c.OutOrStderr(), b.String())
	return err
}
