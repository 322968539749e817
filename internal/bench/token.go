package main

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"comptoir/internal/bench/load"
	"comptoir/internal/bench/report"
	"comptoir/internal/clock"
)

// issue measures the token endpoint: tokens that have to be signed, against
// signing alone on all cores and without any request, and tokens that an
// application asks for again.
func (b *bench) issue(ctx context.Context) ([]report.Row, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	var ratios, times, signed, issued, repeated []float64
	for range b.rounds {
		bare, err := signing(key, b.time)
		if err != nil {
			return nil, err
		}
		fresh, err := b.once(ctx, "token-fresh", side{b.small.comptoir, b.tokenPlan(true)})
		if err != nil {
			return nil, err
		}
		again, err := b.once(ctx, "token-repeated", side{b.small.comptoir, b.tokenPlan(false)})
		if err != nil {
			return nil, err
		}
		signed, issued, repeated = append(signed, bare), append(issued, fresh.Rate()), append(repeated, again.Rate())
		ratios, times = append(ratios, fresh.Rate()/bare), append(times, again.Rate()/fresh.Rate())
	}
	return []report.Row{
		{
			Measure: "new token, client credentials, against bare RS256 signing", Figure: perSecond(middle(issued)),
			Floor: perSecond(middle(signed)), Value: middle(ratios), Goal: report.AtLeast(0.8),
		},
		{
			Measure: "the same application again, against a new token", Figure: perSecond(middle(repeated)),
			Floor: perSecond(middle(issued)), Value: middle(times), Goal: report.AtLeast(5),
		},
	}, nil
}

// asked counts the tokens that were asked for, so that each can be another one.
var asked atomic.Int64

// tokenPlan asks for tokens of all partners' applications. A token names the
// address through which it was asked for, so a new address takes a new token.
func (b *bench) tokenPlan(fresh bool) load.Plan {
	w := b.small.World
	return load.Plan{Connections: 8, Status: http.StatusOK, Request: func(to []byte, _, _ int) []byte {
		n := asked.Add(1)
		p, host := &w.Partners[int(n)%len(w.Partners)], "comptoir.example"
		if fresh {
			host = fmt.Sprintf("c%d.example", n)
		}
		form := tokenForm(p)
		return fmt.Appendf(to, "POST /%s/oauth2/v2.0/token HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
			p.Tenant, host, len(form), form)
	}}
}

// signing returns how many tokens a second this machine signs when it does
// nothing else.
func signing(key *rsa.PrivateKey, limit time.Duration) (float64, error) {
	var total atomic.Int64
	var wg sync.WaitGroup
	watch := clock.Start()
	errs := make(chan error, runtime.GOMAXPROCS(0))
	text := []byte(strings.Repeat("x", 900))
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for watch.Elapsed() < limit {
				sum := sha256.Sum256(text)
				if _, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:]); err != nil {
					errs <- err
					return
				}
				total.Add(1)
			}
		})
	}
	wg.Wait()
	select {
	case err := <-errs:
		return 0, err
	default:
		return float64(total.Load()) / watch.Elapsed().Seconds(), nil
	}
}
