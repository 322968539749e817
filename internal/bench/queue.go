package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"

	"comptoir/internal/bench/report"
	"comptoir/internal/bench/world"
	"comptoir/internal/clock"
	"comptoir/internal/id"
)

// The pages of the operator that are measured.
const (
	queuePage   = "/operator/verifications"
	approvePage = queuePage + "/approve"
)

// pages measures how long the server takes for the pages that partners and
// reviewers work with all day, among a million customers of whom ten thousand
// wait for a decision.
func (b *bench) pages(ctx context.Context) ([]report.Row, error) {
	c := b.large.comptoir
	cases, err := b.openCases(ctx, c)
	if err != nil {
		return nil, err
	}
	first := b.large.Partners[0]
	r, err := b.turns(
		ctx, "pages",
		viewing(c, c.Cookie, func() string { return "/customers/" + string(oneOf(first.Customers).ID) + "/account" }),
		viewing(c, c.Reviewer, func() string { return queuePage }),
		viewing(c, c.Reviewer, func() string { return oneOf(cases) }),
		viewing(c, c.Reviewer, func() string { return queuePage + "?state=approved&country=" + oneOf([]string{"SE", "FR", "NO"}) }),
	)
	if err != nil {
		return nil, err
	}
	const goal = 25
	return []report.Row{
		slowest("page of one account among them, 99th percentile", r[0], goal),
		slowest("verification queue with 10 000 open cases among them, 99th percentile", r[1], goal),
		slowest("page of one case among them, 99th percentile", r[2], goal),
		slowest("the decided cases of one country among them, 99th percentile", r[3], goal),
	}, nil
}

// oneOf returns one of all by chance.
func oneOf[T any](all []T) T { return all[rand.IntN(len(all))] }

// openCases returns the addresses of some cases: those that are due first.
func (b *bench) openCases(ctx context.Context, c *child) (paths []string, err error) {
	err = c.turn(func() error {
		page, _, err := visit(ctx, "http://"+c.Address+queuePage+"?size=100", c.Reviewer, "identity")
		if err != nil {
			return err
		}
		for _, n := range nodes(page, "a") {
			path := attribute(n, "href")
			if parts := strings.Split(path, "/"); len(parts) == 5 && strings.HasPrefix(path, queuePage) && isID(parts[3]) && isID(parts[4]) {
				paths = append(paths, path)
			}
		}
		if len(paths) == 0 {
			return errors.New("the queue has no case")
		}
		return nil
	})
	return paths, err
}

func isID(text string) bool {
	_, ok := id.Parse(text)
	return ok
}

// bulk is how many cases a reviewer approves at once, at most.
const bulk = 1000

// approvals measures how long a reviewer waits who approves a thousand cases at
// once: from the sent form to the answer, everything durable.
func (b *bench) approvals(ctx context.Context) ([]report.Row, error) {
	c, err := b.serve(ctx, role{Name: "comptoir-approvals"}, b.small.World)
	if err != nil {
		return nil, err
	}
	var times []time.Duration
	for range min(b.rounds, world.OpenCases/bulk) {
		err = c.turn(func() error {
			took, err := approveAll(ctx, c)
			times = append(times, took)
			return err
		})
		if err != nil {
			return nil, errors.Join(err, c.stop())
		}
	}
	took := median(times, time.Duration.Seconds)
	return []report.Row{{
		Measure: "1 000 cases approved at once in the portal, durable", Figure: report.Number(took) + " s", Value: took, Unit: "s", Goal: report.AtMost(2),
	}}, c.stop()
}

// approveAll ticks all open cases, as many as go at once, and approves them.
func approveAll(ctx context.Context, c *child) (time.Duration, error) {
	queue, _, err := visit(ctx, "http://"+c.Address+queuePage, c.Reviewer, "identity")
	if err != nil {
		return 0, err
	}
	dialog, err := c.submit(ctx, approvePage+"/ask", url.Values{"all": {"yes"}, "csrf": fields(queue)["csrf"][:1]}, http.StatusOK)
	if err != nil {
		return 0, err
	}
	form := fields(dialog)
	if n := len(form["id"]); n != bulk {
		return 0, fmt.Errorf("the dialog has %d cases", n)
	}
	form["csrf"] = form["csrf"][:1]
	watch := clock.Start()
	_, err = c.submit(ctx, approvePage, form, http.StatusSeeOther)
	return watch.Elapsed(), err
}

// submit sends a form of the portal as the reviewer and returns the answer, which
// must have a status.
func (c *child) submit(ctx context.Context, path string, form url.Values, status int) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+c.Address+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Cookie", c.Reviewer)
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != status {
		err = fmt.Errorf("%s: %s\n%.2000s", path, res.Status, body)
	}
	return string(body), err
}

// fields returns what the hidden fields of a page hold.
func fields(page string) url.Values {
	all := url.Values{}
	for _, n := range nodes(page, "input") {
		if attribute(n, "type") == "hidden" {
			all.Add(attribute(n, "name"), attribute(n, "value"))
		}
	}
	return all
}

// nodes returns the elements of a page with a name.
func nodes(page, name string) []*html.Node {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		panic(err) // a string can be read
	}
	var all []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			all = append(all, n)
		}
	}
	return all
}

func attribute(n *html.Node, name string) string {
	i := slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
	if i < 0 {
		return ""
	}
	return n.Attr[i].Val
}

// closedCases compares the queue, of ten thousand open cases, with half a million
// closed ones behind it and with none.
func (b *bench) closedCases(ctx context.Context) ([]report.Row, error) {
	none, half := 0, 500_000
	without, err := b.serve(ctx, role{Name: "comptoir-none-closed", Closed: &none}, b.small.World)
	if err != nil {
		return nil, err
	}
	with, err := b.serve(ctx, role{Name: "comptoir-closed", Closed: &half}, b.small.World)
	if err != nil {
		return nil, errors.Join(err, without.stop())
	}
	page := func() string { return queuePage }
	r, err := b.turns(ctx, "queue", viewing(without, without.Reviewer, page), viewing(with, with.Reviewer, page))
	if err := errors.Join(err, without.stop(), with.stop()); err != nil {
		return nil, err
	}
	return []report.Row{{
		Measure: "verification queue with 500 000 closed cases against one without, time", Figure: perSecond(r[1].rate()), Floor: perSecond(r[0].rate()),
		Value: 1 / r[1].over(r[0]), Goal: report.AtMost(1.25),
	}}, nil
}
