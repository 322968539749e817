package identity

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// UserList asks for a page of the users of the actor's organisation, sorted by
// display name.
type UserList struct {
	Tenant id.Tenant   // for the command line; empty means the actor's
	Role   policy.Role // only those with one of these roles; 0 means everybody
	Status UserStatus  // only those; "" means everybody who is not deleted
	// Search is a part of the display name, or what the user name begins with.
	Search string
	// After is Next of the page before, Before is Previous of the page after, and
	// Last asks for the last page; without any of them the list starts.
	After, Before string
	Last          bool
	Size          int // 1 to 500; 0 means 50
}

// UserPage is a page of users. Total counts all users of the organisation that
// are not deleted, whatever the filter.
type UserPage struct {
	Users          []User
	Previous, Next string // cursors of the neighbouring pages, "" at the ends
	Total          int64
}

// ListUsers lists the users of the actor's organisation (rule b48). ListOwnUsers
// is the same for the administrators of a customer (rule c10).
var (
	ListUsers    = op.Define(op.Spec{Name: "partner.user.list", Action: "partner.user.update"}, listUsers)
	ListOwnUsers = op.Define(op.Spec{Name: "own.user.list", Action: "own.user.update"}, listUsers)
)

func listUsers(ctx context.Context, u *op.Unit, in UserList) (UserPage, error) {
	if err := own(u.Actor, &in.Tenant); err != nil {
		return UserPage{}, err
	}
	return UsersOf(ctx, u.Tx, in)
}

// GetUser returns one user of the actor's organisation, deleted ones too (rule
// b48). GetOwnUser is the same for the administrators of a customer (rule c10).
var (
	GetUser    = op.Define(op.Spec{Name: "partner.user.get", Action: "partner.user.update"}, getUser)
	GetOwnUser = op.Define(op.Spec{Name: "own.user.get", Action: "own.user.update"}, getUser)
)

func getUser(ctx context.Context, u *op.Unit, in UserKey) (User, error) {
	if err := own(u.Actor, &in.Tenant); err != nil {
		return User{}, err
	}
	return UserByID(ctx, u.Tx, in.Tenant, in.User)
}

// selectedUsers narrows the users of an organisation: by roles, where no set of
// them is -1, by whether they are deleted, by status, and by their names.
const selectedUsers = `SELECT ` + userColumns + ` FROM users WHERE tenant_id = $1 AND roles & $4 <> $5 AND (status = 'deleted') = $6
	AND ($7 = '' OR status = $7) AND ($8 = '' OR display_key LIKE $8 OR name_key LIKE $9)`

var (
	usersAfter = db.SQL(selectedUsers + ` AND (display_key > $2 OR (display_key = $2 AND id > $3))
		ORDER BY display_key, id LIMIT $10`)
	usersBefore = db.SQL(selectedUsers + ` AND (display_key < $2 OR (display_key = $2 AND id < $3))
		ORDER BY display_key DESC, id DESC LIMIT $10`)
)

// beyond is a key after all others.
const beyond = "\U0010ffff"

// UsersOf returns a page of the users of an organisation. Who may see it is the
// caller's rule.
func UsersOf(ctx context.Context, t *db.Tx, in UserList) (UserPage, error) {
	tenant, err := TenantByID(ctx, t, in.Tenant)
	if err != nil {
		return UserPage{}, err
	}
	if in.Size <= 0 || in.Size > 500 {
		in.Size = 50
	}
	users, err := in.read(ctx, t)
	if err != nil {
		return UserPage{}, err
	}
	page := UserPage{Users: users, Total: tenant.Users}
	earlier, later := in.After != "", false
	if in.backward() {
		earlier, later = false, in.Before != ""
	}
	if len(users) > in.Size { // one more than asked for: the list goes on in this direction
		page.Users = users[:in.Size]
		earlier, later = earlier || in.backward(), later || !in.backward()
	}
	if in.backward() {
		slices.Reverse(page.Users)
	}
	if n := len(page.Users); n > 0 && earlier {
		page.Previous = joinCursor(foldKey(page.Users[0].DisplayName), string(page.Users[0].ID))
	}
	if n := len(page.Users); n > 0 && later {
		page.Next = joinCursor(foldKey(page.Users[n-1].DisplayName), string(page.Users[n-1].ID))
	}
	return page, nil
}

func (in UserList) backward() bool { return in.Last || in.Before != "" }

// read reads the page in the direction in which it is turned, and one user more
// when there is one.
func (in UserList) read(ctx context.Context, t *db.Tx) ([]User, error) {
	statement, cursor := usersAfter, in.After
	if in.backward() {
		statement, cursor = usersBefore, in.Before
	}
	key, last, err := splitCursor(cursor)
	if err != nil {
		return nil, err
	}
	if in.Last {
		key, last = beyond, ""
	}
	without := int64(-1) // no set of roles is -1, so everybody passes
	if in.Role != 0 {
		without = 0
	}
	part, begin := in.patterns()
	return db.All(ctx, t, statement, []any{in.Tenant, key, last, int64(in.Role), without, in.Status == UserDeleted, in.Status, part, begin, in.Size + 1}, scanUser)
}

// patterns are what LIKE looks for in display names and in user names, "" without
// a search. What LIKE reads otherwise is left out.
func (in UserList) patterns() (part, begin string) {
	words := foldKey(strings.NewReplacer("%", "", "_", "", `\`, "").Replace(in.Search))
	if words == "" {
		return "", ""
	}
	return "%" + words + "%", words + "%"
}

// joinCursor and splitCursor keep the place in a list that is sorted by a key
// and an id.
func joinCursor(key, last string) string { return strconv.Quote(key) + last }

func splitCursor(s string) (key, last string, err error) {
	if s == "" {
		return "", "", nil
	}
	quoted, err := strconv.QuotedPrefix(s)
	if err != nil {
		return "", "", refusal.Argument.On("after").Because(err)
	}
	key, err = strconv.Unquote(quoted)
	return key, s[len(quoted):], err
}
