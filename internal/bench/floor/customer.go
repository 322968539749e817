package floor

import (
	"context"
	"database/sql"
	"encoding/json"
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
	itemColumns = `customer_id, kind, number, status, name, original_name, domain, tags, country, reseller_id, provider_id,
	qualification, created_at`
	selectOne   = `SELECT ` + columns + ` FROM customers WHERE partner_id = $1 AND customer_id = $2`
	selectList  = `SELECT ` + itemColumns + ` FROM customers WHERE partner_id = $1 ORDER BY name_key, number LIMIT $2`
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

func (c *customer) scan(row *sql.Row) error {
	return row.Scan(&c.ID, &c.Kind, &c.Number, &c.Version, &c.Status, &c.StatusAt, &c.Name, &c.OriginalName, &c.Domain,
		&c.Tags, &c.Country, &c.Reseller, &c.Provider, &c.Qualification, &c.IDType, &c.RegistrationID, &c.ContactFirst,
		&c.ContactLast, &c.Email, &c.Culture, &c.Language, &c.AddressFirst, &c.AddressMiddle, &c.AddressLast,
		&c.AddressEmail, &c.Line1, &c.Line2, &c.Line3, &c.District, &c.City, &c.State, &c.Region, &c.Postal, &c.Phone,
		&c.CreatedAt, &c.ChangedAt)
}

// item is a customer as a list shows it.
type item struct {
	ID, Kind                                                    string
	Number                                                      int64
	Status, Name, OriginalName, Domain, Tags, Country, Reseller string
	Provider, Qualification                                     string
	CreatedAt                                                   int64
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
	var c customer
	if err := c.scan(f.one.QueryRowContext(r.Context(), r.PathValue("partner"), r.PathValue("id"))); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	c.Pad = f.padOne.to(f.sizes.Customer, c)
	answer(w, c)
}

// list is a page of customers with the number of all.
type list struct {
	Total int64
	Items []item
	Pad   string
}

func (f *Floor) getList(w http.ResponseWriter, r *http.Request) {
	partner := r.PathValue("partner")
	var page list
	err := f.total.QueryRowContext(r.Context(), partner, f.counter).Scan(&page.Total)
	if err == nil {
		page.Items, err = items(r.Context(), f.list, partner)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	page.Pad = f.padList.to(f.sizes.List, page)
	answer(w, page)
}

func items(ctx context.Context, s *sql.Stmt, partner string) ([]item, error) {
	rows, err := s.QueryContext(ctx, partner, ListLength)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := make([]item, 0, ListLength)
	for rows.Next() {
		var i item
		if err := rows.Scan(&i.ID, &i.Kind, &i.Number, &i.Status, &i.Name, &i.OriginalName, &i.Domain, &i.Tags, &i.Country,
			&i.Reseller, &i.Provider, &i.Qualification, &i.CreatedAt); err != nil {
			return nil, err
		}
		found = append(found, i)
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
