package mail

import (
	"context"
	"strings"

	"comptoir/internal/lang"
	"comptoir/internal/naming"
	"comptoir/internal/op"
)

// Content is what a letter says, in the language of its recipient. Text and HTML
// are made of it alike.
type Content struct {
	Subject string
	// Title is the heading; "" takes the subject.
	Title string
	// Text are paragraphs.
	Text  []string
	Facts []Fact
	// Link is the button: where the recipient goes on.
	Link Link
	// Closing are paragraphs after it.
	Closing []string
	// Why tells the recipient why he gets the letter, Settings is the path where he
	// decides that; both may be empty.
	Why      string
	Settings Link
	// Optional says that the recipient may switch such letters off at Settings; mail
	// programs then offer to.
	Optional bool
}

// Fact is a line of data: "Customer: Östra Bageriet AB".
type Fact struct{ Term, Value string }

// Link leads into the portal; Path begins with a slash, and "" is no link.
type Link struct{ Label, Path string }

// valueMax is the longest value or paragraph, in characters.
const valueMax = 2000

// clean makes every text one line.
func (c Content) clean() Content {
	c.Subject, c.Title, c.Why = line(c.Subject, subjectMax), line(c.Title, subjectMax), line(c.Why, valueMax)
	if c.Title == "" {
		c.Title = c.Subject
	}
	facts := make([]Fact, 0, len(c.Facts))
	for _, f := range c.Facts {
		if f.Value = line(f.Value, valueMax); f.Value != "" {
			facts = append(facts, Fact{line(f.Term, valueMax), f.Value})
		}
	}
	c.Text, c.Closing, c.Facts = lines(c.Text), lines(c.Closing), facts
	c.Link.Label, c.Settings.Label = line(c.Link.Label, subjectMax), line(c.Settings.Label, subjectMax)
	return c
}

// lines makes one line of each paragraph, and leaves empty ones out.
func lines(paragraphs []string) []string {
	all := make([]string, 0, len(paragraphs))
	for _, paragraph := range paragraphs {
		if paragraph = line(paragraph, valueMax); paragraph != "" {
			all = append(all, paragraph)
		}
	}
	return all
}

// text is the letter for those who read plain text.
func (c Content) text(p *lang.Printer, post op.Post) string {
	parts := []string{c.Title}
	parts = append(parts, c.Text...)
	if len(c.Facts) > 0 {
		lines := make([]string, len(c.Facts))
		for i, f := range c.Facts {
			lines[i] = p.T("mail.fact", "Term", f.Term, "Value", f.Value)
		}
		parts = append(parts, strings.Join(lines, "\n"))
	}
	if url := c.Link.url(post); url != "" {
		parts = append(parts, c.Link.Label+"\n"+url)
	}
	parts = append(parts, c.Closing...)
	end := []string{"-- ", p.T("mail.signature", "Product", post.Product)}
	if c.Why != "" {
		end = append(end, c.Why)
	}
	if url := c.Settings.url(post); url != "" {
		end = append(end, c.Settings.Label+" "+url)
	}
	return strings.Join(append(parts, strings.Join(end, "\n")), "\n\n") + "\n"
}

// url is the whole address of a link, "" where there is none.
func (l Link) url(post op.Post) string {
	if l.Path == "" || post.Site == "" {
		return ""
	}
	return post.Site + l.Path
}

// unsubscribe is the path at which the recipient switches such letters off, ""
// for none.
func (c Content) unsubscribe() string {
	if !c.Optional {
		return ""
	}
	return c.Settings.Path
}

// html is the letter for all others.
func (c Content) html(ctx context.Context, p *lang.Printer, post op.Post) (string, error) {
	var b strings.Builder
	err := page(p, c, post).Render(ctx, &b)
	return b.String(), err
}

// addressMax is the longest address that mail systems take.
const addressMax = 254

func validAddress(address string) bool {
	return len(address) <= addressMax && naming.ValidEmail(address)
}
