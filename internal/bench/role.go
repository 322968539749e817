package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"time"

	"comptoir/internal/app"
	"comptoir/internal/bench/floor"
	"comptoir/internal/bench/world"
	"comptoir/internal/db"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/relationship"
)

// roleVariable names the environment variable that makes this program one of
// its own children.
const roleVariable = "COMPTOIR_BENCH_ROLE"

// role is what a child is.
type role struct {
	Name       string
	Database   string
	Floor      bool // else Comptoir
	CommitEach bool
	Sizes      floor.Sizes
	Closed     *int         // how many closed cases there are to be, nil for those that there are
	Visitor    world.Person // is signed in to the portal
	Reviewer   world.Person // is signed in to the portal, too
}

// play serves as the role in setup until standard input ends.
func play(ctx context.Context, setup string) error {
	var r role
	if err := json.Unmarshal([]byte(setup), &r); err != nil {
		return fmt.Errorf("role: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	if r.Floor {
		return r.serveFloor(ctx)
	}
	return r.serveComptoir(ctx)
}

func (r role) serveFloor(ctx context.Context) error {
	f, err := floor.Open(ctx, r.Database, relationship.Total, r.Sizes)
	if err != nil {
		return err
	}
	l, err := greet(ctx, greeting{})
	if err != nil {
		return errors.Join(err, f.Close())
	}
	srv := &http.Server{Handler: f.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		_ = srv.Close() // the end of the role: whoever still asks has lost interest
	}()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}

func (r role) serveComptoir(ctx context.Context) error {
	app.UseMemory()
	// Mail about decisions goes nowhere here, and its jobs warn of that.
	quiet := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	a, err := app.Open(ctx, app.Options{
		Database: r.Database, DB: db.Options{CommitEach: r.CommitEach}, Log: quiet,
	})
	if err != nil {
		return err
	}
	l, err := r.welcome(ctx, a)
	if err != nil {
		return errors.Join(err, a.Close())
	}
	return errors.Join(a.Serve(ctx, l, nil), a.Close())
}

// welcome prepares what r needs, signs the visitor and the reviewer in, and greets.
func (r role) welcome(ctx context.Context, a *app.App) (net.Listener, error) {
	if r.Closed != nil {
		if _, err := world.CloseCases(ctx, a.Kernel, *r.Closed); err != nil {
			return nil, err
		}
	}
	visitor, err := signIn(ctx, a, r.Visitor)
	if err != nil {
		return nil, err
	}
	reviewer, err := signIn(ctx, a, r.Reviewer)
	if err != nil {
		return nil, err
	}
	return greet(ctx, greeting{Cookie: visitor, Reviewer: reviewer})
}

// signIn signs a person in and returns the cookies of the browser.
func signIn(ctx context.Context, a *app.App, who world.Person) (string, error) {
	p, err := a.Gate.Person(ctx, who.Tenant, who.User)
	if err != nil {
		return "", err
	}
	session, err := a.Gate.OpenSession(ctx, op.Actor{}, p, []string{identity.ByPassword, identity.ByOTP, identity.ByMFA}, "bench", "")
	return "comptoir-device=bench; comptoir-session=" + session, err
}

// greet listens for requests and, elsewhere, for those who want a profile, and
// says where.
func greet(ctx context.Context, said greeting) (net.Listener, error) {
	var listen net.ListenConfig
	l, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	profiles, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/profile", pprof.Profile)
	mux.Handle("/heap", pprof.Handler("heap"))
	mux.Handle("/allocs", pprof.Handler("allocs"))
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = srv.Serve(profiles) }() // it ends with the process
	said.Address, said.Profile = l.Addr().String(), profiles.Addr().String()
	return l, json.NewEncoder(os.Stdout).Encode(said)
}
