package v1

import (
	"cmp"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"comptoir/internal/activity"
	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/id"
	"comptoir/internal/refusal"
)

// Bounds of what the log is asked for at once (section 19). How far back one may
// ask has none: the log is kept, so it can be read.
const (
	auditPage   = 500
	auditWindow = 30 * 24 * time.Hour
)

// auditRoutes add the activity log as the contract shows it (section 19).
func (a *API) auditRoutes() {
	list := route.Route{
		Method: http.MethodGet, Auth: route.Both,
		Query: []route.Parameter{
			{Name: "startDate", Type: "string"}, {Name: "endDate", Type: "string"}, {Name: "filter", Type: "string"}, {Name: "size", Type: "integer"},
		},
		Gives: reflect.TypeFor[wire.Collection[wire.AuditRecord]](), ObjectType: "Collection<AuditRecord>", Status: http.StatusOK,
	}
	list.Path, list.Name, list.Summary = "/v1/auditrecords", "listAuditRecords", "api.route.audit"
	a.handle(list, listAudit)
	list.Path, list.Name, list.Summary = "/auditactivity/v1/auditrecords", "listAuditActivity", "api.route.audit_second"
	a.handle(list, listAudit)
	a.handle(route.Route{
		Method: http.MethodGet, Path: "/auditactivity/v1/auditrecords/{id}", Auth: route.Both,
		Name: "getAuditRecord", Summary: "api.route.audit_record",
		Gives: reflect.TypeFor[wire.AuditRecord](), ObjectType: "AuditRecord", Status: http.StatusOK,
	}, getAudit)
}

func listAudit(c *call) error {
	query, l, err := auditQuery(c)
	if err != nil {
		return err
	}
	return answerList(c, l, func(at ask) (batch[wire.AuditRecord], error) {
		query.Before, query.Limit = at.cursor, at.size
		page, err := activity.List.Do(c.r.Context(), c.api.kernel, c.actor, query)
		if err != nil {
			return batch[wire.AuditRecord]{}, err
		}
		items := make([]wire.AuditRecord, len(page.Records))
		for i := range page.Records {
			items[i] = viewAudit(&page.Records[i])
		}
		return batch[wire.AuditRecord]{items: items, next: page.Next, total: uncounted}, nil
	})
}

// auditQuery reads which records a caller asks for.
func auditQuery(c *call) (activity.Query, listing, error) {
	q := activity.Query{ForContract: true}
	var err error
	if q.From, q.To, err = auditSpan(c); err != nil {
		return q, listing{}, err
	}
	last := q.To.Add(-time.Nanosecond)
	l, err := c.listing("/auditrecords", "startDate="+q.From.Format(time.DateOnly)+"&endDate="+last.Format(time.DateOnly))
	if err != nil {
		return q, l, err
	}
	if l.from.backward || l.skip > 0 {
		return q, l, refusal.Argument.On("seekOperation") // the log is read from now to then
	}
	l.size = cmp.Or(l.size, auditPage)
	return q, l, filterAudit(c, &q)
}

// auditSpan reads from when to when: whole days, the last one included.
func auditSpan(c *call) (from, to time.Time, err error) {
	today := c.api.kernel.Clock.Now().Truncate(24 * time.Hour)
	start, err := c.day("startDate")
	if err != nil {
		return from, to, err
	}
	end, err := c.day("endDate")
	if err != nil {
		return from, to, err
	}
	if start.IsZero() {
		start = today.Add(-auditWindow)
		if !end.IsZero() && end.Before(start) {
			start = end.Add(-auditWindow)
		}
	}
	if !end.IsZero() && end.Before(start) {
		return from, to, refusal.Argument.On("endDate")
	}
	if last := start.Add(auditWindow); end.IsZero() || end.After(last) {
		end = last
	}
	if end.After(today) {
		end = today
	}
	return start, end.Add(24 * time.Hour), nil
}

// day reads a query parameter that is a date, also under the dotted name of
// another description of the service; the zero time when absent.
func (c *call) day(name string) (time.Time, error) {
	s := cmp.Or(c.param(name), c.param("auditRequest."+name))
	if s == "" {
		return time.Time{}, nil
	}
	t, ok := wire.ParseTime(s)
	if !ok {
		return t, refusal.Argument.On(name)
	}
	return t.Truncate(24 * time.Hour), nil
}

// filterAudit reads the filter of audit records (section 5.3).
func filterAudit(c *call, q *activity.Query) error {
	text := c.param("filter")
	if text == "" {
		return nil
	}
	parsed, err := wire.ParseFilter(text)
	if err != nil {
		return err
	}
	terms, ok := parsed.Terms()
	if !ok {
		return refusal.Argument.On("filter")
	}
	for _, term := range terms {
		value := strings.TrimSpace(term.Value)
		switch strings.ToLower(term.Field) + " " + term.Operator {
		case "companyname " + wire.Substring:
			q.CustomerName = value
			ok = true
		case "customerid " + wire.Equals:
			value, ok = id.Parse(value)
			q.Customer = id.Tenant(value)
		case "resourcetype " + wire.Equals:
			q.Resource, ok = wire.AuditResources.Parse(value)
		default:
			ok = false
		}
		if !ok {
			return refusal.Argument.On("filter").With("Name", "filter: "+term.Field+" "+term.Operator)
		}
	}
	return nil
}

// nobody stands for no customer.
const nobody = "00000000-0000-0000-0000-000000000000"

// auditID names a record as the contract does: by partner, customer, what was
// done, and when. What the contract has no name for keeps its own id.
func auditID(r *activity.Record) string {
	if !activity.Contract(r.Operation) {
		return r.ID
	}
	operation := strings.ReplaceAll(r.Operation, "_", "")
	return strings.Join([]string{string(r.Tenant), cmp.Or(string(r.Customer), nobody), operation, wire.Ticks(r.At)}, "_")
}

func getAudit(c *call) error {
	name, err := c.name("id")
	if err != nil {
		return err
	}
	record, err := findAudit(c, name)
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, viewAudit(&record))
}

func findAudit(c *call, name string) (activity.Record, error) {
	ctx, k := c.r.Context(), c.api.kernel
	if own, ok := id.Parse(name); ok {
		return activity.Show.Do(ctx, k, c.actor, activity.Key{ID: own, ForContract: true})
	}
	parts := strings.Split(name, "_")
	if len(parts) != 4 {
		return activity.Record{}, refusal.NotFound
	}
	tenant, isTenant := id.Parse(parts[0])
	customer, isCustomer := id.Parse(parts[1])
	operation, isOperation := wire.AuditOperations.Parse(parts[2])
	at, isTime := wire.ParseTicks(parts[3])
	if !isTenant || !isCustomer || !isOperation || !isTime {
		return activity.Record{}, refusal.NotFound
	}
	if customer == nobody {
		customer = ""
	}
	return activity.At.Do(ctx, k, c.actor, activity.Moment{
		Tenant: id.Tenant(tenant), Customer: id.Tenant(customer), Operation: operation, At: at,
	})
}

func viewAudit(r *activity.Record) wire.AuditRecord {
	v := wire.AuditRecord{
		ID: auditID(r), PartnerID: string(r.Tenant), CustomerID: cmp.Or(string(r.Customer), nobody), CustomerName: r.CustomerName,
		ApplicationID: cmp.Or(string(r.App), r.Channel), OriginalCorrelationID: r.CorrelationID,
		ResourceType: r.Resource, ResourceOldValue: wire.PascalJSON(r.Old), ResourceNewValue: wire.PascalJSON(r.New),
		OperationType: r.Operation, OperationDate: wire.Time{Time: r.At}, OperationStatus: r.Status,
		CustomizedData: []wire.KeyValue{}, Attributes: wire.Attributes{ObjectType: "AuditRecord"},
	}
	if r.User != "" {
		v.UserPrincipalName = r.UserName
	}
	for _, key := range slices.Sorted(maps.Keys(r.Data)) {
		value := r.Data[key]
		v.CustomizedData = append(v.CustomizedData, wire.KeyValue{Key: key, Value: &value})
	}
	return v
}
