// Package argument reads a command line into a struct that declares it with its
// tags:
//
//	cmd:""        a command, which is a struct with its own flags, arguments and commands
//	embed:""      the fields of a struct as if they stood here; group:"…" is their heading
//	arg:""        an argument without a name, in the order of the fields; none may be left out
//	name:"…"      the name of a flag or a command; else that of the field in small letters
//	env:"…"       the variable that a flag has its value from when it is not given
//	default:"…"   its value otherwise
//	required:""   the flag must be given
//	enum:"a,b"    the values that it may have
//	type:"path"   a file, whose name becomes absolute; "existingfile" must be there, or be "-"
//	help:"…"      what it is, in a sentence
//
// A field is a string, bool, int, [time.Duration] or []string; a list is given
// by several flags or with commas.
//
// The libraries for this call methods by their names, which keeps the linker from
// leaving out any method that nobody calls: a twelfth of the program.
package argument

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Program is a program with its command line.
type Program struct {
	Name, Description string
	// Into points to the struct.
	Into any
}

// Help is returned as an error when somebody asks for it.
type Help struct{ Text string }

// Error implements error.
func (h *Help) Error() string { return h.Text }

// command is a command, or the program itself.
type command struct {
	name, help string
	path       string // all names down to it
	parent     *command
	into       any // points to its struct
	flags      []*flag
	arguments  []*flag
	commands   []*command
}

// flag is a flag or an argument without a name.
type flag struct {
	name, help, env, group, kind string
	preset                       string // default
	enum                         []string
	required                     bool
	given                        bool
	into                         any // points to its field
}

// Parse reads args into the struct and returns the command that was chosen, as a
// pointer to its struct; that of the program where it has none. It returns *Help
// when help is asked for.
func (p Program) Parse(args []string) (any, error) {
	at := &command{name: p.Name, path: p.Name, help: p.Description, into: p.Into}
	at.declare(reflect.ValueOf(p.Into).Elem(), "")
	onlyArguments, taken := false, 0
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		var err error
		switch {
		case onlyArguments || arg == "-" || !strings.HasPrefix(arg, "-"):
			if next := at.command(arg); next != nil && !onlyArguments {
				at = next
				continue
			}
			if taken == len(at.arguments) {
				return nil, at.unexpected(arg)
			}
			err = at.arguments[taken].set(arg)
			taken++
		case arg == "--":
			onlyArguments = true
		case arg == "-h" || arg == "--help":
			return nil, &Help{at.text()}
		default:
			args, err = at.flag(arg, args)
		}
		if err != nil {
			return nil, err
		}
	}
	return at.into, at.complete(taken)
}

// declare adds what the fields of v declare to c.
func (c *command) declare(v reflect.Value, group string) {
	for i := range v.NumField() {
		field, tag := v.Type().Field(i), v.Type().Field(i).Tag
		into := v.Field(i).Addr()
		name := cmp.Or(tag.Get("name"), strings.ToLower(field.Name))
		if _, ok := tag.Lookup("cmd"); ok {
			next := &command{name: name, path: c.path + " " + name, help: tag.Get("help"), parent: c, into: into.Interface()}
			next.declare(v.Field(i), "")
			c.commands = append(c.commands, next)
			continue
		}
		if _, ok := tag.Lookup("embed"); ok {
			c.declare(v.Field(i), tag.Get("group"))
			continue
		}
		f := &flag{name: name, help: tag.Get("help"), env: tag.Get("env"), group: group, kind: tag.Get("type"), preset: tag.Get("default"), into: into.Interface()}
		_, f.required = tag.Lookup("required")
		if enum, ok := tag.Lookup("enum"); ok {
			f.enum = strings.Split(enum, ",")
		}
		if _, ok := tag.Lookup("arg"); ok {
			c.arguments = append(c.arguments, f)
		} else {
			c.flags = append(c.flags, f)
		}
	}
}

func (c *command) command(name string) *command {
	i := slices.IndexFunc(c.commands, func(next *command) bool { return next.name == name })
	if i < 0 {
		return nil
	}
	return c.commands[i]
}

func (c *command) unexpected(arg string) error {
	if len(c.commands) > 0 {
		return fmt.Errorf("there is no command %q; there are %s", strings.TrimPrefix(c.path+" "+arg, root(c).name+" "), c.choices())
	}
	return fmt.Errorf("unexpected argument %s", arg)
}

func (c *command) choices() string {
	var names []string
	for _, next := range c.commands {
		names = append(names, next.name)
	}
	return strings.Join(names, ", ")
}

func root(c *command) *command {
	for c.parent != nil {
		c = c.parent
	}
	return c
}

// lineage returns c and those above it, the program first.
func (c *command) lineage() []*command {
	if c == nil {
		return nil
	}
	return append(c.parent.lineage(), c)
}

// flag sets the flag that arg names, with the first of rest where its value does
// not stand behind "=", and returns what remains of rest.
func (c *command) flag(arg string, rest []string) ([]string, error) {
	name, value, inline := strings.Cut(arg, "=")
	for _, from := range c.lineage() {
		for _, f := range from.flags {
			if "--"+f.name != name {
				continue
			}
			_, yes := f.into.(*bool)
			switch {
			case inline:
			case yes:
				value = "true"
			case len(rest) == 0 || strings.HasPrefix(rest[0], "-") && rest[0] != "-":
				return rest, fmt.Errorf("%s needs a value", f.usage())
			default:
				value, rest = rest[0], rest[1:]
			}
			return rest, f.set(value)
		}
	}
	return rest, fmt.Errorf("unknown flag %s", name)
}

// complete fills in what was not given, and says what is missing.
func (c *command) complete(taken int) error {
	if len(c.commands) > 0 {
		return fmt.Errorf("a command is missing: %s", c.choices())
	}
	var missing []string
	for _, from := range c.lineage() {
		for _, f := range from.flags {
			value := ""
			if f.env != "" {
				value = os.Getenv(f.env)
			}
			if value = cmp.Or(value, f.preset); !f.given && value != "" {
				if err := f.set(value); err != nil {
					return err
				}
			}
			if f.required && !f.given {
				missing = append(missing, f.usage())
			}
		}
	}
	if len(missing) > 0 {
		return errors.New("missing flags: " + strings.Join(missing, ", "))
	}
	if taken < len(c.arguments) {
		return fmt.Errorf("%s is missing", c.arguments[taken].placeholder())
	}
	return nil
}

// set gives f a value.
func (f *flag) set(value string) error {
	f.given = true
	if f.enum != nil && !slices.Contains(f.enum, value) {
		return fmt.Errorf("--%s is %q; it may be %s", f.name, value, strings.TrimPrefix(strings.Join(f.enum, ", "), ", "))
	}
	var err error
	switch into := f.into.(type) {
	case *string:
		*into, err = f.file(value)
	case *bool:
		*into, err = truth(value)
	case *int:
		*into, err = strconv.Atoi(value)
	case *time.Duration:
		*into, err = time.ParseDuration(value)
	case *[]string:
		*into = append(*into, strings.Split(value, ",")...)
	default:
		panic(fmt.Sprintf("argument: %s is a %T", f.name, into))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.usage(), err)
	}
	return nil
}

func truth(value string) (bool, error) {
	switch value {
	case "yes":
		return true, nil
	case "no":
		return false, nil
	}
	return strconv.ParseBool(value)
}

// file returns value, and where it is a file its absolute name.
func (f *flag) file(value string) (string, error) {
	if f.kind == "" || value == "-" {
		return value, nil
	}
	if home, err := os.UserHomeDir(); err == nil && strings.HasPrefix(value, "~/") {
		value = filepath.Join(home, value[2:])
	}
	path, err := filepath.Abs(value)
	if err != nil || f.kind != "existingfile" {
		return path, err
	}
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		err = errors.New("is a folder")
	}
	return path, err
}
