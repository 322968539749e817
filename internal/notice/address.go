package notice

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"strings"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/lang"
	"comptoir/internal/mail"
	"comptoir/internal/naming"
	"comptoir/internal/op"
)

const (
	// codeTime is how long an address can be confirmed.
	codeTime = 24 * time.Hour
	// asksADay is how often a person has a code sent in a day: nobody floods a
	// stranger's mailbox through us.
	asksADay = 5
)

// Refusals of an address.
var (
	ErrAddress = fault.New(fault.Invalid, "27002", "notice.address.malformed")
	ErrOften   = fault.New(fault.TooMany, "27002", "notice.address.often") // argument Max
	ErrCode    = fault.New(fault.Invalid, "27002", "notice.address.code")
)

// confirmPage takes the code.
const confirmPage = "/notifications/address"

// ChangeAddress has mail for the actor go to another address once he has confirmed
// it with the code that is sent there; until then it goes where it went. The
// address of his account needs no confirmation, and neither has "" for it.
var ChangeAddress = op.Define(op.Spec{Name: "notice.address.change", Action: "notice.update", Write: true},
	func(ctx context.Context, u *op.Unit, address string) (Preferences, error) {
		p, err := preferencesOf(ctx, u.Tx, u.Actor.Tenant, u.Actor.User)
		if err != nil {
			return Preferences{}, err
		}
		address = naming.Trim(address)
		n, err := identity.UserByID(ctx, u.Tx, u.Actor.Tenant, u.Actor.User)
		if err != nil {
			return Preferences{}, err
		}
		own := n.Email
		if own == "" {
			own = n.Name
		}
		if address == "" || strings.EqualFold(address, own) {
			p.Confirmed, p.Pending, p.code, p.ExpiresAt, p.Address = "", "", nil, time.Time{}, own
			return p, p.keep(ctx, u)
		}
		if !naming.ValidEmail(address) {
			return Preferences{}, ErrAddress.On("address")
		}
		if p, err = p.ask(u, address); err != nil {
			return Preferences{}, err
		}
		code := rand.Text()
		hash := sha256.Sum256([]byte(code))
		p.code = hash[:]
		if err := p.keep(ctx, u); err != nil {
			return Preferences{}, err
		}
		return p, p.sendCode(ctx, u, code)
	})

// ask notes that a code is sent to an address.
func (p Preferences) ask(u *op.Unit, address string) (Preferences, error) {
	if u.Now.Sub(p.askedAt) >= codeTime {
		p.asked, p.askedAt = 0, u.Now
	}
	if p.asked++; p.asked > asksADay {
		return p, ErrOften.On("address").With("Max", asksADay)
	}
	p.Pending, p.ExpiresAt = address, u.Now.Add(codeTime)
	return p, nil
}

// addressRow is the letter with the code. It is about nothing that happened, and
// nobody is told of it but whoever asked.
var addressRow = Row{
	Kind: "account.address", Category: Account, Mail: true,
	Title: "notice.address.subject", Text: "notice.address.text", Link: "notice.address.confirm",
	Words: func(_ *lang.Printer, f Facts) []any { return []any{"Name", f["Name"], "Until", f.time("Until")} },
	Path:  func(f Facts) string { return confirmPage + "?code=" + f["Code"] },
	Facts: func(p *lang.Printer, f Facts) [][2]string {
		return [][2]string{{p.T("notice.address.code_label"), f["Code"]}}
	},
}

func (p Preferences) sendCode(ctx context.Context, u *op.Unit, code string) error {
	to := mail.Recipient{Tenant: u.Actor.Tenant, User: u.Actor.User, Address: p.Pending, Name: p.name, Language: p.mailLanguage()}
	say := lang.For(to.Language)
	c, err := texts{}.letter(ctx, u.Tx, say, addressRow, []Facts{{"Name": p.name, "Until": p.ExpiresAt.Format(time.RFC3339), "Code": code}})
	if err != nil {
		return err
	}
	_, err = mail.Send(ctx, u, addressRow.Kind, to, addressRow.explain(say, nil, c))
	return err
}

// ConfirmAddress has mail for the actor go to the address to which the code was
// sent. It refuses a code that is wrong, or too old, with ErrCode.
var ConfirmAddress = op.Define(op.Spec{Name: "notice.address.confirm", Action: "notice.update", Write: true},
	func(ctx context.Context, u *op.Unit, code string) (Preferences, error) {
		p, err := preferencesOf(ctx, u.Tx, u.Actor.Tenant, u.Actor.User)
		if err != nil {
			return Preferences{}, err
		}
		given := sha256.Sum256([]byte(strings.TrimSpace(code)))
		if p.Pending == "" || u.Now.After(p.ExpiresAt) || subtle.ConstantTimeCompare(given[:], p.code) != 1 {
			return Preferences{}, ErrCode.On("code")
		}
		p.Confirmed, p.Address, p.Pending, p.code, p.ExpiresAt = p.Pending, p.Pending, "", nil, time.Time{}
		return p, p.keep(ctx, u)
	})
