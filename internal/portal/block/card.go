package block

import (
	"time"

	"github.com/a-h/templ"

	"comptoir/internal/portal/icon"
)

// Card is a framed part of a page with a title.
type Card struct {
	ID       string
	Title    string
	Subtitle string
	Badge    Badge // shown beside the title when it has a text
	Actions  []Button
	// Footer is a line of links below the body.
	Footer []Link
	// Danger marks a section whose actions cannot be undone.
	Danger bool
	// Wide cards take the whole row of a Grid.
	Wide bool
}

// Stat is one number that matters, linked to the list behind it.
type Stat struct {
	Label string
	Value string
	Href  string
	Icon  icon.Name
	// Note is a small line below, for example "3 more than last week".
	Note string
	Tone Tone
	// Trend draws a sparkline when it has two values or more.
	Trend []float64
}

// Tile is a large link to a workspace or a service.
type Tile struct {
	Title    string
	Text     string
	Href     string
	Icon     icon.Name
	External bool
	// Reason says why the tile leads nowhere for this reader.
	Reason string
}

// Fact is one line of a DescriptionList.
type Fact struct {
	Term  string
	Value string
	Href  string
	Badge Badge
	// Copy adds a button that copies Value, for identifiers.
	Copy bool
	// Mono sets identifiers in a fixed-width face.
	Mono bool
	// Hint explains the value in a second line.
	Hint string
	// Body replaces Value by a component.
	Body templ.Component
}

// Tab is one view of several; the current one is in the address.
type Tab struct {
	Label   string
	Href    string
	Current bool
	// Count is shown behind the label unless negative or zero.
	Count int64
}

// Step is one station of a Wizard or of a Timeline.
type Step struct {
	Label string
	// Href leads back to a step that is done; empty when it cannot be visited.
	Href  string
	State StepState
	// Text, By and At are shown in a Timeline.
	Text string
	By   string
	At   time.Time
}

// StepState is where a step stands.
type StepState uint8

// The states of a step.
const (
	Todo StepState = iota
	Current
	Done
	Failed
)

func (s StepState) class() string {
	return [...]string{"todo", "current", "done", "failed"}[s]
}

// Avatar is a person or organisation by its initials.
type Avatar struct {
	Name string
	// Large doubles the size.
	Large bool
}

// Progress is how far something has come.
type Progress struct {
	Label string
	// Value of Max; Max 0 means that nobody knows yet.
	Value, Max int64
	// Note is a small line below, for example "120 of 300 rows, 2 refused".
	Note string
	Tone Tone
}

// icon is that of the tone where it calls for attention, else the tile's own.
func (s Stat) icon() icon.Name {
	if s.Tone == Neutral || s.Tone == Info && s.Icon != "" {
		return s.Icon
	}
	return s.Tone.icon()
}
