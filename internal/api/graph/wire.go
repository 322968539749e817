package graph

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"comptoir/internal/gdap"
	"comptoir/internal/id"
)

// The names of types, as @odata.type has them.
const (
	relationshipType = "#microsoft.graph.delegatedAdminRelationship"
	proposedType     = "#microsoft.graph.resellerDelegatedAdminRelationship"
	assignmentType   = "#microsoft.graph.delegatedAdminAccessAssignment"
	requestType      = "#microsoft.graph.delegatedAdminRelationshipRequest"
	operationType    = "#microsoft.graph.delegatedAdminRelationshipOperation"
	customerType     = "#microsoft.graph.delegatedAdminCustomer"
)

// control are the control members of an object. Context is empty in lists.
type control struct {
	Context string `json:"@odata.context,omitempty"`
	Type    string `json:"@odata.type,omitempty"`
	Etag    string `json:"@odata.etag,omitempty"`
}

type accessDetails struct {
	UnifiedRoles []unifiedRole `json:"unifiedRoles"`
}

type unifiedRole struct {
	RoleDefinitionID string `json:"roleDefinitionId"`
}

type party struct {
	TenantID    string `json:"tenantId"`
	DisplayName string `json:"displayName"`
}

// partyChange is a party as clients send it: what is absent or null stays as it is.
type partyChange struct {
	TenantID    *string `json:"tenantId"`
	DisplayName *string `json:"displayName"`
}

// relationshipBody is delegatedAdminRelationship (section 21.1).
type relationshipBody struct {
	control
	ID                 string        `json:"id"`
	DisplayName        string        `json:"displayName"`
	Duration           string        `json:"duration"`
	AutoExtendDuration string        `json:"autoExtendDuration"`
	Customer           *party        `json:"customer"`
	AccessDetails      accessDetails `json:"accessDetails"`
	Status             string        `json:"status"`
	Created            *time.Time    `json:"createdDateTime"`
	LastModified       *time.Time    `json:"lastModifiedDateTime"`
	Activated          *time.Time    `json:"activatedDateTime"`
	End                *time.Time    `json:"endDateTime"`
	// Of what a provider asked for on behalf of its reseller.
	IndirectProviderTenantID string `json:"indirectProviderTenantId,omitempty"`
	IsPartnerConsentPending  *bool  `json:"isPartnerConsentPending,omitempty"`
}

// moment is nil for the zero time.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func viewRelationship(r gdap.Relationship) relationshipBody {
	b := relationshipBody{
		control: control{Type: relationshipType, Etag: etag(r.Version)}, ID: r.ID, DisplayName: r.Name, Duration: r.Duration,
		AutoExtendDuration: r.AutoExtend, AccessDetails: viewRoles(r.Roles), Status: string(r.Status),
		Created: moment(r.CreatedAt), LastModified: moment(r.ChangedAt), Activated: moment(r.ActivatedAt), End: moment(r.EndsAt),
	}
	if r.Customer != "" {
		b.Customer = &party{string(r.Customer), r.CustomerName}
	}
	if r.Source == gdap.ByProvider {
		b.Type, b.IndirectProviderTenantID, b.IsPartnerConsentPending = proposedType, string(r.Provider), &r.ConsentDue
	}
	return b
}

func viewRoles(s gdap.Set) accessDetails {
	d := accessDetails{UnifiedRoles: make([]unifiedRole, len(s))}
	for i, role := range s {
		d.UnifiedRoles[i].RoleDefinitionID = string(role)
	}
	return d
}

// roles returns the roles of d in lower case.
func (d accessDetails) roles() []gdap.RoleID {
	all := make([]gdap.RoleID, len(d.UnifiedRoles))
	for i, r := range d.UnifiedRoles {
		all[i] = gdap.RoleID(strings.ToLower(strings.TrimSpace(r.RoleDefinitionID)))
	}
	return all
}

// relationshipChange is delegatedAdminRelationship as clients send it: what is
// absent or null stays as it is.
type relationshipChange struct {
	DisplayName        *string        `json:"displayName"`
	Duration           *string        `json:"duration"`
	AutoExtendDuration *string        `json:"autoExtendDuration"`
	Customer           *partyChange   `json:"customer"`
	AccessDetails      *accessDetails `json:"accessDetails"`
	// IndirectResellerTenantID is ours: for whom a provider proposes it.
	IndirectResellerTenantID string `json:"indirectResellerTenantId"`
}

// draft is what of a relationship changes.
func (b relationshipChange) draft() (gdap.Draft, error) {
	d := gdap.Draft{Name: b.DisplayName, Duration: b.Duration, AutoExtend: b.AutoExtendDuration}
	if b.AccessDetails != nil {
		roles := b.AccessDetails.roles()
		d.Roles = &roles
	}
	if b.Customer == nil {
		return d, nil
	}
	d.CustomerName = b.Customer.DisplayName
	if b.Customer.TenantID != nil {
		tenant, err := guid(*b.Customer.TenantID, "customer.tenantId")
		if err != nil {
			return d, err
		}
		customer := id.Tenant(tenant)
		d.Customer = &customer
	}
	return d, nil
}

// onlyAutoExtend reports whether nothing else changes.
func (b relationshipChange) onlyAutoExtend() bool {
	return b.AutoExtendDuration != nil && b.DisplayName == nil && b.Duration == nil && b.Customer == nil && b.AccessDetails == nil
}

// assignmentBody is delegatedAdminAccessAssignment (section 21.4).
type assignmentBody struct {
	control
	ID              string          `json:"id"`
	Status          string          `json:"status"`
	Created         *time.Time      `json:"createdDateTime"`
	LastModified    *time.Time      `json:"lastModifiedDateTime"`
	AccessContainer accessContainer `json:"accessContainer"`
	AccessDetails   accessDetails   `json:"accessDetails"`
}

type accessContainer struct {
	AccessContainerID   string `json:"accessContainerId"`
	AccessContainerType string `json:"accessContainerType"`
}

// securityGroup is the one type of containers.
const securityGroup = "securityGroup"

func viewAssignment(a gdap.Assigned) assignmentBody {
	return assignmentBody{
		control: control{Type: assignmentType, Etag: etag(a.Version)}, ID: a.ID, Status: string(a.Status),
		Created: moment(a.CreatedAt), LastModified: moment(a.ChangedAt),
		AccessContainer: accessContainer{string(a.Group), securityGroup}, AccessDetails: viewRoles(a.Roles),
	}
}

// requestBody is delegatedAdminRelationshipRequest.
type requestBody struct {
	control
	ID           string     `json:"id"`
	Action       string     `json:"action"`
	Status       string     `json:"status"`
	Created      *time.Time `json:"createdDateTime"`
	LastModified *time.Time `json:"lastModifiedDateTime"`
}

func viewRequest(r gdap.Asked) requestBody {
	return requestBody{
		control: control{Type: requestType}, ID: r.ID, Action: string(r.Action), Status: r.Status,
		Created: moment(r.CreatedAt), LastModified: moment(r.ChangedAt),
	}
}

// operationBody is delegatedAdminRelationshipOperation.
type operationBody struct {
	control
	ID            string     `json:"id"`
	OperationType string     `json:"operationType"`
	Data          string     `json:"data"`
	Status        string     `json:"status"`
	Created       *time.Time `json:"createdDateTime"`
	LastModified  *time.Time `json:"lastModifiedDateTime"`
}

func viewOperation(o gdap.Operation) operationBody {
	return operationBody{
		control: control{Type: operationType}, ID: o.ID, OperationType: o.Type, Data: o.Data, Status: string(o.Status),
		Created: moment(o.CreatedAt), LastModified: moment(o.ChangedAt),
	}
}

// customerBody is delegatedAdminCustomer.
type customerBody struct {
	control
	ID          string `json:"id"`
	TenantID    string `json:"tenantId"`
	DisplayName string `json:"displayName"`
}

func viewCustomer(s gdap.Served) customerBody {
	return customerBody{control{Type: customerType}, string(s.Customer), string(s.Customer), s.Name}
}

// list is a page of a collection.
type list[T any] struct {
	Context  string `json:"@odata.context"`
	Count    *int64 `json:"@odata.count,omitempty"`
	NextLink string `json:"@odata.nextLink,omitempty"`
	Value    []T    `json:"value"`
}

// answerList answers a list with the members that $select names.
func answerList[T any](c *call, status int, l list[T]) error {
	if l.Value == nil {
		l.Value = []T{}
	}
	wanted := selection(c.option("select"))
	if wanted == nil {
		return c.answer(status, l)
	}
	cut := list[map[string]json.RawMessage]{Context: l.Context, Count: l.Count, NextLink: l.NextLink, Value: []map[string]json.RawMessage{}}
	for _, v := range l.Value {
		one, err := selected(v, wanted)
		if err != nil {
			return err
		}
		cut.Value = append(cut.Value, one)
	}
	return c.answer(status, cut)
}

// answerOne answers an object with the members that $select names.
func answerOne(c *call, status int, v any) error {
	wanted := selection(c.option("select"))
	if wanted == nil {
		return c.answer(status, v)
	}
	one, err := selected(v, wanted)
	if err != nil {
		return err
	}
	return c.answer(status, one)
}

// selection reads $select; nil is everything.
func selection(text string) []string {
	if text == "" || text == "*" {
		return nil
	}
	var names []string
	for name := range strings.SplitSeq(text, ",") {
		names = append(names, strings.ToLower(strings.TrimSpace(name)))
	}
	return names
}

// selected returns the members of v that are wanted, and the control members.
func selected(v any, wanted []string) (map[string]json.RawMessage, error) {
	b, err := encode(v)
	if err != nil {
		return nil, err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, err
	}
	for name := range all {
		if !strings.HasPrefix(name, "@") && !slices.Contains(wanted, strings.ToLower(name)) {
			delete(all, name)
		}
	}
	return all, nil
}

// etag writes a version as the interface writes etags: weak, in base64.
func etag(version int64) string {
	return `W/"` + base64.StdEncoding.EncodeToString(fmt.Appendf(nil, `'"%08x"'`, version)) + `"`
}

// parseEtag is the inverse of etag. Clients leave out the W, or the quotes.
func parseEtag(text string) (int64, bool) {
	text = strings.Trim(strings.TrimPrefix(strings.TrimSpace(text), "W/"), `"`)
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return 0, false
	}
	version, err := strconv.ParseInt(strings.Trim(string(b), `'"`), 16, 64)
	return version, err == nil && version > 0
}
