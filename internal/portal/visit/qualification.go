package visit

import (
	"comptoir/internal/policy"
	"comptoir/internal/portal/icon"
	"comptoir/internal/qualification"
)

// QualificationsPath is the address of the queue of special qualifications (V-3).
const QualificationsPath = "/operator/qualifications"

// Qualifications is the area of that queue.
const Qualifications Area = QualificationsPath

var qualificationPlaces = []entry{
	{Qualifications, icon.Star, func(v *Visit) string { return v.T("qualification.queue") }, policy.Operator, "qualification.decide", false},
}

// Qualification returns the word for a special qualification (rule C38).
func (v *Visit) Qualification(k qualification.Kind) string {
	switch k {
	case qualification.Education:
		return v.T("customers.qualification.education")
	case qualification.GovernmentCloud:
		return v.T("customers.qualification.government")
	case qualification.StateOwnedEntity:
		return v.T("customers.qualification.state_owned")
	}
	return v.T("customers.qualification.none")
}

// Segment returns the word for a kind of education establishment.
func (v *Visit) Segment(segment string) string {
	if segment == "K12" {
		return v.T("customers.segment.k12")
	}
	return v.T("customers.segment.higher")
}
