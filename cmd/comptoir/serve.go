package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"comptoir/internal/app"
	"comptoir/internal/demo"
	"comptoir/internal/oauth/signin"
)

type serveCommand struct {
	Listen         string   `env:"COMPTOIR_LISTEN" default:"127.0.0.1:8080" help:"Address and port to listen on."`
	PublicURL      string   `name:"public-url" env:"COMPTOIR_PUBLIC_URL" help:"How callers reach this server, such as https://partners.example. Default: as each request says."`
	TLSCert        string   `name:"tls-cert" env:"COMPTOIR_TLS_CERT" type:"existingfile" help:"Certificate chain (PEM)."`
	TLSKey         string   `name:"tls-key" env:"COMPTOIR_TLS_KEY" type:"existingfile" help:"Private key (PEM)."`
	TLSSelfSigned  bool     `name:"tls-self-signed" env:"COMPTOIR_TLS_SELF_SIGNED" help:"Serve TLS with a certificate made here and kept beside the database."`
	TrustedProxies []string `name:"trusted-proxy" env:"COMPTOIR_TRUSTED_PROXIES" help:"Network that may say for whom it forwards, such as 10.0.0.0/8."`
	OIDCIssuer     string   `name:"oidc-issuer" env:"COMPTOIR_OIDC_ISSUER" help:"Outside OpenID provider that people may sign in with."`
	OIDCClient     string   `name:"oidc-client" env:"COMPTOIR_OIDC_CLIENT" help:"Client id at that provider."`
	OIDCSecret     string   `name:"oidc-secret" env:"COMPTOIR_OIDC_SECRET" help:"Client secret at that provider."`
	OIDCLabel      string   `name:"oidc-label" env:"COMPTOIR_OIDC_LABEL" help:"What the button says; default: the provider's host."`
	OIDCDomains    []string `name:"oidc-domain" env:"COMPTOIR_OIDC_DOMAINS" help:"Domain of user names that the provider may vouch for; may be given several times."`
	MetricsToken   string   `name:"metrics-token" env:"COMPTOIR_METRICS_TOKEN" help:"Bearer token that opens /metrics to other machines."`
	Sandbox        bool     `env:"COMPTOIR_SANDBOX" help:"Run a sandbox: its clock can travel and its sign-in page lists demo accounts."`
	Demo           bool     `env:"COMPTOIR_DEMO" help:"Fill an empty database with the demo world first."`
	LogLevel       string   `name:"log-level" env:"COMPTOIR_LOG_LEVEL" default:"info" enum:"debug,info,warn,error" help:"Least level that is logged."`
}

// Run serves until it is told to stop.
func (s *serveCommand) Run(ctx context.Context, c *commands, o output) error {
	opts, err := s.options(c, o)
	if err != nil {
		return usageError{err}
	}
	cert, err := s.certificate(c)
	if err != nil {
		return err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", s.Listen)
	if err != nil {
		return err
	}
	defer l.Close()
	a, err := app.Open(ctx, opts)
	if err != nil {
		return err
	}
	if err := s.prepare(ctx, a, l.Addr(), cert != nil, o); err != nil {
		return errors.Join(err, a.Close())
	}
	return errors.Join(a.Serve(ctx, l, cert), a.Close())
}

func (s *serveCommand) options(c *commands, o output) (app.Options, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		return app.Options{}, err
	}
	opts := app.Options{
		Database: c.DB, Kind: app.Production, PublicURL: strings.TrimSuffix(s.PublicURL, "/"), MetricsToken: s.MetricsToken,
		Log: slog.New(slog.NewTextHandler(o.err, &slog.HandlerOptions{Level: level})),
	}
	if s.Sandbox {
		opts.Kind = app.Sandbox
	}
	if s.PublicURL != "" {
		u, err := url.Parse(s.PublicURL)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return opts, fmt.Errorf("--public-url %q is not an address such as https://partners.example", s.PublicURL)
		}
	}
	for _, text := range s.TrustedProxies {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return opts, fmt.Errorf("--trusted-proxy %q is not a network such as 10.0.0.0/8", text)
		}
		opts.TrustedProxies = append(opts.TrustedProxies, p)
	}
	var err error
	if opts.Post, err = c.Mail.post(c.DB, opts.PublicURL); err != nil {
		return opts, err
	}
	if opts.Provider, err = s.provider(); err != nil {
		return opts, err
	}
	if (s.TLSCert == "") != (s.TLSKey == "") {
		return opts, errors.New("--tls-cert and --tls-key go together")
	}
	return opts, nil
}

// provider returns the outside OpenID provider; nil means none.
func (s *serveCommand) provider() (*signin.Provider, error) {
	if s.OIDCIssuer == "" {
		return nil, nil
	}
	issuer, err := url.Parse(s.OIDCIssuer)
	switch {
	case err != nil || issuer.Scheme != "https" && issuer.Hostname() != "localhost":
		return nil, fmt.Errorf("--oidc-issuer %q is not an address such as https://login.example", s.OIDCIssuer)
	case s.OIDCClient == "" || len(s.OIDCDomains) == 0:
		return nil, errors.New("--oidc-issuer needs --oidc-client and --oidc-domain")
	}
	label := s.OIDCLabel
	if label == "" {
		label = issuer.Hostname()
	}
	return &signin.Provider{Issuer: s.OIDCIssuer, ClientID: s.OIDCClient, ClientSecret: s.OIDCSecret, Label: label, Domains: s.OIDCDomains}, nil
}

// certificate returns what TLS shall be served with; nil means plain HTTP.
func (s *serveCommand) certificate(c *commands) (*tls.Certificate, error) {
	var cert tls.Certificate
	var err error
	switch {
	case s.TLSCert != "":
		cert, err = tls.LoadX509KeyPair(s.TLSCert, s.TLSKey)
	case s.TLSSelfSigned:
		cert, err = app.SelfSigned(dataFolder(c.DB), s.host(), time.Now())
	default:
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	return &cert, nil
}

// host returns the name that a certificate made here is for.
func (s *serveCommand) host() string {
	if u, err := url.Parse(s.PublicURL); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	if host, _, err := net.SplitHostPort(s.Listen); err == nil && host != "" {
		return host
	}
	return "localhost"
}

// dataFolder is where files of the installation live: beside an SQLite file,
// else in ./data.
func dataFolder(database string) string {
	if strings.Contains(database, "://") {
		return "data"
	}
	return filepath.Dir(database)
}

// prepare fills in the demo world if asked and says where the server is.
func (s *serveCommand) prepare(ctx context.Context, a *app.App, addr net.Addr, secure bool, o output) error {
	address := s.PublicURL
	if address == "" {
		scheme := "http"
		if secure {
			scheme = "https"
		}
		address = scheme + "://" + strings.Replace(addr.String(), "127.0.0.1", "localhost", 1)
		a.Kernel.Post.Site = address
	}
	if s.Demo {
		world, err := demo.Fill(ctx, a.Kernel, address)
		if err != nil {
			return fmt.Errorf("demo: %w", err)
		}
		fmt.Fprint(o.out, world.Text())
	}
	fmt.Fprintln(o.out, "Comptoir is at", address)
	return nil
}
