package notice_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/agreement"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/identity"
	"comptoir/internal/lang"
	"comptoir/internal/notice"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/qualification"
	"comptoir/internal/relationship"
)

// facts is what an event tells.
type facts = map[string]any

// by names the person of the world who submitted something.
const submitted = "helge@nordmolnet.example"

// stories has at least one for each kind of the table: what happens, who is told
// in the portal and by which words, and who gets mail. The words are those that
// English readers see.
var stories = []struct {
	kind   string
	number string
	event  happening
	title  string
	told   []string
	mailed []string
	says   string // in the mail
}{
	{"verification.opened", "N7", happening{"verification-opened", facts{"By": submitted, "Status": "UnderReview"}, ""}, "Östra Bageriet AB is under review", []string{"gunnar", "helge", "sara"}, nil, ""},
	{"verification.queued", "N7", happening{"verification-opened", facts{"By": submitted, "Status": "UnderReview"}, ""}, "Östra Bageriet AB is waiting to be verified", []string{"rita"}, nil, ""},
	{"", "N7, approved by the checks", happening{"verification-opened", facts{"By": submitted, "Status": "Allowed"}, ""}, "Östra Bageriet AB is under review", nil, nil, ""},
	{"verification.overdue", "N7", happening{"verification-overdue", facts{"By": submitted}, ""}, "Verification of Östra Bageriet AB is overdue", []string{"gunnar", "helge", "sara"}, nil, ""},
	{"verification.late", "N7", happening{"verification-overdue", facts{"By": submitted}, ""}, "The case of Östra Bageriet AB is overdue", []string{"olle"}, nil, ""},
	{"verification.approved", "N7", happening{"verification-decided", facts{"By": submitted, "Status": "Allowed"}, "rita"}, "Östra Bageriet AB is approved", []string{"gunnar", "helge", "sara"}, []string{"gunnar sv", "helge sv", "sara fr"}, "Östra Bageriet AB är godkänd"},
	{"verification.rejected", "N7", happening{"verification-decided", facts{"By": submitted, "Status": "NotAllowed", "Reason": "name_mismatch", "Text": "Annat namn i registret"}, "rita"}, "Östra Bageriet AB is not approved", []string{"gunnar", "helge", "sara"}, []string{"gunnar sv", "helge sv", "sara fr"}, "Annat namn i registret"},
	{"verification.asked", "N7", happening{"verification-asked", facts{"By": submitted}, "rita"}, "The reviewer has a question about Östra Bageriet AB", []string{"gunnar", "helge", "sara"}, []string{"gunnar sv", "helge sv", "sara fr"}, "Svara"},
	{"verification.answered", "N7", happening{"verification-answered", facts{"By": submitted}, "sara"}, "The partner has answered about Östra Bageriet AB", []string{"rita"}, nil, ""},
	{"verification.reminded", "N7", happening{"verification-reminded", facts{"By": submitted}, "sara"}, "A partner asks about the overdue case of Östra Bageriet AB", []string{"olle"}, nil, ""},
	{"agreement.attested", "N6", happening{agreement.EventAttested, agreement.Notice{
		PartnerName: "Nordmolnet AB", CustomerName: "Östra Bageriet AB", Version: "2026-10", AgreedAt: opening.AddDate(0, 0, -1),
		Person: agreement.Person{FirstName: "Alva", LastName: "Berg"}, Contact: relationship.PrimaryContact{FirstName: "Kim", LastName: "Ek", Email: "kim@ostra.example", Language: "sv-SE"},
	}, "sara"}, "", nil, []string{"kim sv"}, "Er partner Nordmolnet AB uppger att Alva Berg godkände kundavtalet för Östra Bageriet AB den 19 nov. 2026."},
	{"agreement.accepted", "AG5", happening{agreement.EventAccepted, agreement.Notice{}, ""}, "Östra Bageriet AB has accepted the customer agreement", []string{"gunnar", "sara"}, []string{"gunnar sv", "sara fr"}, "har godkänt kundavtalet"},
	{"agreement.published", "AG8", happening{agreement.EventDue, agreement.Due{Stage: agreement.Published, Version: "2027-01", EnforcedAt: opening.AddDate(0, 0, 40), Days: 40, Customers: 3}, ""}, "Version 2027-01 of the customer agreement is required from Dec 30, 2026", []string{"gunnar", "sara"}, []string{"gunnar sv", "sara fr"}, "Det gäller 3 av era kunder."},
	{"agreement.coming", "AG8", happening{agreement.EventDue, agreement.Due{Stage: agreement.Coming, Version: "2027-01", Country: "SE", EnforcedAt: opening.AddDate(0, 0, 7), Days: 7, Customers: 1}, ""}, "Version 2027-01 of the customer agreement is required in 7 days", []string{"gunnar", "sara"}, []string{"gunnar sv", "sara fr"}, "Det gäller 1 av era kunder i Sverige."},
	{"agreement.enforced", "AG8", happening{agreement.EventDue, agreement.Due{Stage: agreement.Enforced, Version: "2027-01", EnforcedAt: opening, Customers: 2}, ""}, "Version 2027-01 of the customer agreement is now required", []string{"gunnar", "sara"}, []string{"gunnar sv", "sara fr"}, "La version 2027-01 du contrat client est désormais obligatoire"},
	{"qualification.queued", "V-3", happening{qualification.EventOpened, qualification.Notice{By: submitted, Vetting: qualification.InReview}, "helge"}, "The special qualification of Östra Bageriet AB is waiting for a decision", []string{"rita"}, nil, ""},
	{"qualification.approved", "N8", happening{qualification.EventDecided, qualification.Notice{By: submitted, Qualification: qualification.Education, Vetting: qualification.Approved}, "rita"}, "The special qualification of Östra Bageriet AB is approved", []string{"gunnar", "helge", "sara"}, []string{"gunnar sv", "helge sv", "sara fr"}, "Specialkvalifikationen"},
	{"qualification.denied", "N8", happening{qualification.EventDecided, qualification.Notice{By: submitted, Qualification: qualification.Education, Vetting: qualification.Denied, Reason: "Ingen skola"}, "rita"}, "The special qualification of Östra Bageriet AB is denied", []string{"gunnar", "helge", "sara"}, []string{"gunnar sv", "helge sv", "sara fr"}, "Orsak: Ingen skola."},
	{"relationship.accepted", "N2", happening{"reseller-relationship-accepted-by-customer", facts{"By": submitted}, ""}, "Östra Bageriet AB has accepted your relationship request", []string{"gunnar", "helge"}, []string{"gunnar sv", "helge sv"}, "har godkänt er relationsbegäran"},
	{"relationship.accepted_indirect", "N2", happening{"indirect-reseller-relationship-accepted-by-customer", facts{"By": submitted}, ""}, "Östra Bageriet AB has accepted your relationship request", []string{"gunnar", "helge"}, []string{"gunnar sv", "helge sv"}, "har godkänt er relationsbegäran"},
	{"relationship.declined", "N2", happening{"relationship-declined", facts{"By": submitted, "Reason": "Vi har en partner."}, ""}, "Östra Bageriet AB has declined your relationship request", []string{"gunnar", "helge"}, []string{"gunnar sv", "helge sv"}, "Orsak: Vi har en partner."},
	{"relationship.removed", "N5", happening{"relationship-removed", nil, "sara"}, "The relationship with Östra Bageriet AB was removed by sara@nordmolnet.example", []string{"gunnar", "sara"}, nil, ""},
	{"partnership.accepted", "N4", happening{"partnership-accepted", facts{"Reseller": "Skånes IT-partner AB"}, ""}, "Skånes IT-partner AB has accepted the partnership", []string{"gunnar"}, []string{"gunnar sv"}, "har godkänt partnerskapet"},
	{"delegation.approved", "N10", happening{"granular-admin-relationship-approved", facts{"PartnerName": "Nordmolnet AB"}, ""}, "Östra Bageriet AB has approved your admin relationship", []string{"gunnar"}, []string{"admin sv", "carla en", "gunnar sv"}, "har godkänt er administratörsrelation"},
	{"delegation.granted", "N10", happening{"granular-admin-relationship-approved", facts{"PartnerName": "Nordmolnet AB"}, ""}, "Nordmolnet AB may now administer your organization", []string{"carla"}, []string{"admin sv", "carla en", "gunnar sv"}, "Nordmolnet AB may now administer"},
	{"delegation.expiring", "N11", happening{"granular-admin-relationship-expiring", facts{"PartnerName": "Nordmolnet AB", "Days": 7}, ""}, "The admin relationship with Östra Bageriet AB ends in 7 days", []string{"gunnar"}, []string{"admin sv", "carla en", "gunnar sv"}, "begär en ny administratörsrelation"},
	{"delegation.running_out", "N11", happening{"granular-admin-relationship-expiring", facts{"PartnerName": "Nordmolnet AB", "Days": 1, "Extends": true}, ""}, "The admin roles of Nordmolnet AB in your organization end in 1 day", []string{"carla"}, []string{"admin sv", "carla en", "gunnar sv"}, "extended by 180 days"},
	{"delegation.expired", "N11", happening{"granular-admin-relationship-expired", facts{"PartnerName": "Nordmolnet AB", "Answered": true}, ""}, "The admin relationship with Östra Bageriet AB has expired", []string{"gunnar"}, []string{"admin sv", "carla en", "gunnar sv"}, "har löpt ut"},
	{"delegation.ran_out", "N11", happening{"granular-admin-relationship-expired", facts{"PartnerName": "Nordmolnet AB", "Answered": true}, ""}, "The admin roles of Nordmolnet AB in your organization have expired", []string{"carla"}, []string{"admin sv", "carla en", "gunnar sv"}, "have expired"},
	{"delegation.lapsed", "N11", happening{"granular-admin-relationship-expired", facts{"Name": "Drift 2026", "Answered": false}, ""}, "Nobody approved the request Drift 2026 in time", []string{"gunnar"}, nil, ""},
	{"delegation.declined", "N12", happening{"granular-admin-relationship-terminated", facts{"Name": "Drift 2026", "Answered": false, "Declined": true}, ""}, "The request Drift 2026 for admin roles was declined", []string{"gunnar"}, nil, ""},
	{"delegation.ended", "N12", happening{"granular-admin-relationship-terminated", facts{"PartnerName": "Nordmolnet AB", "Answered": true, "Declined": false}, ""}, "The admin relationship with Östra Bageriet AB has ended", []string{"gunnar"}, []string{"admin sv", "carla en", "gunnar sv"}, "har upphört"},
	{"delegation.withdrawn", "N12", happening{"granular-admin-relationship-terminated", facts{"PartnerName": "Nordmolnet AB", "Answered": true, "Declined": false}, ""}, "Nordmolnet AB may no longer administer your organization", []string{"carla"}, []string{"admin sv", "carla en", "gunnar sv"}, "may no longer administer"},
	{"import.ended", "N19", happening{"customer-import-ended", facts{"User": "helge", "File": "kunder.csv", "Import": "i", "Stage": "done", "DryRun": "false", "Created": "12", "Exists": "1", "Refused": "0"}, ""}, "The import of kunder.csv has ended", []string{"helge"}, nil, ""},
	{"delegation.batch", "N19", happening{"granular-admin-batch-ended", facts{"User": "helge", "File": "grupper.csv", "Batch": "b", "Made": "12", "Known": "1", "Refused": "0"}, ""}, "grupper.csv has been worked through", []string{"helge"}, nil, ""},
	{"import.rehearsed", "N19", happening{"customer-import-ended", facts{"User": "helge", "File": "kunder.csv", "Import": "i", "Stage": "done", "DryRun": "true"}, ""}, "The test run of kunder.csv has ended", []string{"helge"}, nil, ""},
	{"import.failed", "N19", happening{"customer-import-ended", facts{"User": "helge", "File": "kunder.csv", "Import": "i", "Stage": "failed"}, ""}, "The import of kunder.csv has failed", []string{"helge"}, nil, ""},
}

func TestEverybodyIsToldWhatTheTableSays(t *testing.T) { // rules.md, section l
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, s := range stories {
			w.box = nil
			for name := range w.people {
				do(w, name, notice.MarkRead, notice.Selection{All: true})
				for _, n := range w.notices(name) {
					do(w, name, notice.Archive, notice.Selection{IDs: []string{n.ID}})
				}
			}
			if f, ok := s.event.payload.(facts); ok && f["User"] == "helge" {
				f["User"] = string(w.people["helge"].User)
				defer func() { f["User"] = "helge" }()
			}
			w.happens(s.event)
			w.runDue()
			if s.title != "" {
				if got := w.told(s.title); !slices.Equal(got, s.told) {
					t.Errorf("%s %s: told are %v, want %v", s.number, s.kind, got, s.told)
				}
			}
			if got := w.mailed(); !slices.Equal(got, s.mailed) {
				t.Errorf("%s %s: mail goes to %v, want %v", s.number, s.kind, got, s.mailed)
			}
			if s.says != "" && !slices.ContainsFunc(w.box, func(l op.Letter) bool { return strings.Contains(l.Subject+l.Text, s.says) }) {
				t.Errorf("%s %s: no mail says %q: %v", s.number, s.kind, s.says, w.box)
			}
		}
	})
}

func TestEveryRowHasItsStory(t *testing.T) {
	for _, r := range notice.Rows() {
		i := slices.IndexFunc(stories, func(s struct {
			kind   string
			number string
			event  happening
			title  string
			told   []string
			mailed []string
			says   string
		},
		) bool {
			return s.kind == r.Kind
		})
		if i < 0 || stories[i].number != r.Number || stories[i].event.name != r.Event {
			t.Errorf("%s (%s, %s) has no story", r.Kind, r.Number, r.Event)
		}
	}
}

// N5: the relation ends without a word to the customer, and without mail.
func TestNobodyButThePartnerHearsOfARemoval(t *testing.T) {
	for _, r := range notice.Rows() {
		if r.Number == "N5" && r.Mail {
			t.Errorf("%s is mailed", r.Kind)
		}
	}
}

var foreign = regexp.MustCompile(`\{\{|(notice|portal)\.[a-z]|<no value>|%!`)

// Every letter reads well in every language: no key, no placeholder, the language
// of the recipient in dates and numbers, and no word of a password.
func TestEveryLetterSpeaksTheLanguageOfItsReader(t *testing.T) {
	d := dbtest.SQLite(t)
	w := newWorld(t, d)
	for _, tag := range lang.Tags() {
		for name := range w.people {
			do(w, name, notice.UpdatePreferences, notice.Wishes{Language: tag})
		}
		w.box = nil
		for _, s := range stories {
			event := s.event
			if s.number == "N6" {
				event.payload = facts{"PartnerName": "Nordmolnet AB", "AgreedAt": "2026-11-19T00:00:00Z", "Contact": facts{"Email": "kim@ostra.example", "Language": tag}}
			}
			w.happens(event)
			w.runDue()
		}
		if len(w.box) < 20 {
			t.Fatalf("%s: only %d letters", tag, len(w.box))
		}
		for _, l := range w.box {
			if local, _, _ := strings.Cut(l.Address, "@"); local == "admin" {
				continue // has no preferences
			}
			if l.Language != tag {
				t.Errorf("%s: %s gets %q in %s", tag, l.Address, l.Subject, l.Language)
			}
			for _, part := range []string{l.Subject, l.Text} {
				if found := foreign.FindString(part); found != "" {
					t.Errorf("%s: %q in %q", tag, found, part)
				}
			}
			if lower := strings.ToLower(l.Subject + l.Text + l.HTML); strings.Contains(lower, "password") || strings.Contains(lower, "lösenord") || strings.Contains(lower, "mot de passe") {
				t.Errorf("%s: a letter speaks of passwords: %s", tag, l.Text)
			}
			if l.Language == "en" && strings.Contains(l.Text, "2026-11-19") {
				t.Errorf("a date as machines write it: %s", l.Text)
			}
		}
	}
}

// N2: the invitation that was declined stands in the list of invitations; the
// customer is in no list.
func TestADeclineLeadsToTheInvitations(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	w.happens(happening{"relationship-declined", facts{"By": submitted}, ""})
	w.runDue()
	if got := w.notices("gunnar")[0].Path(); got != "/customers/invitations" {
		t.Errorf("leads to %s", got)
	}
}

// What comes together is told together: an import of thousands is one notice, and
// one mail, not thousands.
func TestWhatComesTogetherIsToldTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var all []happening
		for range 250 {
			all = append(all, happening{"verification-opened", facts{"By": submitted, "Status": "UnderReview"}, ""})
		}
		w.happens(all...)
		w.runDue()
		for name, title := range map[string]string{"gunnar": "250 customers were submitted for review", "rita": "250 accounts are waiting to be verified"} {
			if got := w.notices(name); len(got) != 1 || got[0].Title(lang.For("en")) != title || w.unread(name) != 1 {
				t.Errorf("%s is told %d things, %d unread", name, len(got), w.unread(name))
			}
		}
		if got := w.notices("gunnar")[0].Path(); got != "/customers?status=UnderReview" {
			t.Errorf("leads to %s", got)
		}
		do(w, "gunnar", notice.MarkRead, notice.Selection{All: true})
		w.happens(all[0]) // what was read is not changed under the reader
		w.runDue()
		if got := w.notices("gunnar"); len(got) != 2 || got[0].Times != 1 || got[1].Times != 250 || w.unread("gunnar") != 1 {
			t.Errorf("%d notices, %d unread", len(got), w.unread("gunnar"))
		}

		w.box = nil
		decided := happening{"verification-decided", facts{"By": submitted, "Status": "Allowed"}, ""}
		w.happens(slices.Repeat([]happening{decided}, 30)...)
		w.runDue()
		if got := w.mailed(); !slices.Equal(got, []string{"gunnar sv", "helge sv", "sara fr"}) {
			t.Fatalf("mail goes to %v", got)
		}
		for _, l := range w.box {
			if l.Language == "sv" && (l.Subject != "30 kunder är godkända" || !strings.Contains(l.Text, "10 till finns i portalen.")) {
				t.Errorf("%s: %s", l.Subject, l.Text)
			}
		}
	})
}

// People who left, who cannot sign in or who belong elsewhere hear nothing.
func TestOnlyThoseAreToldWhoCanSignIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		blocked := true
		key := identity.UserKey{Tenant: w.partner, User: w.people["sara"].User}
		if _, err := identity.UpdateUser.Do(t.Context(), w.Kernel, op.System(w.partner, 0, op.ViaCLI), identity.UserChange{UserKey: key, Blocked: &blocked}); err != nil {
			t.Fatal(err)
		}
		for _, by := range []string{"rita@nordhandel.example", "sara@nordmolnet.example", "nobody@nordmolnet.example", "Comptoir", ""} {
			w.happens(happening{"verification-decided", facts{"By": by, "Status": "NotAllowed", "Reason": "other"}, ""})
		}
		w.runDue()
		for name, want := range map[string]int{"gunnar": 5, "sara": 0, "rita": 0, "helge": 0, "carla": 0} {
			if got := len(w.notices(name)); got != want {
				t.Errorf("%s has %d notices, want %d", name, got, want)
			}
		}
		if got := w.mailed(); !slices.Equal(got, slices.Repeat([]string{"gunnar sv"}, 5)) {
			t.Errorf("mail goes to %v", got)
		}
	})
}

// N6 comes within 30 minutes, also when the mail server is away for a while, and
// once.
func TestTheContactHearsOfAnAttestationInTime(t *testing.T) { // AG7
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		deliver := w.Post.Deliver
		away := opening.Add(20 * time.Minute)
		w.Post.Deliver = func(ctx context.Context, l op.Letter) error {
			if w.Clock.Now().Before(away) {
				return fmt.Errorf("away until %v", away)
			}
			return deliver(ctx, l)
		}
		w.happens(happening{"agreement-attested", facts{"PartnerName": "Nordmolnet AB", "Contact": facts{"Email": "kim@ostra.example"}}, "sara"})
		for range 60 {
			w.runDue()
			if len(w.box) > 0 && w.Clock.Now().After(opening.Add(31*time.Minute)) {
				break
			}
			w.Clock.Advance(time.Minute)
		}
		if got := w.mailed(); !slices.Equal(got, []string{"kim en"}) {
			t.Errorf("mail goes to %v", got)
		}
		if late := w.Clock.Now().Sub(opening); late > 32*time.Minute {
			t.Errorf("it took %v", late)
		}
	})
}

// A contact without an address that mail can be sent to stops nobody else's mail.
func TestAContactWithoutAddressStopsNothing(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for _, address := range []string{"", "no address", "a@b.example\r\nBcc: c@d.example"} {
		w.happens(happening{"agreement-attested", facts{"Contact": facts{"Email": address}}, ""})
	}
	w.happens(happening{"verification-decided", facts{"Status": "Allowed"}, ""})
	w.runDue()
	if got := w.mailed(); !slices.Equal(got, []string{"gunnar sv", "sara fr"}) {
		t.Errorf("mail goes to %v", got)
	}
}

func TestCategoriesAreThoseOfTheReader(t *testing.T) {
	for kind, want := range map[policy.Kind][]notice.Category{
		policy.Partner:  {notice.Account, notice.Requests, notice.Verification, notice.Agreements, notice.Qualification, notice.Relationships, notice.Delegation},
		policy.Customer: {notice.Account, notice.Delegation},
		policy.Operator: {notice.Account},
	} {
		if got := notice.Categories(kind); !slices.Equal(got, want) {
			t.Errorf("%v: %v", kind, got)
		}
	}
}
