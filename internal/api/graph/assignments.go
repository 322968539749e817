package graph

import (
	"net/http"
	"reflect"
	"strings"

	"comptoir/internal/api/route"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/refusal"
)

const (
	assignmentsAt = relationshipAt + "/accessAssignments"
	assignmentAt  = assignmentsAt + "/{assignment-id}"
)

// assignmentRoutes add section 21.4.
func (a *API) assignmentRoutes() {
	const one = "delegatedAdminAccessAssignment"
	body := reflect.TypeFor[assignmentBody]()
	a.handle(route.Route{
		Method: http.MethodGet, Path: assignmentsAt, Name: "listDelegatedAdminAccessAssignments", Summary: "graph.route.assignments",
		Gives: reflect.TypeFor[list[assignmentBody]](), ObjectType: "list<" + one + ">", Status: http.StatusOK,
	}, listAssignments)
	a.handle(route.Route{
		Method: http.MethodPost, Path: assignmentsAt, Name: "createDelegatedAdminAccessAssignment", Summary: "graph.route.assignment_create",
		Takes: body, Gives: body, ObjectType: one, Status: http.StatusCreated,
	}, createAssignment)
	a.handle(route.Route{
		Method: http.MethodGet, Path: assignmentAt, Name: "getDelegatedAdminAccessAssignment", Summary: "graph.route.assignment",
		Gives: body, ObjectType: one, Status: http.StatusOK,
	}, getAssignment)
	a.handle(route.Route{
		Method: http.MethodPatch, Path: assignmentAt, Name: "updateDelegatedAdminAccessAssignment", Summary: "graph.route.assignment_update",
		Takes: body, Status: http.StatusAccepted,
	}, updateAssignment)
	a.handle(route.Route{
		Method: http.MethodDelete, Path: assignmentAt, Name: "deleteDelegatedAdminAccessAssignment", Summary: "graph.route.assignment_delete",
		Status: http.StatusNoContent,
	}, deleteAssignment)
}

// assignmentChange is delegatedAdminAccessAssignment as clients send it.
type assignmentChange struct {
	AccessContainer accessContainer `json:"accessContainer"`
	AccessDetails   accessDetails   `json:"accessDetails"`
}

func (c *call) assignments() ([]gdap.Assigned, error) {
	return gdap.ListAssignments.Do(c.r.Context(), c.api.kernel, c.actor, c.relationship())
}

func listAssignments(c *call) error {
	all, err := c.assignments()
	if err != nil {
		return err
	}
	l := list[assignmentBody]{Context: c.context(c.below("accessAssignments"))}
	for _, a := range all {
		l.Value = append(l.Value, viewAssignment(a))
	}
	return answerList(c, http.StatusOK, l)
}

func (c *call) answerAssignment(status int, a gdap.Assigned) error {
	b := viewAssignment(a)
	b.Context = c.context(c.below("accessAssignments/$entity"))
	c.w.Header().Set("ETag", b.Etag)
	return answerOne(c, status, b)
}

func getAssignment(c *call) error {
	all, err := c.assignments()
	if err != nil {
		return err
	}
	for _, a := range all {
		if strings.EqualFold(a.ID, c.r.PathValue("assignment-id")) {
			return c.answerAssignment(http.StatusOK, a)
		}
	}
	return refusal.NotFound
}

func createAssignment(c *call) error {
	var body assignmentChange
	if err := c.decode(&body); err != nil {
		return err
	}
	const field = "accessContainer.accessContainerId"
	group, wrong := guid(body.AccessContainer.AccessContainerID, field)
	switch kind := body.AccessContainer.AccessContainerType; {
	case wrong != nil:
		return wrong
	case group == "":
		return gdap.ErrNoContainer.On(field)
	case kind != "" && !strings.EqualFold(kind, securityGroup):
		return refusal.Argument.On("accessContainer.accessContainerType")
	}
	in := gdap.Assignment{Relationship: c.relationship(), Group: id.Group(group), Roles: body.AccessDetails.roles()}
	made, err := gdap.Assign.Do(c.r.Context(), c.api.kernel, c.actor, in)
	if err != nil {
		return err
	}
	c.w.Header().Set("Location", c.base()+relationshipsAt+"/"+in.Relationship+"/accessAssignments/"+made.ID)
	return c.answerAssignment(http.StatusCreated, made)
}

// assignmentRef is the assignment of the path with the version of If-Match.
func (c *call) assignmentRef() (gdap.AssignmentRef, error) {
	version, err := c.ifMatch()
	return gdap.AssignmentRef{
		Relationship: c.relationship(), Assignment: strings.ToLower(c.r.PathValue("assignment-id")), Version: version,
	}, err
}

func updateAssignment(c *call) error {
	ref, err := c.assignmentRef()
	if err != nil {
		return err
	}
	var body assignmentChange
	if err := c.decode(&body); err != nil {
		return err
	}
	in := gdap.Reassignment{AssignmentRef: ref, Roles: body.AccessDetails.roles()}
	o, err := gdap.Reassign.Do(c.r.Context(), c.api.kernel, c.actor, in)
	switch {
	case err != nil:
		return err
	case o.ID == "":
		return c.answer(http.StatusOK, struct{}{})
	}
	return c.accepted(o)
}

func deleteAssignment(c *call) error {
	ref, err := c.assignmentRef()
	if err != nil {
		return err
	}
	if _, err := gdap.Unassign.Do(c.r.Context(), c.api.kernel, c.actor, ref); err != nil {
		return err
	}
	return c.answer(http.StatusNoContent, nil)
}
