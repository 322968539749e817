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

// insertion is the floor of all writes: one row of the size of a billing
// profile, durable, committed together with whatever else waits.
func (b *bench) insertion() (side, error) {
	body, err := world.ChangedJSON(1, 1)
	row := string(body)
	var now clock.Clock
	return side{b.small.floor, load.Plan{Connections: 50, Status: http.StatusOK, Request: func(to []byte, _, _ int) []byte {
		return send(to, http.MethodPut, "/rows/"+id.New(now.Now()), "", row)
	}}}, err
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
	insert, err := b.insertion()
	if err != nil {
		return nil, err
	}
	plan := load.Plan{Connections: 50, Status: http.StatusOK, Request: b.small.change}
	r, err := b.turns(ctx, "update", insert, side{b.small.comptoir, plan}, side{b.small.each, plan})
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
	body, err := world.ChangedJSON(c.Number, rand.IntN(1<<30))
	if err != nil {
		panic(err) // texts and numbers can be written
	}
	return send(b, http.MethodPut, "/v1/customers/"+string(c.ID)+"/profiles/billing", i.tokens[p], string(body))
}

// added counts the customers that were added, so that each is a new one.
var added atomic.Int64

// add measures a new customer with all checks.
func (b *bench) add(ctx context.Context) ([]report.Row, error) {
	if err := b.startFloor(ctx, b.small); err != nil {
		return nil, err
	}
	insert, err := b.insertion()
	if err != nil {
		return nil, err
	}
	r, err := b.turns(ctx, "add", insert, side{b.small.comptoir, load.Plan{
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
