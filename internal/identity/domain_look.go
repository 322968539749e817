package identity

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/job"
	"comptoir/internal/op"
)

// domainLook is the input of the job that looks at the DNS of a domain.
type domainLook struct {
	Tenant id.Tenant
	Name   string
}

func haveLookedUp(ctx context.Context, u *op.Unit, name string) error {
	in := domainLook{u.Actor.Tenant, name}
	_, err := lookUpDomain.Enqueue(ctx, u, in, job.Order{Dedup: string(in.Tenant) + " " + name})
	return err
}

// lookUpDomain looks for the TXT record of a claimed domain and gives the domain
// to whoever claims it, or notes what was found instead.
var lookUpDomain = job.DefineLong("identity.domain.look_up", job.Options{}, func(ctx context.Context, l *job.Long, in domainLook) error {
	said, failed := l.Kernel.AskTXT(ctx, in.Name)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) error {
		c, err := claim(ctx, u.Tx, in.Tenant, in.Name)
		if errors.Is(err, ErrClaimUnknown) {
			return nil // taken back meanwhile
		}
		if err != nil {
			return err
		}
		return in.conclude(ctx, u, c, said, failed)
	})
})

// conclude ends a look: the claim is fulfilled, or says why it is not.
func (in domainLook) conclude(ctx context.Context, u *op.Unit, c DomainClaim, said []string, failed error) error {
	look := NoRecord
	var missing *net.DNSError
	switch {
	case failed != nil && (!errors.As(failed, &missing) || !missing.IsNotFound):
		look = NoAnswer
	case slices.ContainsFunc(said, func(text string) bool { return strings.TrimSpace(text) == c.Record }):
		taken, err := in.take(ctx, u)
		if err != nil || !taken {
			return err
		}
		look = TakenByThen
	}
	_, err := u.Exec(ctx, noteLook, in.Tenant, in.Name, look, db.Micros(u.Now))
	return err
}

// take gives the organisation the domain. It reports whether somebody else has it
// by now.
func (in domainLook) take(ctx context.Context, u *op.Unit) (taken bool, err error) {
	if _, has, err := DomainOwner(ctx, u.Tx, in.Name); err != nil || has {
		return has, err
	}
	if err := AddDomain(ctx, u, in.Tenant, in.Name, false); err != nil {
		return false, err
	}
	if _, err := u.Exec(ctx, deleteClaim, in.Tenant, in.Name); err != nil {
		return false, err
	}
	return false, recordDomain(ctx, u, "verify_domain", in.Tenant, in.Name)
}
