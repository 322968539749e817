package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"

	"comptoir/internal/bench/load"
	"comptoir/internal/bench/report"
)

// perSecond prints a rate.
func perSecond(rate float64) string { return report.Number(rate) + "/s" }

// ratio returns the row of a rate that is judged by its share of the floor's.
func ratio(measure string, ours, floors results, goal float64) report.Row {
	return report.Row{
		Measure: measure, Figure: perSecond(ours.rate()), Floor: perSecond(floors.rate()), Value: ours.over(floors), Goal: report.AtLeast(goal),
	}
}

// slowest returns the row of the 99th percentile of a side.
func slowest(measure string, r results, goal float64) report.Row {
	p99 := r.percentile(0.99)
	return report.Row{
		Measure: measure, Figure: fmt.Sprintf("%s ms (median %s ms)", report.Number(p99), report.Number(r.percentile(0.5))),
		Value: p99, Unit: "ms", Goal: report.AtMost(goal),
	}
}

// one asks for one customer of all.
func (i *installation) one(b []byte, _, _ int) []byte {
	p, c := i.AnyCustomer()
	return get(b, "/v1/customers/"+string(c.ID), i.tokens[p])
}

const listPath = "/v1/customers?size=100"

// page asks for the first page of one partner's customers.
func (i *installation) page(b []byte, _, _ int) []byte {
	return get(b, listPath, i.tokens[i.AnyPartner()])
}

// search asks for those customers of the first partner whose name begins with
// some letters: more than a page in every installation.
func (i *installation) search(b []byte, _, _ int) []byte {
	return get(b, searches[rand.IntN(len(searches))], i.tokens[&i.Partners[0]])
}

// searches are the addresses of searches for the beginning of a name.
var searches = func() []string {
	var all []string
	for _, beginning := range []string{"and", "berg", "lef", "ö", "quist", "zeller"} {
		filter := `{"Field":"CompanyName","Value":"` + beginning + `","Operator":"starts_with"}`
		all = append(all, listPath+"&filter="+url.QueryEscape(filter))
	}
	return all
}()

func (b *bench) readOne(ctx context.Context) ([]report.Row, error) {
	if err := b.startFloor(ctx, b.small); err != nil {
		return nil, err
	}
	r, err := b.turns(ctx, "read-one",
		side{b.small.floor, load.Plan{Connections: 50, Status: http.StatusOK, Request: func(to []byte, _, _ int) []byte {
			p, c := b.small.AnyCustomer()
			return get(to, "/"+string(p.Tenant)+"/customers/"+string(c.ID), "")
		}}},
		side{b.small.comptoir, load.Plan{Connections: 50, Status: http.StatusOK, Request: b.small.one}})
	if err != nil {
		return nil, err
	}
	return []report.Row{
		ratio("`GET /v1/customers/{id}`, 50 connections", r[1], r[0], 0.5),
		slowest("the same, 99th percentile", r[1], 12),
	}, nil
}

func (b *bench) list(ctx context.Context) ([]report.Row, error) {
	if err := b.startFloor(ctx, b.small); err != nil {
		return nil, err
	}
	r, err := b.turns(ctx, "list",
		side{b.small.floor, load.Plan{Connections: 10, Status: http.StatusOK, Request: func(to []byte, _, _ int) []byte {
			return get(to, "/"+string(b.small.AnyPartner().Tenant)+"/customers", "")
		}}},
		side{b.small.comptoir, load.Plan{Connections: 10, Status: http.StatusOK, Request: b.small.page}})
	if err != nil {
		return nil, err
	}
	return []report.Row{ratio("list of 100 with total, 10 connections", r[1], r[0], 0.5)}, nil
}

// readAmongMany compares reads among a million customers with those among the
// usual number.
func (b *bench) readAmongMany(ctx context.Context) ([]report.Row, error) {
	var rows []report.Row
	for _, kind := range []struct {
		name        string
		connections int
		small       func([]byte, int, int) []byte
		large       func([]byte, int, int) []byte
	}{
		{"one of 1 000 000 customers against one of 50 000", 50, b.small.one, b.large.one},
		{"list of 100 among them", 10, b.small.page, b.large.page},
		{"search for the beginning of a word among them", 10, b.small.search, b.large.search},
	} {
		r, err := b.turns(ctx, kind.name,
			side{b.small.comptoir, load.Plan{Connections: kind.connections, Status: http.StatusOK, Request: kind.small}},
			side{b.large.comptoir, load.Plan{Connections: kind.connections, Status: http.StatusOK, Request: kind.large}})
		if err != nil {
			return nil, err
		}
		rows = append(rows, report.Row{
			Measure: kind.name + ", time", Figure: perSecond(r[1].rate()), Floor: perSecond(r[0].rate()),
			Value: 1 / r[1].over(r[0]), Goal: report.AtMost(1.25),
		})
	}
	return rows, nil
}
