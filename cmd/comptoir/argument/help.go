package argument

import (
	"fmt"
	"strings"
	"time"
)

// text is the help of c: how it is called, what it does, its commands or
// arguments, and the flags that it takes.
func (c *command) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Usage: %s\n\n%s\n", c.usage(), wrap(c.help, ""))
	if leaves := c.leaves(); len(c.commands) > 0 {
		b.WriteString("\nCommands:\n")
		for _, leaf := range leaves {
			fmt.Fprintf(&b, "  %s\n%s\n", strings.TrimPrefix(leaf.usage(), root(c).name+" "), wrap(leaf.help, "      "))
		}
	}
	if len(c.arguments) > 0 {
		b.WriteString("\nArguments:\n")
		for _, a := range c.arguments {
			fmt.Fprintf(&b, "  %s\n%s\n", a.placeholder(), wrap(a.help, "      "))
		}
	}
	writeFlags(&b, c)
	if len(c.commands) > 0 {
		fmt.Fprintf(&b, "\n%s <command> --help says more about a command.\n", c.path)
	}
	return b.String()
}

// writeFlags writes the flags of c, then those of the commands above it, and
// those with a heading last.
func writeFlags(b *strings.Builder, c *command) {
	var headings []string
	under := make(map[string][]*flag)
	add := func(heading string, f *flag) {
		if under[heading] == nil {
			headings = append(headings, heading)
		}
		under[heading] = append(under[heading], f)
	}
	var grouped []*flag
	for at := c; at != nil; at = at.parent {
		for _, f := range at.flags {
			switch {
			case f.group != "":
				grouped = append(grouped, f)
			case at == c && c.parent != nil:
				add("Flags", f)
			default:
				add("Flags of all commands", f)
			}
		}
	}
	for _, f := range grouped {
		add(f.group, f)
	}
	for _, heading := range headings {
		fmt.Fprintf(b, "\n%s:\n", heading)
		for _, f := range under[heading] {
			fmt.Fprintf(b, "  %s\n%s\n", f.usage(), wrap(f.described(), "      "))
		}
	}
}

// usage is how c is called.
func (c *command) usage() string {
	words := []string{c.path}
	if len(c.commands) > 0 {
		return c.path + " <command> [flags]"
	}
	for _, f := range c.flags {
		if f.required {
			words = append(words, f.usage())
		}
	}
	for _, a := range c.arguments {
		words = append(words, a.placeholder())
	}
	return strings.Join(append(words, "[flags]"), " ")
}

// leaves returns the commands below c that do something.
func (c *command) leaves() []*command {
	if len(c.commands) == 0 {
		return []*command{c}
	}
	var all []*command
	for _, next := range c.commands {
		all = append(all, next.leaves()...)
	}
	return all
}

// usage is how f is given.
func (f *flag) usage() string {
	switch f.into.(type) {
	case *bool:
		return "--" + f.name
	case *int:
		return "--" + f.name + "=NUMBER"
	case *time.Duration:
		return "--" + f.name + "=TIME"
	case *[]string:
		return "--" + f.name + "=TEXT,…"
	}
	if f.kind != "" {
		return "--" + f.name + "=FILE"
	}
	return "--" + f.name + "=TEXT"
}

func (f *flag) placeholder() string { return "<" + f.name + ">" }

// described is what f is, with its default and its variable.
func (f *flag) described() string {
	text := f.help
	if f.preset != "" {
		text += " Default: " + f.preset + "."
	}
	if f.env != "" {
		text += " Variable: " + f.env + "."
	}
	return text
}

// wrap breaks text into lines of at most 80 characters that begin with indent.
func wrap(text, indent string) string {
	const width = 80
	var lines []string
	line := indent
	for _, word := range strings.Fields(text) {
		if line != indent && len([]rune(line))+1+len([]rune(word)) > width {
			lines, line = append(lines, line), indent
		}
		if line != indent {
			line += " "
		}
		line += word
	}
	return strings.Join(append(lines, line), "\n")
}
