package importer

import (
	"context"
	"strings"
	"sync"

	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/naming"
	"comptoir/internal/op"
)

// Options say how a file is read and what is done with it. The zero value finds
// out what it can.
type Options struct {
	Format    Format
	Encoding  Encoding
	Delimiter string // one character between the cells of a CSV file
	Mapping   Mapping
	// Source names what gives the records their ids, so that ids of different
	// origin do not meet: the name of the column when empty.
	Source string
	// DryRun rehearses: it says of every row what would become of it, and changes
	// nothing.
	DryRun bool
	// Placing says that the rows name the partner and the relation: it is an import
	// of the operator. It is not chosen; who imports decides it.
	Placing bool
}

// maxSource bounds the names of sources.
const maxSource = 100

// desk turns records into drafts of customers. It is made once for an import and
// used by all its goroutines.
type desk struct {
	source string // of external ids
	file   *file
	learn  learning
	// mapping is complete; columns gives for each field its column of a CSV file,
	// -1 for none.
	mapping Mapping
	columns []int

	mu     sync.Mutex
	intake *customer.Intake
	// find and parties are of an import of the operator: how a partner that a row
	// names is found, and those that were.
	find    finder
	parties map[named]party
}

// learning makes a reseller known to an intake.
type learning func(ctx context.Context, n *customer.Intake, reseller string) (*customer.Intake, error)

// newDesk prepares the import of f.
func newDesk(f *file, o Options, intake *customer.Intake, learn learning) (*desk, error) {
	m, err := o.Mapping.complete(f.header, f.format, o.Placing)
	if err != nil {
		return nil, err
	}
	d := &desk{file: f, mapping: m, source: sourceName(o, m), intake: intake, learn: learn}
	if len(d.source) > maxSource {
		return nil, ErrSource.On("source").With("Max", maxSource)
	}
	d.columns = make([]int, len(labels))
	for i, l := range labels {
		d.columns[i] = -1
		for j, name := range f.header {
			if f.format == CSV && name == m[l.field].Column {
				d.columns[i] = j
			}
		}
	}
	return d, nil
}

// ErrSource refuses a name of a source that is too long; argument Max.
var ErrSource = fault.New(fault.Invalid, "2000", "importer.source")

func sourceName(o Options, m Mapping) string {
	if name := naming.Key(o.Source); name != "" {
		return name
	}
	return naming.Key(m[ID].Column)
}

// domainSource is the source of the keys of records without an id: they are known
// by the domain that follows from their name, and by where they are.
const domainSource = "=domain"

// candidate is a record on its way to a customer. One with a fault has no draft.
type candidate struct {
	record
	id, name    string
	source, key string // what it is recognised by; empty key: nothing
	draft       customer.Draft
	place       placement // in an import of the operator
}

// candidate reads a record and drafts its customer. e is overwritten.
func (d *desk) candidate(ctx context.Context, r record, e entry) (candidate, error) {
	c := candidate{record: r}
	if c.fault == nil {
		c.fault = d.read(r.text, e)
	}
	c.text = "" // is not needed any more
	if c.fault != nil {
		return c, nil //nolint:nilerr // the fault is the outcome of the record
	}
	intake := d.current()
	a := e.read(intake.Atlas(), d.mapping[Phone].Default)
	c.id, c.name = a.id, naming.Trim(a.customer.CompanyName)
	c.source, c.key = d.keyOf(a)
	if d.find != nil {
		return c, d.place(ctx, &c, e, a)
	}
	var err error
	if !intake.Knows(a.customer.Reseller) {
		if intake, err = d.knowing(ctx, a.customer.Reseller); err != nil {
			return c, err
		}
	}
	c.draft, err = intake.Draft(a.customer, a.extra)
	return c, err
}

// read puts the fields of a record into e.
func (d *desk) read(text string, e entry) *fault.Error {
	var columns []string
	var named members
	var unread *fault.Error
	if d.file.format == CSV {
		columns, unread = d.file.cells(text)
	} else {
		named, unread = parseMembers(text)
	}
	if unread != nil {
		return unread
	}
	for i, l := range labels {
		s := d.mapping[l.field]
		value := s.Value
		switch {
		case value != "":
		case named != nil:
			value = named[s.Column]
		case d.columns[i] >= 0:
			value = columns[d.columns[i]]
		}
		if s.Default != "" && naming.Trim(value) == "" {
			value = s.Default
		}
		e[i] = value
	}
	return nil
}

// keyOf returns what a is recognised by when it comes again: its id in its source,
// or else the domain that follows from its name, with its country and postal code,
// because two companies may have one name.
func (d *desk) keyOf(a applicant) (source, key string) {
	if a.id != "" {
		return d.source, a.id
	}
	if a.customer.Domain == "" {
		return "", ""
	}
	address := a.customer.Billing.Address
	return domainSource, strings.ToLower(a.customer.Domain) + " " + strings.ToUpper(address.Country) + " " + string(content(address.PostalCode))
}

func (d *desk) current() *customer.Intake {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.intake
}

// knowing returns an intake that knows reseller, and keeps it for those who come
// after.
func (d *desk) knowing(ctx context.Context, reseller string) (*customer.Intake, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.intake.Knows(reseller) {
		return d.intake, nil
	}
	more, err := d.learn(ctx, d.intake, reseller)
	if err == nil {
		d.intake = more
	}
	return d.intake, err
}

var withReseller = op.Define(op.Spec{Name: "importer.reseller", Action: "customer.add"},
	func(ctx context.Context, u *op.Unit, in resellerInput) (*customer.Intake, error) {
		return in.intake.WithResellers(ctx, u, in.reseller)
	})

type resellerInput struct {
	intake   *customer.Intake
	reseller string
}

// learningFor returns how whoever works for a outside of a unit of work makes
// resellers known.
func learningFor(k *op.Kernel, a op.Actor) learning {
	return func(ctx context.Context, n *customer.Intake, reseller string) (*customer.Intake, error) {
		return withReseller.Do(ctx, k, a, resellerInput{n, reseller})
	}
}
