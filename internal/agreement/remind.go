package agreement

import (
	"context"
	"fmt"
	"slices"
	"time"

	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

// EventDue tells a partner that its customers have to accept a version (rule AG8).
const EventDue = "agreement-due"

// Stage says how near the day is from which on a version is required.
type Stage string

// The stages.
const (
	Published Stage = "published" // it has just been published
	Coming    Stage = "coming"    // it is required in some days
	Enforced  Stage = "enforced"  // it is required from today on
)

// Due is what EventDue tells.
type Due struct {
	Stage      Stage
	Version    string // its label
	Country    string // empty for every country without a version of its own
	EnforcedAt time.Time
	Days       int   // until then
	Customers  int64 // of the partner, in the countries that it holds for
}

// reminders are the days before a version is required on which partners are told.
var reminders = []int{30, 7, 1, 0}

// remindAt is the time of day of reminders, in hours UTC.
const remindAt = 6

// Reminds partners of the versions that will be required, and of those that are
// from today on.
var _ = job.DefineLong("agreement.remind", job.Options{Next: job.Daily(remindAt, 0), CatchUp: true},
	func(ctx context.Context, l *job.Long, _ struct{}) error {
		all, err := readVersions.Do(ctx, l.Kernel, l.Actor(), struct{}{})
		if err != nil {
			return err
		}
		var due []announcement
		for _, v := range all.comingOnes() {
			days := daysUntil(v.EnforcedAt, l.Due)
			justTold := !v.PublishedAt.Before(today(l.Due))
			if !slices.Contains(reminders, days) || justTold {
				continue
			}
			stage := Coming
			if days == 0 {
				stage = Enforced
			}
			due = append(due, announcement{v, all, stage, days})
		}
		return tellPartners(ctx, l, due)
	})

// published is the input of the job that tells of a new version.
type published struct{ Rank int64 }

// Tells partners of a version that will be required, when it is published.
var announce = job.DefineLong("agreement.announce", job.Options{}, func(ctx context.Context, l *job.Long, in published) error {
	all, err := readVersions.Do(ctx, l.Kernel, l.Actor(), struct{}{})
	if err != nil {
		return err
	}
	v, ok := all.Find(in.Rank)
	if !ok {
		return nil
	}
	return tellPartners(ctx, l, []announcement{{v, all, Published, daysUntil(v.EnforcedAt, l.Due)}})
})

var readVersions = op.Define(op.Spec{Name: "agreement.versions.read", Action: "job.run"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (Versions, error) { return ReadVersions(ctx, u.Tx) })

// comingOnes returns of each country the mandatory version of the highest rank:
// what it supersedes need not be accepted any more.
func (all Versions) comingOnes() Versions {
	var coming Versions
	for _, v := range slices.Backward(all) {
		if v.Mandatory && !slices.ContainsFunc(coming, func(c Version) bool { return c.Country == v.Country }) {
			coming = append(coming, v)
		}
	}
	return coming
}

// daysUntil counts the days from now to a day; what is past is less than 0.
func daysUntil(day, now time.Time) int { return int(today(day).Sub(today(now)) / (24 * time.Hour)) }

// announcement is one version to tell of.
type announcement struct {
	Version
	all   Versions
	stage Stage
	days  int
}

// concerned returns how many customers of a partner have to accept the version.
func (a announcement) concerned(c relationship.Counts) int64 {
	var n int64
	for country, of := range c.By[relationship.ByCountry] {
		if coming, ok := a.all.Line(country).Coming(); ok && coming.Rank == a.Rank {
			n += of
		}
	}
	return n
}

// partnersAtOnce is how many partners one step tells.
const partnersAtOnce = 100

// tellPartners tells every partner that sells in its own name and has customers
// whom a version concerns, each of them once. Resellers cannot attest (RF-04).
func tellPartners(ctx context.Context, l *job.Long, due []announcement) error {
	var last identity.PartnerList
	if _, err := l.Resume(&last); err != nil || len(due) == 0 {
		return err
	}
	last.Size = partnersAtOnce
	for {
		page, err := identity.ListPartners.Do(ctx, l.Kernel, l.Actor(), last)
		if err != nil || len(page) == 0 {
			l.Result = fmt.Sprintf("%d partners told", l.Done)
			return err
		}
		last.After = page[len(page)-1].Tenant
		told := l.Done
		err = l.Step(ctx, last, func(ctx context.Context, u *op.Unit) error {
			l.Done = told // a step that is run again counts anew
			for _, p := range page {
				n, err := tellPartner(ctx, u, p, due)
				if err != nil {
					return err
				}
				l.Done += n
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// tellPartner tells one partner, and returns how many were told: 1 or 0.
func tellPartner(ctx context.Context, u *op.Unit, p identity.Partner, due []announcement) (int64, error) {
	if p.Types&policy.Sellers == 0 || p.Status == identity.PartnerClosed || p.Status == identity.PartnerRejected {
		return 0, nil
	}
	counts, err := relationship.CountsOf(ctx, u.Tx, p.Tenant)
	if err != nil {
		return 0, err
	}
	var told int64
	for _, a := range due {
		n := a.concerned(counts)
		if n == 0 {
			continue
		}
		told = 1
		err := u.Emit(ctx, op.Event{Name: EventDue, Tenant: p.Tenant, Payload: Due{
			Stage: a.stage, Version: a.Label, Country: a.Country, EnforcedAt: a.EnforcedAt, Days: a.days, Customers: n,
		}})
		if err != nil {
			return told, err
		}
	}
	return told, nil
}
