package qualification

import (
	"errors"
	"testing"

	"comptoir/internal/fault"
)

func TestWhatARequestNeeds(t *testing.T) { // C37
	tests := []struct {
		name string
		in   Request
		want string
	}{
		{"a school", Request{Qualification: Education, Segment: "K12"}, ""},
		{"a university with its website", Request{Qualification: Education, Segment: "HigherEducation", Website: "www.lu.example/en"}, ""},
		{"a school without segment", Request{Qualification: Education}, "27002 educationSegment"},
		{"a school of no segment", Request{Qualification: Education, Segment: "Kindergarten"}, "27002 educationSegment"},
		{"a school with nonsense for a website", Request{Qualification: Education, Segment: "K12", Website: "javascript:alert(1)"}, "27002 website"},
		{"a school without dot", Request{Qualification: Education, Segment: "K12", Website: "https://school"}, "27002 website"},
		{"a public body", Request{Qualification: GovernmentCloud, ValidationCode: "X1"}, ""},
		{"a public body without code", Request{Qualification: GovernmentCloud, ValidationCode: " "}, "27002 validationCode"},
		{"a state-owned entity", Request{Qualification: StateOwnedEntity}, ""},
		{"none", Request{Qualification: "None"}, "900126 qualification"},
		{"a charity", Request{Qualification: "Nonprofit"}, "900126 qualification"},
	}
	for _, tt := range tests {
		got := ""
		for _, e := range tt.in.Check("") {
			got += e.Code + " " + e.Field
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestWhatStandsBesideWhat(t *testing.T) { // C37, C38
	q := func(k Kind, v Vetting, denials int64) Qualified {
		return Qualified{Request: Request{Qualification: k}, Vetting: v, Denials: denials}
	}
	tests := []struct {
		name string
		has  []Qualified
		asks Kind
		want *fault.Error
	}{
		{"nothing yet", nil, Education, nil},
		{"a school is state-owned too", []Qualified{q(Education, Approved, 0)}, StateOwnedEntity, nil},
		{"what is state-owned is a school too", []Qualified{q(StateOwnedEntity, InReview, 0)}, Education, nil},
		{"a public body is state-owned too", []Qualified{q(GovernmentCloud, Approved, 0)}, StateOwnedEntity, nil},
		{"a school is no public body", []Qualified{q(Education, InReview, 0)}, GovernmentCloud, ErrOther},
		{"a public body has no other qualification", []Qualified{q(StateOwnedEntity, Approved, 0)}, GovernmentCloud, ErrOther},
		{"a public body is no school", []Qualified{q(GovernmentCloud, Approved, 0)}, Education, ErrOther},
		{"under review", []Qualified{q(Education, InReview, 0)}, Education, ErrPending},
		{"approved", []Qualified{q(Education, Approved, 0)}, Education, ErrHeld},
		{"denied once", []Qualified{q(Education, Denied, 1)}, Education, nil},
		{"denied twice", []Qualified{q(Education, Denied, 2)}, Education, ErrSupport},
		{"another one was denied", []Qualified{q(Education, Denied, 2)}, GovernmentCloud, nil},
	}
	for _, tt := range tests {
		if err := admit(tt.has, tt.asks); tt.want == nil && err != nil || tt.want != nil && !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	for want, all := range map[Kind][]Qualified{
		"":               {q(Education, Denied, 1)},
		Education:        {q(Education, InReview, 0), q(StateOwnedEntity, Approved, 0)},
		StateOwnedEntity: {q(Education, Denied, 1), q(StateOwnedEntity, Approved, 0)},
	} {
		if got := Shown(all); got != want {
			t.Errorf("%+v is shown as %q, want %q", all, got, want)
		}
	}
}
