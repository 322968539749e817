package app_test

import (
	"fmt"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/importer"
	"comptoir/internal/policy"
)

// files uploads a file for everybody who may import customers.
func (h *house) files() error {
	for _, a := range h.actors[1:] {
		if a.alone || a.org.kind != policy.Partner || h.refusal(a, "customer.add", true) != nil {
			continue
		}
		if err := h.upload(a); err != nil {
			return err
		}
	}
	return nil
}

// upload gives somebody a file to import. Its name and its cells are dangers to
// pages, and nobody else's business.
func (h *house) upload(a *actor) error {
	h.made++
	name := fmt.Sprintf("kunder-%05d %s.csv", h.made, payload)
	content := fmt.Sprintf("Name;Country;City\n%s rad %05d;SE;Lund\n", payload, h.made)
	i, err := importer.Upload(h.ctx, h.Kernel, a.as(), name, strings.NewReader(content))
	if err != nil {
		return fmt.Errorf("upload of %s: %w", a, err)
	}
	// It was rehearsed, and that was stopped, so that it stands among the jobs.
	_, err = importer.Start.Do(h.ctx, h.Kernel, a.as(), importer.Order{ID: i.ID, Options: importer.Options{DryRun: true}})
	if err == nil {
		_, err = importer.Cancel.Do(h.ctx, h.Kernel, a.as(), importer.ByID{ID: i.ID})
	}
	if err != nil && fault.KindOf(err) != fault.Forbidden { // some partners may not sell any more
		return fmt.Errorf("rehearsal of %s: %w", a, err)
	}
	a.file = i.ID
	h.secrets.keep(a.org.tenant, a.user, i.ID, fmt.Sprintf("kunder-%05d", h.made), fmt.Sprintf("rad %05d", h.made))
	return nil
}

// begins has somebody begin to add a second factor, which others try to finish.
func (h *house) begins() error {
	pending, err := do(h, identity.BeginTOTP, h.actor("direct no-role").as(), identity.NewTOTP{Name: "Telefon"})
	h.factor = pending.ID
	return err
}
