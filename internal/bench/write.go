package main

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync/atomic"

	"comptoir/internal/bench/load"
	"comptoir/internal/bench/report"
	"comptoir/internal/bench/world"
	"comptoir/internal/clock"
	"comptoir/internal/id"
)

// insertion is the floor of all writes: a billing profile inserted as one row,
// durable, committed together with whatever else waits. fresh says that it is
// that of a new customer each time.
func (b *bench) insertion(fresh bool) side {
	w := b.small.World
	var now clock.Clock
	return side{b.small.floor, load.Plan{Connections: 50, Status: http.StatusOK, Request: func(to []byte, _, _ int) []byte {
		p, c := w.AnyCustomer()
		if fresh {
			c.ID = id.Tenant(id.New(now.Now()))
		}
		return send(to, http.MethodPut, "/"+string(p.Tenant)+"/customers/"+string(c.ID), "", changed(c))
	}}}
}

// changed returns the body that replaces the billing profile of a customer.
func changed(c world.Customer) string {
	body, err := world.ChangedJSON(c.Number, rand.IntN(1<<30))
	if err != nil {
		panic(err) // texts and numbers can be written
	}
	return string(body)
}

// update measures a durable change of a customer, with all rules, its activity
// record and its event.
func (b *bench) update(ctx context.Context) ([]report.Row, error) {
	if err := b.startFloor(ctx, b.small); err != nil {
		return nil, err
	}
	var err error
	if b.small.each == nil {
		if b.small.each, err = b.serve(ctx, role{Name: "comptoir-each", CommitEach: true}, b.small.World); err != nil {
			return nil, err
		}
	}
	plan := load.Plan{Connections: 50, Status: http.StatusOK, Request: b.small.change}
	r, err := b.turns(ctx, "update", b.insertion(false), side{b.small.comptoir, plan}, side{b.small.each, plan})
	if err != nil {
		return nil, err
	}
	return []report.Row{
		ratio("`PUT …/profiles/billing`, durable, 50 connections", r[1], r[0], 0.35),
		{
			Measure: "the same against a commit for each", Figure: perSecond(r[1].rate()), Floor: perSecond(r[2].rate()),
			Value: r[1].over(r[2]), Goal: report.AtLeast(2.5),
		},
	}, nil
}

// change replaces the billing profile of one customer.
func (i *installation) change(b []byte, _, _ int) []byte {
	p, c := i.AnyCustomer()
	return send(b, http.MethodPut, "/v1/customers/"+string(c.ID)+"/profiles/billing", i.tokens[p], changed(c))
}

// added counts the customers that were added, so that each is a new one.
var added atomic.Int64

// add measures a new customer with all checks.
func (b *bench) add(ctx context.Context) ([]report.Row, error) {
	if err := b.startFloor(ctx, b.small); err != nil {
		return nil, err
	}
	r, err := b.turns(ctx, "add", b.insertion(true), side{b.small.comptoir, load.Plan{
		Connections: 50, Status: http.StatusCreated, Request: func(to []byte, _, _ int) []byte {
			body, err := world.NewJSON(b.small.Size() + int(added.Add(1)))
			if err != nil {
				panic(err) // texts and numbers can be written
			}
			return send(to, http.MethodPost, "/v1/customers", b.small.tokens[b.small.AnyPartner()], string(body))
		},
	}})
	if err != nil {
		return nil, err
	}
	return []report.Row{ratio("new customer with all checks, 50 connections", r[1], r[0], 0.1)}, nil
}
