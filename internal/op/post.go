package op

import (
	"context"
	"time"
)

// Post carries mail out of the house. Package mail writes the letters and knows
// the carriers; main fills this in, because the kernel lies below.
type Post struct {
	// Site is the address of the portal in links, without a trailing slash; ""
	// writes letters without links.
	Site string
	// Product is what the sender is called, From his address.
	Product, From string
	// Deliver hands over a letter; nil leaves mail waiting.
	Deliver func(ctx context.Context, l Letter) error
}

// Letter is a mail as a carrier takes it. The same id is the same letter, should
// it come twice.
type Letter struct {
	ID               string
	Address, Name    string // of the recipient
	Language         string // "en", "fr", "sv"
	Subject          string
	Text, HTML       string
	Unsubscribe      string // where the recipient switches such mail off; "" for nowhere
	At               time.Time
	From, SenderName string
}

// Post returns how mail leaves the installation.
func (u *Unit) Post() Post { return u.kernel.Post }
