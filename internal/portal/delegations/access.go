package delegations

import (
	"net/http"

	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// access is the page that says why somebody can do something at a customer, or why
// not.
type access struct {
	record
	question gdap.Question
	answer   gdap.Explanation
	people   []identity.User
}

func accessPath(customer id.Tenant) string {
	return visit.CustomersPath + "/" + string(customer) + "/access"
}

// mostPeople is how many people can be chosen from.
const mostPeople = 500

// showAccess answers for who is named, or for the reader, and for what is asked, or
// for the details of the company.
func showAccess(v *visit.Visit) error {
	r, err := openRecord(v)
	if err != nil {
		return err
	}
	a := &access{record: r, question: gdap.Question{Customer: r.customer.ID, User: v.Actor.User, Purpose: v.Query("purpose")}}
	if named, ok := id.Parse(v.Query("user")); ok {
		a.question.User = id.User(named)
	}
	if a.question.Purpose == "" {
		a.question.Purpose = gdap.Purposes()[0].Name
	}
	if a.answer, err = visit.Do(v, gdap.Explain, a.question); err != nil {
		return err
	}
	if v.May("partner.user.update", false) {
		found, err := visit.Do(v, identity.ListUsers, identity.UserList{Size: mostPeople})
		if err != nil {
			return err
		}
		a.people = found.Users
	}
	f := a.frame(v.T("gdappage.access.title"), a.toList())
	f.Subtitle = v.T("gdappage.access.subtitle", "Customer", a.customer.OriginalName)
	f.Messages = []block.Message{a.verdict()}
	f.Help = block.Help{Title: v.T("gdappage.access.title"), Text: []string{v.T("gdappage.access.help"), v.T("gdappage.help.groups")}, Roles: v.RolesFor("gdap.view", false)}
	return v.ShowAs(http.StatusOK, accessPage(a, f))
}

func (a *access) verdict() block.Message {
	name, what := a.answer.User.DisplayName, a.T(a.answer.Purpose.Key)
	if a.answer.Reaches() {
		return block.Message{Tone: block.Success, Title: name, Text: a.T("gdappage.access.yes", "What", what)}
	}
	return block.Message{Tone: block.Blocked, Title: name, Text: a.T("gdappage.access.no", "What", what)}
}

// userField chooses the person; who may not see everybody asks for himself.
func (a *access) userField() block.Field {
	f := block.Field{Name: "user", Label: a.T("gdappage.access.person"), Value: string(a.question.User)}
	for _, u := range a.people {
		f.Options = append(f.Options, block.Option{Value: string(u.ID), Label: u.DisplayName + " (" + u.Name + ")"})
	}
	if len(f.Options) == 0 {
		f.Options = []block.Option{{Value: string(a.answer.User.ID), Label: a.answer.User.DisplayName + " (" + a.answer.User.Name + ")"}}
	}
	return f
}

func (a *access) purposeField() block.Field {
	f := block.Field{Name: "purpose", Label: a.T("gdappage.access.purpose"), Value: a.question.Purpose}
	for _, p := range gdap.Purposes() {
		f.Options = append(f.Options, block.Option{Value: p.Name, Label: a.T(p.Key)})
	}
	return f
}

// step is one condition: whether it is met, and why, or what to do.
func (a *access) step(term string, met bool, yes, no string) block.Fact {
	if met {
		return block.Fact{Term: term, Badge: block.Badge{Tone: block.Success, Text: a.T("gdappage.access.met")}, Hint: yes}
	}
	return block.Fact{Term: term, Badge: block.Badge{Tone: block.Danger, Text: a.T("gdappage.access.unmet")}, Hint: no}
}

// steps are all conditions, from the person to the roles.
func (a *access) steps() []block.Fact {
	e := a.answer
	var active []string
	for _, r := range e.Active {
		active = append(active, r.Name)
	}
	with, in := e.Useful(e.Groups), e.Useful(e.Member)
	roles := a.List(e.Purpose.Roles.Names())
	join := a.T("gdappage.access.join", "Groups", a.groups(with))
	if len(with) == 0 {
		join = a.T("gdappage.access.join_none")
	}
	return []block.Fact{
		a.step(a.T("gdappage.access.signin"), !e.Blocked, "", a.T("gdappage.access.blocked")),
		a.step(a.T("gdappage.access.role"), e.Role == nil, "", a.Sentence(e.Role)),
		a.step(a.T("gdappage.access.relation"), e.Link == nil, a.Relationship(a.customer.Kind), a.Sentence(e.Link)),
		a.step(a.T("gdappage.access.active"), len(e.Active) > 0, a.List(active), a.T("gdappage.access.request")),
		a.step(a.T("gdappage.access.given"), len(with) > 0, a.groups(with), a.T("gdappage.access.give", "Roles", roles)),
		a.step(a.T("gdappage.access.member"), len(in) > 0, a.groups(in), join),
		a.step(a.T("gdappage.access.verification"), true, a.T("gdappage.access.verification_text", "Status", a.Status(a.customer.Status).Text), ""),
	}
}

// groups names groups with the roles that each has.
func (a *access) groups(all []gdap.Given) string {
	names := make([]string, len(all))
	for i, g := range all {
		names[i] = g.Group.Name + " (" + a.List(g.Roles.Names()) + ")"
	}
	return a.List(names)
}
