package main

import "comptoir/internal/bench/report"

// page returns docs/benchmarks.md.
func page(machine string, rows []report.Row) string {
	return `# Benchmarks

` + "`make bench`" + ` measures everything below in one go and writes this page.

` + report.Markdown(machine, rows) + `
## How to read it

The **floor** is the least that a program in Go has to do for the same request: a bare ` + "`net/http`" + ` handler that runs the statements
it cannot do without, through the same database driver on a copy of the same data, and answers as many bytes. It knows no tokens, no
rules, no activity log. Comptoir answers with all of them. What counts is the **ratio**: it says how much the rules cost, and
compares between machines; seconds do not.

- Installation: 50 000 customers of 100 partners, one of whom has half of them; "among a million" the same with 1 000 000.
  Of either, 10 000 accounts wait for a reviewer; all others are approved.
- Pages of the portal are asked for by two browsers at once that keep what they may keep. The queue "without" is the floor of the
  one with 500 000 closed cases behind it: the same open cases, nothing else.
- Floor and Comptoir are processes of their own. They take turns, three each; the one that has no turn is stopped. Medians count.
- Requests come over kept connections on the loopback device, from the same machine: the two share its cores with the sender.
- Writes are durable (` + "`synchronous=FULL`" + `): what was answered survives a power cut. The floor of writes inserts one row of the size of a
  billing profile and commits whatever waits together, as Comptoir does. "A commit for each" is Comptoir with that switched off.

## How to run it

` + "```" + `
make bench                              # everything; the first time it builds the installations
make bench BENCH="-million=false"       # without the million customers; writes nothing
make bench BENCH="-only read -rounds 1" # parts of it; writes nothing
make bench BENCH="-profiles /tmp"       # with a CPU profile of each measure
make bench BENCH="-baseline"            # later runs are compared with this one
` + "```" + `

The installations are kept in ` + "`.cache/bench`" + ` until the schema or the program that fills them changes. The column Change, which only
the terminal shows, compares with ` + "`docs/benchmarks.json`" + `.
`
}
