package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
)

// quiet is the log of commands other than serve: what they have to say they
// print.
var quiet = slog.New(slog.DiscardHandler)

// caption says to a person what the lines that follow are. It goes to standard
// error, so that a script that catches the output gets the values alone; with
// --json the names say it.
func (o output) caption(c *commands, format string, args ...any) {
	if !c.JSON {
		fmt.Fprintf(o.err, format+"\n", args...)
	}
}

// firstPassword is how a caption calls a password that was generated.
const firstPassword = "password for the first sign-in, shown only now"

// print writes v as JSON when --json was given, and text otherwise.
func (o output) print(c *commands, v any, text string) error {
	if !c.JSON {
		_, err := fmt.Fprintln(o.out, text)
		return err
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(o.out, string(b))
	return err
}
