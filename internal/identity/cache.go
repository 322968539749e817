package identity

import (
	"sync"
	"time"

	"comptoir/internal/clock"
)

// factAge is how long a fact may be kept in memory. What this process changes
// is forgotten at once; the age bounds how long another node's change may go
// unnoticed.
const factAge = 5 * time.Second

// cacheMax is how many facts of a kind are kept.
const cacheMax = 50_000

// cache keeps facts that are asked for with every request.
type cache[K comparable, V any] struct {
	wall *clock.Clock

	mu      sync.RWMutex
	entries map[K]entry[V]
	// changes counts what was forgotten. A fact read before a change must not be
	// kept after it, so a reader that sees another count drops what it read.
	changes uint64
}

type entry[V any] struct {
	value V
	until time.Time
}

func newCache[K comparable, V any](wall *clock.Clock) *cache[K, V] {
	return &cache[K, V]{wall: wall, entries: make(map[K]entry[V])}
}

// get returns the fact of key, from load when it is not kept or too old.
// Failures are not kept.
func (c *cache[K, V]) get(key K, load func() (V, error)) (V, error) {
	now := c.wall.Now()
	c.mu.RLock()
	e, found := c.entries[key]
	before := c.changes
	c.mu.RUnlock()
	if found && now.Before(e.until) {
		return e.value, nil
	}
	value, err := load()
	if err != nil {
		return value, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changes == before {
		c.makeRoom(now)
		c.entries[key] = entry[V]{value, now.Add(factAge)}
	}
	return value, nil
}

// makeRoom drops facts that are too old, and everything when that is not enough.
func (c *cache[K, V]) makeRoom(now time.Time) {
	if len(c.entries) < cacheMax {
		return
	}
	for k, e := range c.entries {
		if !now.Before(e.until) {
			delete(c.entries, k)
		}
	}
	if len(c.entries) >= cacheMax {
		clear(c.entries)
	}
}

func (c *cache[K, V]) forget(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.entries, key)
	c.changes++
}

func (c *cache[K, V]) forgetAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.entries)
	c.changes++
}
