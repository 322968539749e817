// Package graphsdk holds the Graph SDK for Go against an installation, with nothing
// changed but the address. It is a module of its own, so that what the SDK needs stays
// out of Comptoir. A test of the server (internal/api/graph) starts it and says in the
// environment where the installation is: under /approve it answers as the customer does
// in the portal, and under /work it does at once what a job does in a moment.
package graphsdk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/authentication"
	"github.com/microsoft/kiota-abstractions-go/serialization"
	kiotajson "github.com/microsoft/kiota-serialization-json-go"
	core "github.com/microsoftgraph/msgraph-sdk-go-core"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/models/odataerrors"
	"github.com/microsoftgraph/msgraph-sdk-go/tenantrelationships"
)

// The roles that are asked for.
const (
	reader  = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
	support = "f023fd81-a637-4b56-95fd-791ac0226033"
)

// world is an installation as the SDK meets it.
type world struct {
	*testing.T
	origin, customer, group string
	graph                   *tenantrelationships.TenantRelationshipsRequestBuilder
}

func newWorld(t *testing.T) *world {
	env := func(name string) string {
		value := os.Getenv("COMPTOIR_" + name)
		if value == "" {
			t.Skipf("COMPTOIR_%s is not set: a test of internal/api/graph starts this one", name)
		}
		return value
	}
	w := &world{T: t, origin: env("ORIGIN"), customer: env("CUSTOMER"), group: env("GROUP")}
	abstractions.RegisterDefaultSerializer(func() serialization.SerializationWriterFactory { return kiotajson.NewJsonSerializationWriterFactory() })
	abstractions.RegisterDefaultDeserializer(func() serialization.ParseNodeFactory { return kiotajson.NewJsonParseNodeFactory() })
	adapter, err := core.NewGraphRequestAdapterBase(authentication.NewBaseBearerTokenAuthenticationProvider(token(env("TOKEN"))), core.GraphClientOptions{})
	if err != nil {
		t.Fatal(err)
	}
	adapter.SetBaseUrl(w.origin + "/v1.0")
	w.graph = tenantrelationships.NewTenantRelationshipsRequestBuilderInternal(map[string]string{"baseurl": adapter.GetBaseUrl()}, adapter)
	return w
}

// token is an access token that somebody has.
type token string

// GetAuthorizationToken implements authentication.AccessTokenProvider.
func (t token) GetAuthorizationToken(context.Context, *url.URL, map[string]any) (string, error) {
	return string(t), nil
}

// GetAllowedHostsValidator implements authentication.AccessTokenProvider.
func (t token) GetAllowedHostsValidator() *authentication.AllowedHostsValidator {
	all := authentication.NewAllowedHostsValidator(nil)
	return &all
}

func pointer[T any](v T) *T { return &v }

// aside asks what stands beside the installation.
func (w *world) aside(path string) {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), http.MethodPost, w.origin+path, nil)
	if err != nil {
		w.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		w.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusNoContent {
		w.Fatalf("%s: %s", path, res.Status)
	}
}

func (w *world) roles(ids ...string) models.DelegatedAdminAccessDetailsable {
	var all []models.UnifiedRoleable
	for _, id := range ids {
		role := models.NewUnifiedRole()
		role.SetRoleDefinitionId(pointer(id))
		all = append(all, role)
	}
	details := models.NewDelegatedAdminAccessDetails()
	details.SetUnifiedRoles(all)
	return details
}

// ask asks the customer for roles.
func (w *world) ask(name string) (models.DelegatedAdminRelationshipable, error) {
	w.Helper()
	days, err := serialization.ParseISODuration("P730D")
	if err != nil {
		w.Fatal(err)
	}
	who := models.NewDelegatedAdminRelationshipCustomerParticipant()
	who.SetTenantId(&w.customer)
	who.SetDisplayName(pointer("Fjällbageri"))
	wish := models.NewDelegatedAdminRelationship()
	wish.SetDisplayName(&name)
	wish.SetDuration(days)
	wish.SetCustomer(who)
	wish.SetAccessDetails(w.roles(reader, support))
	return w.graph.DelegatedAdminRelationships().Post(w.Context(), wish, nil)
}

func must[T any](w *world, v T, err error) T {
	w.Helper()
	if err != nil {
		w.Fatal(said(err))
	}
	return v
}

// said is what an error of the SDK says.
func said(err error) string {
	var e *odataerrors.ODataError
	if errors.As(err, &e) && e.GetErrorEscaped() != nil && e.GetErrorEscaped().GetCode() != nil {
		return fmt.Sprintf("%d %s", e.GetStatusCode(), *e.GetErrorEscaped().GetCode())
	}
	return err.Error()
}

func (w *world) refused(err error, want string) {
	w.Helper()
	if err == nil {
		w.Errorf("was not refused, want %s", want)
	} else if said(err) != want {
		w.Errorf("refused with %s, want %s", said(err), want)
	}
}

// ifMatch names the version of something that was read.
func ifMatch(read serialization.AdditionalDataHolder) *abstractions.RequestHeaders {
	h := abstractions.NewRequestHeaders()
	if tag, ok := read.GetAdditionalData()["@odata.etag"].(*string); ok {
		h.Add("If-Match", *tag)
	}
	return h
}

// A relationship from the request to its end, with a version that is too old on the way.
func TestARelationshipFromTheRequestToItsEnd(t *testing.T) {
	w := newWorld(t)
	made, err := w.ask("Drift Go")
	must(w, made, err)
	if *made.GetStatus() != models.CREATED_DELEGATEDADMINRELATIONSHIPSTATUS || made.GetDuration().GetDays()+7*made.GetDuration().GetWeeks() != 730 {
		t.Errorf("made %v for %v", *made.GetStatus(), made.GetDuration())
	}
	_, err = w.ask("Drift Go")
	w.refused(err, "409 conflict")
	one := w.graph.DelegatedAdminRelationships().ByDelegatedAdminRelationshipId(*made.GetId())

	other := models.NewDelegatedAdminRelationship()
	other.SetDisplayName(pointer("Support Go"))
	config := &tenantrelationships.DelegatedAdminRelationshipsDelegatedAdminRelationshipItemRequestBuilderPatchRequestConfiguration{Headers: ifMatch(made)}
	named, err := one.Patch(t.Context(), other, config)
	if must(w, named, err); *named.GetDisplayName() != "Support Go" {
		t.Errorf("called %s", *named.GetDisplayName())
	}
	_, err = one.Patch(t.Context(), other, config)
	w.refused(err, "412 preconditionFailed")

	request := models.NewDelegatedAdminRelationshipRequest()
	request.SetAction(pointer(models.LOCKFORAPPROVAL_DELEGATEDADMINRELATIONSHIPREQUESTACTION))
	asked, err := one.Requests().Post(t.Context(), request, nil)
	if must(w, asked, err); *asked.GetAction() != models.LOCKFORAPPROVAL_DELEGATEDADMINRELATIONSHIPREQUESTACTION {
		t.Errorf("asked %v", *asked.GetAction())
	}
	w.aside("/approve/" + *made.GetId())
	active, err := one.Get(t.Context(), nil)
	if must(w, active, err); *active.GetStatus() != models.ACTIVE_DELEGATEDADMINRELATIONSHIPSTATUS || active.GetEndDateTime() == nil {
		t.Fatalf("approved %v until %v", *active.GetStatus(), active.GetEndDateTime())
	}
	w.assign(one)

	extension, err := serialization.ParseISODuration("P180D")
	must(w, extension, err)
	longer := models.NewDelegatedAdminRelationship()
	longer.SetAutoExtendDuration(extension)
	extended, err := one.Patch(t.Context(), longer, &tenantrelationships.DelegatedAdminRelationshipsDelegatedAdminRelationshipItemRequestBuilderPatchRequestConfiguration{Headers: ifMatch(active)})
	if must(w, extended, err); extended.GetAutoExtendDuration().GetDays()+7*extended.GetAutoExtendDuration().GetWeeks() != 180 {
		t.Errorf("extended by %v", extended.GetAutoExtendDuration())
	}
	served, err := w.graph.DelegatedAdminCustomers().ByDelegatedAdminCustomerId(w.customer).Get(t.Context(), nil)
	if must(w, served, err); *served.GetTenantId() != w.customer {
		t.Errorf("serves %s", *served.GetTenantId())
	}

	request.SetAction(pointer(models.TERMINATE_DELEGATEDADMINRELATIONSHIPREQUESTACTION))
	_, err = one.Requests().Post(t.Context(), request, nil)
	must(w, struct{}{}, err)
	over, err := one.Get(t.Context(), nil)
	if must(w, over, err); *over.GetStatus() != models.TERMINATED_DELEGATEDADMINRELATIONSHIPSTATUS {
		t.Errorf("ended as %v", *over.GetStatus())
	}
	_, err = w.graph.DelegatedAdminRelationships().ByDelegatedAdminRelationshipId("nobody").Get(t.Context(), nil)
	w.refused(err, "404 Request_ResourceNotFound")
}

// assign gives roles of an active relationship to a group, then others, then none.
func (w *world) assign(one *tenantrelationships.DelegatedAdminRelationshipsDelegatedAdminRelationshipItemRequestBuilder) {
	w.Helper()
	container := models.NewDelegatedAdminAccessContainer()
	container.SetAccessContainerId(&w.group)
	container.SetAccessContainerType(pointer(models.SECURITYGROUP_DELEGATEDADMINACCESSCONTAINERTYPE))
	wish := models.NewDelegatedAdminAccessAssignment()
	wish.SetAccessContainer(container)
	wish.SetAccessDetails(w.roles(reader))
	assigned, err := one.AccessAssignments().Post(w.Context(), wish, nil)
	if must(w, assigned, err); *assigned.GetStatus() != models.PENDING_DELEGATEDADMINACCESSASSIGNMENTSTATUS {
		w.Errorf("assigned %v", *assigned.GetStatus())
	}
	w.aside("/work")
	it := one.AccessAssignments().ByDelegatedAdminAccessAssignmentId(*assigned.GetId())
	now, err := it.Get(w.Context(), nil)
	if must(w, now, err); *now.GetStatus() != models.ACTIVE_DELEGATEDADMINACCESSASSIGNMENTSTATUS {
		w.Errorf("it is %v", *now.GetStatus())
	}
	more := models.NewDelegatedAdminAccessAssignment()
	more.SetAccessDetails(w.roles(reader, support))
	type patch = tenantrelationships.DelegatedAdminRelationshipsItemAccessAssignmentsDelegatedAdminAccessAssignmentItemRequestBuilderPatchRequestConfiguration
	_, err = it.Patch(w.Context(), more, &patch{Headers: ifMatch(assigned)})
	w.refused(err, "412 preconditionFailed")
	_, err = it.Patch(w.Context(), more, &patch{Headers: ifMatch(now)})
	must(w, struct{}{}, err)
	w.aside("/work")
	operations, err := one.Operations().Get(w.Context(), nil)
	must(w, operations, err)
	if all := operations.GetValue(); len(all) != 1 || *all[0].GetStatus() != models.SUCCEEDED_LONGRUNNINGOPERATIONSTATUS {
		w.Errorf("operations %v", all)
	}
	changed, err := one.AccessAssignments().Get(w.Context(), nil)
	if must(w, changed, err); len(changed.GetValue()[0].GetAccessDetails().GetUnifiedRoles()) != 2 {
		w.Error("the roles are as before")
	}
	type remove = tenantrelationships.DelegatedAdminRelationshipsItemAccessAssignmentsDelegatedAdminAccessAssignmentItemRequestBuilderDeleteRequestConfiguration
	if err := it.Delete(w.Context(), &remove{Headers: ifMatch(changed.GetValue()[0])}); err != nil {
		w.Error(said(err))
	}
}

// Lists come in pages, filtered, and a draft can be deleted.
func TestPagesAndFilters(t *testing.T) {
	w := newWorld(t)
	var last models.DelegatedAdminRelationshipable
	for n := range 7 {
		made, err := w.ask(fmt.Sprint("Many Go ", n))
		last = must(w, made, err)
	}
	set := w.graph.DelegatedAdminRelationships()
	type get = tenantrelationships.DelegatedAdminRelationshipsRequestBuilderGetRequestConfiguration
	type query = tenantrelationships.DelegatedAdminRelationshipsRequestBuilderGetQueryParameters
	page, err := set.Get(t.Context(), &get{QueryParameters: &query{Filter: pointer("startswith(displayName,'Many Go')"), Top: pointer(int32(3)), Count: pointer(true)}})
	if must(w, page, err); *page.GetOdataCount() != 7 || len(page.GetValue()) != 3 {
		t.Errorf("%d of %d", len(page.GetValue()), *page.GetOdataCount())
	}
	seen := make(map[string]bool)
	for {
		for _, r := range page.GetValue() {
			seen[*r.GetDisplayName()] = true
		}
		next := page.GetOdataNextLink()
		if next == nil {
			break
		}
		if !strings.HasPrefix(*next, w.origin+"/v1.0/") {
			t.Fatalf("the next page is at %s", *next)
		}
		page, err = set.WithUrl(*next).Get(t.Context(), nil)
		must(w, page, err)
	}
	if len(seen) != 7 {
		t.Errorf("saw %v", seen)
	}
	some, err := set.Get(t.Context(), &get{QueryParameters: &query{Filter: pointer("status eq 'created' and customer/tenantId eq '" + w.customer + "'")}})
	if must(w, some, err); len(some.GetValue()) < 7 {
		t.Errorf("%d drafts", len(some.GetValue()))
	}
	_, err = set.Get(t.Context(), &get{QueryParameters: &query{Filter: pointer("colour eq 1")}})
	w.refused(err, "400 badRequest")
	type remove = tenantrelationships.DelegatedAdminRelationshipsDelegatedAdminRelationshipItemRequestBuilderDeleteRequestConfiguration
	if err := set.ByDelegatedAdminRelationshipId(*last.GetId()).Delete(t.Context(), &remove{Headers: ifMatch(last)}); err != nil {
		t.Error(said(err))
	}
}
