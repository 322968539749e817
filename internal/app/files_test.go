package app_test

import (
	"errors"
	"fmt"
	"strings"

	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/importer"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/verification"
)

// files uploads a file for everybody who may import customers.
func (h *house) files() error {
	for _, a := range h.actors[1:] {
		if a.alone || a.org.kind != policy.Partner || h.refusal(a, "customer.add", true) != nil {
			continue
		}
		if err := errors.Join(h.upload(a), h.rehearse(a)); err != nil {
			return err
		}
	}
	return nil
}

// upload gives somebody a file to import. Its name and its cells are dangers to
// pages, and nobody else's business.
func (h *house) upload(a *actor) error {
	i, err := h.sendFile(a)
	if err != nil {
		return err
	}
	a.file = i.ID
	h.secrets.keep(a.org.tenant, a.user, i.ID, fmt.Sprintf("kunder-%05d", h.made), fmt.Sprintf("rad %05d", h.made))
	return nil
}

func (h *house) sendFile(a *actor) (importer.Import, error) {
	h.made++
	name := fmt.Sprintf("kunder-%05d %s.csv", h.made, payload)
	content := fmt.Sprintf("Name;Country;City\n%s rad %05d;SE;Lund\n", payload, h.made)
	i, err := importer.Upload(h.ctx, h.Kernel, a.as(), name, strings.NewReader(content))
	if err != nil {
		return i, fmt.Errorf("upload of %s: %w", a, err)
	}
	return i, nil
}

// rehearse has somebody begin a rehearsal and stop it, so that it stands among the
// jobs. The activity log of the organisation tells that, but not what is in the
// file.
func (h *house) rehearse(a *actor) error {
	i, err := h.sendFile(a)
	if err != nil {
		return err
	}
	h.secrets.keep(a.org.tenant, "", i.ID, fmt.Sprintf("kunder-%05d", h.made))
	h.secrets.keep(a.org.tenant, a.user, fmt.Sprintf("rad %05d", h.made))
	_, err = importer.Start.Do(h.ctx, h.Kernel, a.as(), importer.Order{ID: i.ID, Options: importer.Options{DryRun: true}})
	if fault.KindOf(err) == fault.Forbidden { // some partners may not sell any more
		return nil
	}
	if err == nil {
		_, err = importer.Cancel.Do(h.ctx, h.Kernel, a.as(), importer.ByID{ID: i.ID})
	}
	return err
}

// papers has every partner that sells hand in a document about one of its
// customers. Its name is a danger to pages.
func (h *house) papers() error {
	for _, o := range h.orgs {
		if o.danger == "" {
			continue
		}
		added, err := do(h, customer.Add, o.system(), h.newCustomer(""))
		if err != nil {
			return err
		}
		o.paper = added.Customer.ID
		o.customers = append(o.customers, o.paper)
		h.keepCustomer(added.Customer)
		account := verification.Account{Partner: o.tenant, Customer: o.paper}
		if _, err := do(h, verification.Ask, op.System("", 0, op.ViaCLI), verification.Message{Account: account, Text: "Bifoga utdraget. " + payload}); err != nil {
			return err
		}
		if o.document, err = h.handIn(o); err != nil {
			return err
		}
		if _, err := do(h, verification.Answer, o.system(), verification.Appeal{Customer: o.paper, Text: "Här är det. " + payload}); err != nil {
			return err
		}
	}
	return nil
}

// handIn adds a document, still to be sent, about the account of o.
func (h *house) handIn(o *org) (string, error) {
	h.made++
	name := fmt.Sprintf("utdrag-%05d %s.pdf", h.made, payload)
	d, err := do(h, verification.AddDocument, o.system(), verification.NewDocument{
		Customer: o.paper, Name: name, Data: fmt.Appendf(nil, "%%PDF-1.7 innehåll-%05d", h.made),
	})
	h.secrets.keep(o.tenant, "", fmt.Sprintf("utdrag-%05d", h.made), fmt.Sprintf("innehåll-%05d", h.made))
	return d.ID, err
}

// begins has somebody begin to add a second factor, which others try to finish.
func (h *house) begins() error {
	pending, err := do(h, identity.BeginTOTP, h.actor("direct no-role").as(), identity.NewTOTP{Name: "Telefon"})
	h.factor = pending.ID
	return err
}
