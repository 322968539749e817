package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"comptoir/internal/bench/load"
)

// side is one of those that are measured in turn.
type side struct {
	*child
	plan load.Plan
}

// warm is how long a turn runs before it is measured.
const warm = 700 * time.Millisecond

// turns has each side run its load for a while, one after the other, round
// after round, so that a slow moment of the machine is shared. The results of
// the i-th side are the i-th ones.
func (b *bench) turns(ctx context.Context, measure string, sides ...side) ([]results, error) {
	all := make([]results, len(sides))
	for range b.rounds {
		for i, s := range sides {
			r, err := b.once(ctx, measure, s)
			if err != nil {
				return nil, err
			}
			all[i] = append(all[i], r)
		}
	}
	return all, nil
}

// once gives one side one turn.
func (b *bench) once(ctx context.Context, measure string, s side) (r load.Result, err error) {
	s.plan.Address, s.plan.Warm, s.plan.Time = s.Address, warm, b.time
	err = s.turn(func() (err error) {
		profiled := b.profile(ctx, measure, s.child)
		r, err = load.Run(ctx, s.plan)
		return joined(err, profiled)
	})
	if err != nil {
		return r, fmt.Errorf("%s, %s: %w", measure, s.name, err)
	}
	return r, nil
}

// results are those of one side, round by round.
type results []load.Result

// rate returns the median of requests per second.
func (r results) rate() float64 { return median(r, load.Result.Rate) }

// percentile returns the median over the rounds of a percentile, in milliseconds.
func (r results) percentile(p float64) float64 {
	return median(r, func(l load.Result) float64 { return milliseconds(l.Percentile(p)) })
}

// over returns the median of what r reaches as a share of other in the same round.
func (r results) over(other results) float64 {
	ratios := make([]float64, len(r))
	for i := range r {
		ratios[i] = r[i].Rate() / other[i].Rate()
	}
	return middle(ratios)
}

// middle returns the median of values.
func middle(values []float64) float64 { return median(values, func(f float64) float64 { return f }) }

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// median returns the middle value of f over all.
func median[T any](all []T, f func(T) float64) float64 {
	values := make([]float64, len(all))
	for i, v := range all {
		values[i] = f(v)
	}
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// profile takes a CPU profile of Comptoir during a turn, when that is wanted.
// The channel gives its outcome.
func (b *bench) profile(ctx context.Context, measure string, c *child) <-chan error {
	done := make(chan error, 1)
	if b.profiles == "" {
		done <- nil
		return done
	}
	file := strings.Map(func(r rune) rune {
		if r == ' ' || r == ',' || r == '/' {
			return '-'
		}
		return r
	}, c.name+"-"+measure) + ".pprof"
	seconds := int((warm + b.time).Seconds())
	go func() {
		done <- download(ctx, fmt.Sprintf("http://%s/profile?seconds=%d", c.Profile, seconds), filepath.Join(b.profiles, file))
	}()
	return done
}

// download writes what an address answers into a file.
func download(ctx context.Context, url, path string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(f, res.Body)
	return err
}

func joined(err error, more <-chan error) error {
	if second := <-more; err == nil {
		return second
	}
	return err
}
