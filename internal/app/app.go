// Package app wires an installation together: the database, the kernel, the
// features' background work and the edges on their paths. The command line and
// the tests use it; nothing else imports it.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"sync/atomic"

	"comptoir/internal/api/route"
	"comptoir/internal/db"
	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/oauth/signin"
	"comptoir/internal/op"
	"comptoir/internal/portal"
)

// Options say how an installation is run.
type Options struct {
	// Database is a file path or a postgres:// URL.
	Database string
	DB       db.Options
	// Kind is what the installation shall be; Any takes what the database is.
	Kind Kind
	// PublicURL is how callers reach the server, without a trailing slash; empty
	// takes it from each request.
	PublicURL string
	// TrustedProxies may say for whom they forward, in X-Forwarded headers.
	TrustedProxies []netip.Prefix
	// MetricsToken opens /metrics to whoever has it; empty leaves it to this machine.
	MetricsToken string
	// Provider is an outside OpenID provider that people may sign in with; nil
	// for none.
	Provider *signin.Provider
	// Post says how mail leaves; without a carrier it waits.
	Post op.Post
	Log  *slog.Logger
}

// Kind tells a sandbox, whose clock may travel, from the real thing.
type Kind string

// The kinds of installations. A database keeps the kind it began with.
const (
	Any        Kind = ""
	Production Kind = "production"
	Sandbox    Kind = "sandbox"
)

// App is a running installation.
type App struct {
	Kernel  *op.Kernel
	Workers *job.Workers
	Gate    *identity.Gate

	options  Options
	draining atomic.Bool
	edges    edges
}

// Open opens and migrates the database and wires everything. Close it when done.
func Open(ctx context.Context, o Options) (*App, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	d, err := db.Open(ctx, o.Database, o.DB)
	if err != nil {
		return nil, err
	}
	a, err := wire(ctx, d, o)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return a, nil
}

func wire(ctx context.Context, d *db.DB, o Options) (*App, error) {
	if err := d.Migrate(ctx); err != nil {
		return nil, err
	}
	kind, err := settleKind(ctx, d, o.Kind)
	if err != nil {
		return nil, err
	}
	k := op.New(d, o.Log)
	k.Sandbox = kind == Sandbox
	k.Post = o.Post
	a := &App{Kernel: k, options: o}
	a.wireFeatures()
	if err := k.Start(ctx); err != nil {
		return nil, err
	}
	return a, a.wireEdges(ctx)
}

// Close closes the database. Background work must have ended.
func (a *App) Close() error { return a.Kernel.DB.Close() }

// Handler answers every request to the installation.
func (a *App) Handler() http.Handler { return &a.edges }

// Routes returns the route tables of the REST API and of the directory's interface,
// for documentation and tests.
func (a *App) Routes() []route.Route {
	return slices.Concat(a.edges.api.Routes(), a.edges.graph.Routes())
}

// Pages lists the patterns of all pages: those of the portal, those on which
// people sign in and look after how they do, and those that ask them about
// applications.
func (a *App) Pages() []string {
	return slices.Concat(portal.Pages(), a.edges.signin.Pages(), a.edges.oauth.Pages())
}

var (
	readKind = db.SQL(`SELECT value FROM settings WHERE name = 'installation.kind'`)
	keepKind = db.SQL(`INSERT INTO settings (name, value, changed_at) VALUES ('installation.kind', $1, $2)
		ON CONFLICT (name) DO NOTHING`)
)

// settleKind returns what the database belongs to: what it began with, or want
// when it begins now.
func settleKind(ctx context.Context, d *db.DB, want Kind) (Kind, error) {
	var is Kind
	err := d.Write(ctx, func(ctx context.Context, t *db.Tx) error {
		found, err := t.Found(ctx, readKind, nil, &is)
		if found || err != nil {
			return err
		}
		if is = want; is == Any {
			is = Production
		}
		_, err = t.Exec(ctx, keepKind, is, 0)
		return err
	})
	if err != nil {
		return is, fmt.Errorf("kind of installation: %w", err)
	}
	if want != Any && want != is {
		return is, fmt.Errorf("this database belongs to a %s installation and cannot be run as %s; choose another one with --db", is, want)
	}
	return is, nil
}
