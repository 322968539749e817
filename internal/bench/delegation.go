package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"comptoir/internal/api/graph"
	"comptoir/internal/app"
	"comptoir/internal/bench/report"
	"comptoir/internal/clock"
	"comptoir/internal/gdap"
	"comptoir/internal/gdapbulk"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/origin"
)

// delegation measures delegated administration for the first partner, who has a
// relationship with each of half of all customers: one batch of assignments, lists
// as clients of the directory's interface ask for them, and the page of a customer.
func (b *bench) delegation(ctx context.Context) ([]report.Row, error) {
	d, err := b.openDelegation(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := d.measure(ctx)
	if err := errors.Join(err, d.Close()); err != nil {
		return nil, err
	}
	c, first := b.small.comptoir, b.small.Partners[0]
	r, err := b.turns(ctx, "delegation", viewing(c, c.Cookie, func() string {
		return "/customers/" + string(oneOf(first.Customers).ID) + "/admin-relationships"
	}))
	if err != nil {
		return nil, err
	}
	return append(rows, slowest("page of a customer's admin relationships among 25 000, 99th percentile", r[0], 25)), nil
}

// delegated is an installation in this process, and an admin agent of the first
// partner.
type delegated struct {
	*app.App
	agent op.Actor
}

func (b *bench) openDelegation(ctx context.Context) (*delegated, error) {
	path := filepath.Join(b.temp, "delegation.db")
	if err := copyFile(path, b.small.Path); err != nil {
		return nil, err
	}
	a, err := app.Open(ctx, app.Options{Database: path, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	who := b.small.Visitor()
	p, err := a.Gate.Person(ctx, who.Tenant, who.User)
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return &delegated{a, p.Actor("", true)}, nil
}

func (d *delegated) measure(ctx context.Context) ([]report.Row, error) {
	took, err := d.assign(ctx)
	if err != nil {
		return nil, err
	}
	rows := []report.Row{{
		Measure: "5 000 roles given to a group with one file, durable", Figure: report.Number(took.Seconds()) + " s", Value: took.Seconds(), Unit: "s",
		Goal: report.AtMost(10),
	}}
	for _, list := range []struct{ measure, query string }{
		{"list of 300 of 25 000 admin relationships by Graph, 99th percentile", "$top=300"},
		{"the same with a filter on the status", "$top=300&$filter=status%20eq%20'active'"},
		{"the same by name, from the beginning of one", "$top=300&$filter=startswith(displayName,'Default')&$orderby=displayName"},
	} {
		p99, err := d.list(ctx, list.query)
		if err != nil {
			return nil, err
		}
		rows = append(rows, report.Row{Measure: list.measure, Figure: report.Number(p99) + " ms", Value: p99, Unit: "ms", Goal: report.AtMost(25)})
	}
	return rows, nil
}

// assign gives the roles of so many relationships to a group as one file does, and
// returns how long the job takes.
func (d *delegated) assign(ctx context.Context) (time.Duration, error) {
	groups, err := identity.ListGroups.Do(ctx, d.Kernel, d.agent, struct{}{})
	if err != nil || len(groups) == 0 {
		return 0, errors.Join(err, errors.New("the partner has no group"))
	}
	var file strings.Builder
	file.WriteString("relationship,group\n")
	q := gdap.Query{Status: gdap.Active, Size: gdap.MaxPage}
	for n := 0; n < gdapbulk.MaxRows; {
		page, err := gdap.List.Do(ctx, d.Kernel, d.agent, q)
		if err != nil {
			return 0, err
		}
		for _, r := range page.Relationships[:min(len(page.Relationships), gdapbulk.MaxRows-n)] {
			fmt.Fprintf(&file, "%s,%s\n", r.ID, groups[0].ID)
			n++
		}
		if q.After = page.Next; q.After == "" && n < gdapbulk.MaxRows {
			return 0, fmt.Errorf("the partner has %d active relationships", n)
		}
	}
	order, err := gdapbulk.Read(gdapbulk.Assigning, "groups.csv", strings.NewReader(file.String()))
	if err != nil {
		return 0, err
	}
	b, err := gdapbulk.Plan[order.Kind].Do(ctx, d.Kernel, d.agent, order)
	if err != nil {
		return 0, err
	}
	if b, err = gdapbulk.Start[order.Kind].Do(ctx, d.Kernel, d.agent, b.ID); err != nil {
		return 0, err
	}
	watch := clock.Start()
	if _, err := d.Workers.RunDue(ctx); err != nil {
		return 0, err
	}
	took := watch.Elapsed()
	if b, err = gdapbulk.Show.Do(ctx, d.Kernel, d.agent, b.ID); err == nil && b.Made != gdapbulk.MaxRows {
		err = fmt.Errorf("%d of %d assignments were made, %d refused", b.Made, b.Total, b.Refused)
	}
	return took, err
}

// lists is how often a list is asked for.
const lists = 500

// list asks for a page of the directory's interface again and again, and returns the
// 99th percentile of what the server takes for it, in milliseconds.
func (d *delegated) list(ctx context.Context, query string) (float64, error) {
	api := graph.New(d.Kernel, origin.Origin{PublicURL: "https://comptoir.example"}, func(*http.Request) (op.Actor, error) { return d.agent, nil })
	var times []time.Duration
	for range lists {
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/v1.0/tenantRelationships/delegatedAdminRelationships?"+query, nil)
		w := httptest.NewRecorder()
		watch := clock.Start()
		api.ServeHTTP(w, r)
		times = append(times, watch.Elapsed())
		var page struct{ Value []json.RawMessage }
		body, _ := io.ReadAll(w.Body) // a buffer can be read
		if err := json.Unmarshal(body, &page); err != nil || len(page.Value) != gdap.MaxPage {
			return 0, fmt.Errorf("%s: status %d with %d relationships: %.300s", query, w.Code, len(page.Value), body)
		}
	}
	slices.Sort(times)
	return float64(times[lists*99/100].Microseconds()) / 1000, nil
}
