// Package world makes installations with many customers to measure on, and
// keeps them in files for the next run.
package world

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"

	"comptoir/internal/db"
	"comptoir/internal/id"
)

// Partners is how many partners a world has. The first one has half of all
// customers, the others share the rest.
const Partners = 100

// World is an installation in a file, closed.
type World struct {
	Path string // of the database
	People
}

// People are who may call an installation and visit it.
type People struct {
	Partners []Partner
	Reviewer Person // of the operator
}

// Person is somebody who can sign in to the portal.
type Person struct {
	Tenant id.Tenant
	User   id.User
}

// Partner is a direct bill partner of a world with an application that may call
// for it.
type Partner struct {
	Tenant    id.Tenant
	App       id.App
	Secret    string
	Admin     id.User
	Customers []Customer
}

// Customer is a customer of a partner.
type Customer struct {
	ID     id.Tenant
	Number int // of its company, see NewJSON
}

// AnyCustomer returns a customer by chance, each as likely as the other, and
// its partner.
func (w *World) AnyCustomer() (*Partner, Customer) {
	p := w.AnyPartner()
	return p, p.Customers[rand.IntN(len(p.Customers))]
}

// AnyPartner returns a partner by chance. As half of all customers are the
// first one's, so is half of the chance.
func (w *World) AnyPartner() *Partner {
	if n := rand.IntN(2 * (len(w.Partners) - 1)); n < len(w.Partners)-1 {
		return &w.Partners[1+n]
	}
	return &w.Partners[0]
}

// Visitor returns somebody of the partner with half of all customers.
func (w *World) Visitor() Person { return Person{w.Partners[0].Tenant, w.Partners[0].Admin} }

// Size returns the number of customers.
func (w *World) Size() int {
	n := 0
	for _, p := range w.Partners {
		n += len(p.Customers)
	}
	return n
}

// shares returns how many of customers each partner has.
func shares(customers int) []int {
	n := make([]int, Partners)
	n[0] = customers
	for i := 1; i < Partners; i++ {
		n[i] = customers / 2 / (Partners - 1)
		n[0] -= n[i]
	}
	return n
}

// beside returns the file next to a database that keeps who may call and visit.
func beside(path string) string { return path + ".json" }

// Open reads the world whose database is path, if there is one.
func Open(ctx context.Context, path string) (w *World, found bool, err error) {
	text, err := os.ReadFile(beside(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	w = &World{Path: path}
	if err := json.Unmarshal(text, &w.People); err != nil {
		return nil, false, fmt.Errorf("%s: %w", beside(path), err)
	}
	return w, true, w.readCustomers(ctx)
}

// keep writes what Open reads beside the database.
func (w *World) keep() error {
	kept := People{Partners: slices.Clone(w.Partners), Reviewer: w.Reviewer}
	for i := range kept.Partners {
		kept.Partners[i].Customers = nil
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	return os.WriteFile(beside(w.Path), text, 0o600)
}

// readCustomers reads the ids of all customers.
func (w *World) readCustomers(ctx context.Context) error {
	partners := make(map[id.Tenant]*Partner)
	for i := range w.Partners {
		partners[w.Partners[i].Tenant] = &w.Partners[i]
	}
	d, err := db.Open(ctx, w.Path, db.Options{})
	if err != nil {
		return err
	}
	return errors.Join(readCustomers(ctx, d.Pool(), partners), d.Close())
}

func readCustomers(ctx context.Context, pool *sql.DB, partners map[id.Tenant]*Partner) error {
	rows, err := pool.QueryContext(ctx, `SELECT partner_id, customer_id, domain FROM customers`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var partner id.Tenant
		var c Customer
		var domain string
		if err := rows.Scan(&partner, &c.ID, &domain); err != nil {
			return err
		}
		if c.Number, err = companyNumber(domain); err != nil {
			return err
		}
		p := partners[partner]
		p.Customers = append(p.Customers, c)
	}
	return rows.Err()
}
