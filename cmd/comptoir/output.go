package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
)

// quiet is the log of commands other than serve: what they have to say they
// print.
var quiet = slog.New(slog.DiscardHandler)

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
