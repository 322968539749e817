package main

import (
	"runtime/debug"
)

type versionCommand struct{}

// Run prints the version of the program and the commit that it was built from.
func (versionCommand) Run(c *commands, o output) error {
	version, commit := "devel", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = s.Value
			}
		}
	}
	return o.print(c, struct {
		Version string `json:"version"`
		Commit  string `json:"commit,omitempty"`
	}{version, commit}, version+" "+commit)
}
