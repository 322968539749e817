package imports

import (
	"strconv"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/importer"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// keyCookie holds the key that opens the passwords of one import. No other page
// sees it, and the installation does not keep it.
const keyCookie = "import-key"

// keyAge is how long a browser keeps the key, in seconds: an import takes its time
// before its passwords wait for a day.
const keyAge = int(3 * importer.PasswordTime / time.Second)

func (o *one) key() importer.PrivateKey { return importer.PrivateKey(o.Cookie(keyCookie)) }

// entrusted is the order to import the file. The browser is given the key to the
// passwords, or goes on with the one that an earlier try gave it.
func (o *one) entrusted() importer.Order {
	key := o.key()
	if key.Public() == "" {
		key = importer.NewPrivateKey()
	}
	o.Entrust(keyCookie, string(key), pathOf(o.imp.ID), keyAge)
	order := o.order()
	order.PasswordKey = key.Public()
	return order
}

// readPasswords looks which passwords wait to be taken along. Who may not import
// any more is told of none.
func (o *one) readPasswords() (err error) {
	if o.working() {
		return nil
	}
	o.passwords, err = visit.Do(o.Visit, importer.Passwords.For(o.Actor), importer.ByKey{ID: o.imp.ID, Key: o.key().Public()})
	if fault.KindOf(err) == fault.Forbidden {
		return nil
	}
	return err
}

// passwordsElsewhere says why this browser cannot download passwords, "" where it
// can.
func (o *one) passwordsElsewhere() string {
	if o.passwords.Elsewhere == o.passwords.Customers {
		return o.Fault(importer.ErrPasswordKey)
	}
	return ""
}

func (o *one) passwordsText() string {
	n := o.passwords.Customers - o.passwords.Elsewhere
	if n == 0 {
		n = o.passwords.Customers
	}
	return o.N("importpage.passwords.text", n, "Until", o.DateTime(o.passwords.Until))
}

// savePasswords sends the passwords as a spreadsheet, once.
func savePasswords(v *visit.Visit) error {
	o, err := open(v)
	if err != nil {
		return err
	}
	head := []string{
		o.T("importpage.column.row"), o.T("importpage.column.id"), o.T("customers.column.name"), o.T("portal.tenant_id"),
		o.T("importpage.column.user"), o.T("importpage.column.password"),
	}
	begun := false
	err = v.Export("customer-passwords.csv", head, func(s *visit.Spreadsheet) error {
		for c, err := range importer.TakePasswords(v.Context(), v.Kernel(), v.Actor, o.imp.ID, o.key()) {
			if err != nil {
				return err
			}
			begun = true
			if err := s.Row(strconv.FormatInt(c.Row, 10), c.ID, c.Name, string(c.Customer), c.UserName, c.Password); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil || begun || fault.KindOf(err) != fault.Conflict {
		return err
	}
	o.refused, o.options = err, o.imp.Options
	return o.show(visit.Status(err))
}

// question asks before customers are made, with their number.
func (o *one) question() string {
	if o.prospect.Summary.Created == 0 {
		return o.T("importpage.ask.none")
	}
	if o.placing() {
		return o.N("importpage.ask.placing", o.prospect.Summary.Created)
	}
	return o.N("importpage.ask.title", o.prospect.Summary.Created)
}

// others says what becomes of the rows that make no customer.
func (o *one) others() string {
	s, text := o.prospect.Summary, ""
	if s.Refused > 0 {
		text = o.N("importpage.ask.refused", s.Refused)
	}
	if s.Exists > 0 {
		text = join(text, o.N("importpage.ask.exists", s.Exists))
	}
	if text == "" {
		return o.T("importpage.ask.all")
	}
	return text
}

// confirm is the button that imports.
func (o *one) confirm() block.Button {
	b := block.Button{Label: o.T("importpage.start"), Kind: block.Primary, Name: "go", Value: "start"}
	if o.prospect.Summary.Created == 0 {
		b.Reason = o.T("importpage.ask.none_reason")
	}
	return b
}
