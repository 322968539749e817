// Command comptoir is a partner center: the server and the tools of its
// operator. See docs/operator.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"comptoir/internal/app"
	"comptoir/internal/fault"
	"comptoir/internal/lang"
)

// The exit statuses (docs/operator.md).
const (
	exitDone    = 0
	exitRefused = 1
	exitUsage   = 2
)

// commands is the command line.
type commands struct {
	DB   string    `name:"db" env:"COMPTOIR_DB" default:"./data/comptoir.db" help:"Database: a file path, or postgres://…"`
	JSON bool      `name:"json" env:"COMPTOIR_JSON" help:"Print JSON where the command prints data."`
	Mail mailFlags `embed:"" group:"Mail"`

	Serve        serveCommand        `cmd:"" help:"Run the partner center."`
	Demo         demoCommand         `cmd:"" help:"Fill an empty database with the demo world, and print it."`
	Operator     operatorCommand     `cmd:"" help:"The operator of the installation."`
	Partner      partnerCommand      `cmd:"" help:"Partners."`
	User         userCommand         `cmd:"" help:"Users."`
	App          appCommand          `cmd:"" help:"Applications."`
	Setting      settingCommand      `cmd:"" help:"Settings of the installation."`
	Verification verificationCommand `cmd:"" help:"Verification of customers."`
	Gdap         gdapCommand         `cmd:"" help:"Answers of customers to delegated admin relationships."`
	Invitation   invitationCommand   `cmd:"" help:"Invitations of partners."`
	Import       importCommand       `cmd:"" help:"Bring in data from files."`
	Export       exportCommand       `cmd:"" help:"Write everything as JSON lines."`
	Backup       backupCommand       `cmd:"" help:"Copy the database while it is in use."`
	Restore      restoreCommand      `cmd:"" help:"Make a database of a backup or an export."`
	Migrate      migrateCommand      `cmd:"" help:"Bring the database to the version of this program."`
	Audit        auditCommand        `cmd:"" help:"The activity log."`
	Clock        clockCommand        `cmd:"" help:"The clock of a sandbox."`
	Version      versionCommand      `cmd:"" help:"Print the version."`
}

// output is where a command prints to.
type output struct{ out, err io.Writer }

func main() {
	app.UseMemory()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], output{os.Stdout, os.Stderr})
	stop()
	os.Exit(status)
}

// run runs the command line args and returns the exit status.
func run(ctx context.Context, args []string, o output) int {
	var c commands
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("comptoir"), kong.Description("The open partner center."), kong.UsageOnError(),
		kong.Writers(o.out, o.err), kong.Exit(func(code int) { exited = code }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(o), kong.Bind(&c))
	if err != nil {
		fmt.Fprintln(o.err, "comptoir:", err)
		return exitUsage
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 { // --help
		return exited
	}
	if err != nil {
		fmt.Fprintln(o.err, "comptoir:", err)
		return exitUsage
	}
	if err := parsed.Run(); err != nil {
		var usage usageError
		if errors.As(err, &usage) {
			fmt.Fprintln(o.err, "comptoir:", err)
			return exitUsage
		}
		report(o.err, err)
		return exitRefused
	}
	return exitDone
}

// usageError is a mistake on the command line that only the command notices.
type usageError struct{ error }

// report prints what was refused: the sentences of a rule with its code and
// field, or the error as it is.
func report(w io.Writer, err error) {
	faults := fault.All(err)
	if len(faults) == 0 {
		fmt.Fprintln(w, "comptoir:", err)
		return
	}
	p := lang.For("en")
	for _, f := range faults {
		fmt.Fprintf(w, "comptoir: %s (code %s", p.Fault(f), f.Code)
		if f.Field != "" {
			fmt.Fprintf(w, ", field %s", f.Field)
		}
		fmt.Fprintln(w, ")")
	}
}
