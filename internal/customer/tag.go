package customer

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/relationship"
)

// Bounds of tags (rule C5).
const (
	MaxTags      = 150 // for one customer
	MaxTagLength = 50  // characters
)

// Refusals of tags.
var (
	ErrTooManyTags = fault.New(fault.Invalid, "27002", "customer.tags.many")   // argument Max
	ErrTagTooLong  = fault.New(fault.Invalid, "27002", "customer.tags.long")   // arguments Tag, Max
	ErrTagText     = fault.New(fault.Invalid, "27002", "customer.tags.unread") // argument Tag
)

// tag is a tag and the key under which it is the same as another.
type tag struct{ name, key string }

// newTags brings what was typed into tags: trimmed, without empty ones, each
// once whatever its case. It returns the first refusal.
func newTags(typed []string) ([]tag, *fault.Error) {
	var tags []tag
	for _, text := range typed {
		name := strings.Join(strings.Fields(naming.Trim(text)), " ")
		switch {
		case name == "":
			continue
		case utf8.RuneCountInString(name) > MaxTagLength:
			return nil, ErrTagTooLong.On("tags").With("Tag", name).With("Max", MaxTagLength)
		case !naming.Printable(name):
			return nil, ErrTagText.On("tags").With("Tag", name)
		}
		t := tag{name, naming.Key(name)}
		if !slices.ContainsFunc(tags, func(other tag) bool { return other.key == t.key }) {
			tags = append(tags, t)
		}
	}
	if len(tags) > MaxTags {
		return nil, ErrTooManyTags.On("tags").With("Max", MaxTags)
	}
	return tags, nil
}

func tagNames(tags []tag) []string {
	var names []string
	for _, t := range tags {
		names = append(names, t.name)
	}
	return names
}

// tagList is what the column of tags holds: one tag a line.
func tagList(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

var (
	insertTag  = db.SQL(`INSERT INTO customer_tags (partner_id, key, number, tag) VALUES ($1, $2, $3, $4)`)
	deleteTag  = db.SQL(`DELETE FROM customer_tags WHERE partner_id = $1 AND key = $2 AND number = $3`)
	updateTags = db.SQL(`UPDATE customers SET tags = $4 WHERE partner_id = $1 AND customer_id = $2 AND kind = $3`)
)

func (t tag) insert(ctx context.Context, u *op.Unit, partner id.Tenant, number int64) error {
	_, err := u.Exec(ctx, insertTag, partner, t.key, number, t.name)
	return err
}

// Tagging is the input of SetTags.
type Tagging struct {
	ID   id.Tenant
	Tags []string // all tags of the customer from now on
}

// ConcernsCustomer implements op.Concerning.
func (in Tagging) ConcernsCustomer() id.Tenant { return in.ID }

// SetTags gives a customer the tags of the input and no others (rule b8). It
// refuses more than MaxTags and longer ones than MaxTagLength.
var SetTags = op.Define(op.Spec{Action: "customer.tag", Write: true},
	func(ctx context.Context, u *op.Unit, in Tagging) ([]string, error) {
		tags, refused := newTags(in.Tags)
		if refused != nil {
			return nil, refused
		}
		c, err := find(ctx, u.Tx, u.Actor.Tenant, in.ID)
		if err != nil {
			return nil, err
		}
		old, _ := newTags(c.Tags)
		if err := c.retag(ctx, u, old, tags); err != nil {
			return nil, err
		}
		return tagNames(tags), nil
	})

// retag writes the difference between the tags that c has and shall have.
func (c Customer) retag(ctx context.Context, u *op.Unit, old, tags []tag) error {
	for _, t := range old {
		if slices.ContainsFunc(tags, func(other tag) bool { return other == t }) {
			continue
		}
		if _, err := u.Exec(ctx, deleteTag, c.Partner, t.key, c.Number); err != nil {
			return err
		}
		if err := u.Count(ctx, c.Partner, relationship.ByTag.Counter(t.name), -1); err != nil {
			return err
		}
	}
	for _, t := range tags {
		if slices.ContainsFunc(old, func(other tag) bool { return other == t }) {
			continue
		}
		if err := t.insert(ctx, u, c.Partner, c.Number); err != nil {
			return err
		}
		if err := u.Count(ctx, c.Partner, relationship.ByTag.Counter(t.name), 1); err != nil {
			return err
		}
	}
	_, err := u.Exec(ctx, updateTags, c.Partner, c.ID, c.Kind, strings.Join(tagNames(tags), "\n"))
	return err
}
