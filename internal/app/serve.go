package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// drainTime is how long running requests may take after the server was told to stop.
const drainTime = 25 * time.Second

// Serve answers requests on l, with TLS when cert is not nil, and does the
// background work, until ctx ends. Then it lets running requests finish and
// returns nil.
func (a *App) Serve(ctx context.Context, l net.Listener, cert *tls.Certificate) error {
	srv := &http.Server{
		Handler:           a.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       5 * time.Minute, // uploads of customers to import
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(a.Kernel.Log.Handler(), slog.LevelDebug),
	}
	if cert != nil {
		srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*cert}, MinVersion: tls.VersionTLS12}
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	worked := make(chan struct{})
	go func() {
		defer close(worked)
		a.work(background)
	}()
	failed := make(chan error, 1)
	go func() { failed <- listen(srv, l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	a.draining.Store(true)
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	err := srv.Shutdown(end)
	stop()
	<-worked
	if err != nil {
		return fmt.Errorf("drain: %w", err)
	}
	return nil
}

func listen(srv *http.Server, l net.Listener) error {
	var err error
	if srv.TLSConfig != nil {
		err = srv.ServeTLS(l, "", "")
	} else {
		err = srv.Serve(l)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
