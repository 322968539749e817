package floor

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// The statements that no program can do without that answers such requests from
// the tables of Comptoir.
const (
	columns = `customer_id, kind, number, version, status, status_at, name, original_name, domain, tags, country, reseller_id,
	provider_id, qualification, registration_type, registration_text, contact_first, contact_last, email, culture, language,
	address_first, address_middle, address_last, address_email, line1, line2, line3, district, city, state, region,
	postal_code, phone, created_at, changed_at`
	selectOne   = `SELECT ` + columns + ` FROM customers WHERE partner_id = $1 AND customer_id = $2`
	selectList  = `SELECT ` + columns + ` FROM customers WHERE partner_id = $1 ORDER BY number LIMIT $2`
	selectTotal = `SELECT value FROM counters WHERE owner = $1 AND name = $2`
)

// customer is a row of the table, written to JSON as it is.
type customer struct {
	ID, Kind                                                   string
	Number, Version                                            int64
	Status                                                     string
	StatusAt                                                   int64
	Name, OriginalName, Domain, Tags, Country                  string
	Reseller, Provider, Qualification, IDType, RegistrationID  string
	ContactFirst, ContactLast, Email, Culture, Language        string
	AddressFirst, AddressMiddle, AddressLast, AddressEmail     string
	Line1, Line2, Line3, District, City, State, Region, Postal string
	Phone                                                      string
	CreatedAt, ChangedAt                                       int64
	Pad                                                        string // makes the answer as long as Comptoir's
}

func (c *customer) scan(rows *sql.Rows) error {
	return rows.Scan(&c.ID, &c.Kind, &c.Number, &c.Version, &c.Status, &c.StatusAt, &c.Name, &c.OriginalName, &c.Domain,
		&c.Tags, &c.Country, &c.Reseller, &c.Provider, &c.Qualification, &c.IDType, &c.RegistrationID, &c.ContactFirst,
		&c.ContactLast, &c.Email, &c.Culture, &c.Language, &c.AddressFirst, &c.AddressMiddle, &c.AddressLast,
		&c.AddressEmail, &c.Line1, &c.Line2, &c.Line3, &c.District, &c.City, &c.State, &c.Region, &c.Postal, &c.Phone,
		&c.CreatedAt, &c.ChangedAt)
}

// padding is what an answer lacks to the size of Comptoir's. The first answer
// tells how much that is.
type padding struct {
	once sync.Once
	text string
}

func (p *padding) to(size int, answer any) string {
	p.once.Do(func() {
		if b, err := json.Marshal(answer); err == nil {
			p.text = strings.Repeat("x", max(size-len(b), 0))
		}
	})
	return p.text
}

func (f *Floor) getOne(w http.ResponseWriter, r *http.Request) {
	found, err := query(r.Context(), f.one, r.PathValue("partner"), r.PathValue("id"))
	if err != nil || len(found) != 1 {
		http.Error(w, fmt.Sprint(len(found), " customers: ", err), http.StatusInternalServerError)
		return
	}
	found[0].Pad = f.padOne.to(f.sizes.Customer, found[0])
	answer(w, found[0])
}

// list is a page of customers with the number of all.
type list struct {
	Total int64
	Items []customer
	Pad   string
}

func (f *Floor) getList(w http.ResponseWriter, r *http.Request) {
	partner := r.PathValue("partner")
	var page list
	err := f.total.QueryRowContext(r.Context(), partner, f.counter).Scan(&page.Total)
	if err == nil {
		page.Items, err = query(r.Context(), f.list, partner, ListLength)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	page.Pad = f.padList.to(f.sizes.List, page)
	answer(w, page)
}

func query(ctx context.Context, s *sql.Stmt, args ...any) ([]customer, error) {
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []customer
	for rows.Next() {
		var c customer
		if err := c.scan(rows); err != nil {
			return nil, err
		}
		found = append(found, c)
	}
	return found, rows.Err()
}

func answer(w http.ResponseWriter, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	_, _ = w.Write(b)
}
