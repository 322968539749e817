package gdapbulk

import (
	"context"
	"errors"
	"slices"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/relationship"
)

// Refusals of a row.
var (
	errCustomer     = fault.New(fault.NotFound, "600005", "gdapbulk.customer")    // argument Text
	errRelationship = fault.New(fault.NotFound, "2000", "gdapbulk.relationship")  // argument Text
	errAmbiguous    = fault.New(fault.Conflict, "2000", "gdapbulk.ambiguous")     // argument Text
	errGroup        = fault.New(fault.NotFound, "2000", "gdapbulk.group")         // argument Text
	errSameGroups   = fault.New(fault.Conflict, "2000", "gdapbulk.groups_called") // argument Text
	errTwice        = fault.New(fault.Conflict, "2000", "gdapbulk.twice")         // argument Line
	errMissing      = fault.New(fault.Invalid, "2000", "gdapbulk.missing")
)

// judge says what the rows of an order would come to.
type judge struct {
	u      *op.Unit
	kind   Kind
	groups []identity.Group
	// templates are the role templates of the actor's organization.
	templates []gdap.Template
	lines     map[string]int64 // in which line what rows are about came first
}

func openJudge(ctx context.Context, u *op.Unit, kind Kind) (*judge, error) {
	j := &judge{u: u, kind: kind, lines: make(map[string]int64)}
	var err error
	switch kind {
	case Assigning:
		j.groups, err = identity.Groups(ctx, u.Tx, u.Actor.Tenant)
	case Asking:
		j.templates, err = gdap.ListTemplates.Within(ctx, u, struct{}{})
	case Extending, Ending:
	}
	return j, err
}

// judge returns row with what was found for it and what doing it would come to.
func (j *judge) judge(ctx context.Context, row Row) (Row, error) {
	if len(row.Faults) > 0 {
		row.Outcome = Refused
		return row, nil
	}
	for _, c := range j.kind.Required() {
		if row.Given[c] == "" && (c != RolesColumn || j.kind == Asking) {
			row.Faults.Add(errMissing.On(string(c)))
		}
	}
	if len(row.Faults) > 0 {
		row.Outcome = Refused
		return row, nil
	}
	expected, about, err := j.find(ctx, &row)
	if err == nil {
		err = j.first(about, row.Line)
	}
	return row.settled(expected, err)
}

// find fills row, and returns what it would come to and what it is about, which no
// other row may be.
func (j *judge) find(ctx context.Context, row *Row) (expected Outcome, about string, err error) {
	switch j.kind {
	case Asking:
		err = j.asking(ctx, row)
		return Ready, row.Name, err
	case Extending:
		expected, err = j.extending(ctx, row)
		return expected, row.Relationship, err
	case Assigning:
		expected, err = j.assigning(ctx, row)
		return expected, row.Relationship + " " + string(row.Group), err
	case Ending:
	}
	expected, err = j.ending(ctx, row)
	return expected, row.Relationship, err
}

// first refuses what a row before was about.
func (j *judge) first(about string, line int64) error {
	if about == "" {
		return nil
	}
	if before, seen := j.lines[about]; seen {
		return errTwice.With("Line", before)
	}
	j.lines[about] = line
	return nil
}

// asking finds the customer and looks at the request as a whole, so that everything
// that is wrong with it is said at once. What cannot be read is judged as something
// that nothing can be said against.
func (j *judge) asking(ctx context.Context, row *Row) error {
	var faults fault.List
	if err := collect(&faults, j.customer(ctx, row)); err != nil {
		return err
	}
	t, wrong := j.template(row.Given[RolesColumn])
	if faults.Add(wrong); wrong != nil {
		t.Roles = gdap.Set{gdap.DirectoryReaders}
	}
	extend, wrong := extension(row.Given[AutoExtendColumn], t.AutoExtend)
	if faults.Add(wrong); wrong != nil {
		extend = gdap.NoExtension
	}
	row.Name, row.Roles, row.AutoExtend, row.Duration = row.Given[NameColumn], t.Roles, extend, duration(row.Given[DaysColumn], t.Duration)
	r, err := row.wish().Judge(ctx, j.u)
	if err := collect(&faults, err); err != nil {
		return err
	}
	if len(faults) == 0 {
		row.Name, row.CustomerName, row.Roles, row.AutoExtend, row.Duration = r.Name, r.CustomerName, r.Roles, r.AutoExtend, r.Duration
	}
	return faults.Err()
}

// template returns the role template that a cell with roles names, or the roles that
// it lists with the longest duration.
func (j *judge) template(text string) (gdap.Template, *fault.Error) {
	for _, t := range j.templates {
		if naming.Key(t.Name) == naming.Key(text) {
			return t, nil
		}
	}
	roles, wrong := roleSet(text)
	return gdap.Template{Roles: roles, Duration: longest, AutoExtend: gdap.NoExtension}, wrong
}

// collect adds the refusals of err to faults. Another error is returned.
func collect(faults *fault.List, err error) error {
	refused := fault.All(err)
	if len(refused) == 0 {
		return err
	}
	*faults = append(*faults, refused...)
	return nil
}

// wish is the request that row, which was judged, makes.
func (row Row) wish() gdap.New {
	return gdap.New{
		Name: row.Name, Duration: row.Duration, AutoExtend: row.AutoExtend, Roles: row.Roles, Customer: row.Customer, CustomerName: row.CustomerName,
	}
}

// customer finds whom a row names. An id may be anybody's, as in a single request:
// nobody learns whose it is. A domain is looked for among the actor's customers.
func (j *judge) customer(ctx context.Context, row *Row) error {
	text := row.Given[CustomerColumn]
	row.CustomerName = row.Given[CustomerNameColumn]
	if guid, ok := id.Parse(text); ok {
		row.Customer = id.Tenant(guid)
	} else {
		t, err := identity.TenantByDomain(ctx, j.u.Tx, text)
		if fault.KindOf(err) == fault.NotFound && err != nil {
			return errCustomer.On(string(CustomerColumn)).With("Text", text)
		}
		if err != nil {
			return err
		}
		row.Customer = t.ID
	}
	known, err := j.known(ctx, row.Customer)
	_, isID := id.Parse(text)
	switch {
	case err != nil:
		return err
	case known == "" && !isID:
		row.Customer = ""
		return errCustomer.On(string(CustomerColumn)).With("Text", text)
	case row.CustomerName == "":
		row.CustomerName = known
	}
	return nil
}

// known returns by which name the actor's organization knows a customer, "" when it
// has nothing to do with it.
func (j *judge) known(ctx context.Context, customer id.Tenant) (string, error) {
	relations, err := relationship.Between(ctx, j.u.Tx, j.u.Actor.Tenant, customer)
	if err == nil && len(relations) > 0 {
		return relations[0].OriginalName, nil
	}
	if err != nil {
		return "", err
	}
	served, err := gdap.GetServed.Within(ctx, j.u, customer)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return "", err
	}
	return served.Name, nil
}

// roleSet reads a cell with roles: template ids or names, in any case.
func roleSet(text string) (gdap.Set, *fault.Error) {
	var set gdap.Set
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(";,|\r\n", r) }) {
		part = naming.Trim(part)
		if part == "" {
			continue
		}
		role, ok := roleOf(part)
		if !ok {
			return nil, gdap.ErrRole.On(string(RolesColumn)).With("Role", part)
		}
		if !set.HasAny(role) {
			set = append(set, role)
		}
	}
	return set, nil
}

var rolesByKey = func() map[string]gdap.RoleID {
	all := make(map[string]gdap.RoleID, 2*len(gdap.Roles))
	for _, r := range gdap.Roles {
		all[naming.Key(r.Name)], all[string(r.ID)] = r.ID, r.ID
	}
	return all
}()

func roleOf(text string) (gdap.RoleID, bool) {
	role, ok := rolesByKey[naming.Key(text)]
	return role, ok
}

func (j *judge) extending(ctx context.Context, row *Row) (Outcome, error) {
	if err := j.relationship(ctx, row); err != nil {
		return "", err
	}
	to, wrong := extension(row.Given[AutoExtendColumn], gdap.Extension)
	if wrong != nil {
		return "", wrong
	}
	row.AutoExtend = to
	_, changes, err := row.change().Judge(ctx, j.u)
	return when(changes), err
}

// change is what a row, which was judged, switches.
func (row Row) change() gdap.Switch {
	return gdap.Switch{Ref: gdap.Ref{Relationship: row.Relationship}, AutoExtend: row.AutoExtend}
}

// when is the outcome that is expected of a row that changes something, or nothing.
func when(changes bool) Outcome {
	if changes {
		return Ready
	}
	return Known
}

func (j *judge) assigning(ctx context.Context, row *Row) (Outcome, error) {
	if err := j.relationship(ctx, row); err != nil {
		return "", err
	}
	if err := j.group(row); err != nil {
		return "", err
	}
	roles, wrong := roleSet(row.Given[RolesColumn])
	if wrong != nil {
		return "", wrong
	}
	if len(roles) > 0 {
		row.Roles = roles
	}
	_, has, err := row.assignment().Judge(ctx, j.u)
	return when(has.ID == "" || !has.Roles.Same(row.Roles)), err
}

// assignment is what a row, which was judged, assigns.
func (row Row) assignment() gdap.Assignment {
	return gdap.Assignment{Relationship: row.Relationship, Group: row.Group, Roles: row.Roles}
}

func (j *judge) ending(ctx context.Context, row *Row) (Outcome, error) {
	if err := j.relationship(ctx, row); err != nil {
		return "", err
	}
	r, err := gdap.Ref{Relationship: row.Relationship}.Judge(ctx, j.u)
	if errors.Is(err, gdap.ErrStatus) && r.Status.Over() {
		return Known, nil
	}
	return Ready, err
}

// namedAtMost is how many relationships of one name are looked at: enough to tell
// whether there is another one.
const namedAtMost = 2

// relationship finds the relationship that a row names by its id, a link to it, or
// its name.
func (j *judge) relationship(ctx context.Context, row *Row) error {
	text := row.Given[RelationshipColumn]
	r, err := gdap.Get.Within(ctx, j.u, strings.ToLower(text[strings.LastIndexByte(text, '/')+1:]))
	if fault.KindOf(err) == fault.NotFound && err != nil {
		r, err = j.named(ctx, text)
	}
	if err == nil {
		row.Relationship, row.Name, row.Customer, row.CustomerName, row.Roles = r.ID, r.Name, r.Customer, r.CustomerName, r.Roles
	}
	return err
}

func (j *judge) named(ctx context.Context, text string) (gdap.Relationship, error) {
	found, err := gdap.Named(ctx, j.u, text, namedAtMost)
	switch {
	case err != nil:
		return gdap.Relationship{}, err
	case len(found) == 0:
		return gdap.Relationship{}, errRelationship.On(string(RelationshipColumn)).With("Text", text)
	case len(found) > 1:
		return gdap.Relationship{}, errAmbiguous.On(string(RelationshipColumn)).With("Text", text)
	}
	return found[0], nil
}

// group finds the security group that a row names by its id or name.
func (j *judge) group(row *Row) error {
	text := row.Given[GroupColumn]
	guid, isID := id.Parse(text)
	named := slices.DeleteFunc(slices.Clone(j.groups), func(g identity.Group) bool {
		return isID && string(g.ID) != guid || !isID && naming.Key(g.Name) != naming.Key(text)
	})
	switch len(named) {
	case 0:
		return errGroup.On(string(GroupColumn)).With("Text", text)
	case 1:
		row.Group, row.GroupName = named[0].ID, named[0].Name
		return nil
	}
	return errSameGroups.On(string(GroupColumn)).With("Text", text)
}
