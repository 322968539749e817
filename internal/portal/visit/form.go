package visit

import (
	"errors"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/finding"
	"comptoir/internal/portal/block"
	"comptoir/internal/refusal"
)

// Verdicts are what was said about the fields of a form, by field: errors that
// stop, and warnings that do not (rule C11). General errors concern no field
// that the form has.
type Verdicts struct {
	Errors   map[string]string
	Warnings map[string]string
	General  []block.FieldError
	// order is that in which the errors came.
	order []string
}

// Judge sorts what err refuses and what findings note to the fields of a form.
// name says which field of the form a member of the input is, "" for none, and
// label what that field is called. An error that is no refusal is returned.
func (v *Visit) Judge(err error, findings []finding.Finding, name, label func(string) string) (Verdicts, error) {
	said := Verdicts{Errors: map[string]string{}, Warnings: map[string]string{}}
	all := fault.All(err)
	if err != nil && len(all) == 0 {
		return said, err
	}
	for _, e := range all {
		field := name(e.Field)
		said.refuse(field, v.sentenceFor(e, field, label))
	}
	for _, f := range findings {
		field := name(f.Field)
		said.Warnings[field] = strings.TrimSpace(said.Warnings[field] + " " + v.Finding(f))
	}
	return said, nil
}

// sentenceFor says what a fault of a field is. The general ones speak of members
// of the wire contract, which nobody sees here: they get the label of the field.
func (v *Visit) sentenceFor(e *fault.Error, field string, label func(string) string) string {
	switch {
	case field != "" && errors.Is(e, refusal.Required):
		return v.T("portal.field.missing", "Field", label(field))
	case field != "" && errors.Is(e, refusal.Property):
		return v.T("portal.field.impossible", "Field", label(field))
	}
	return v.Fault(e)
}

// refuse adds an error; "" is no field. The first of a field says what to do
// first: one that is empty need not be told its form as well.
func (s *Verdicts) refuse(field, text string) {
	switch {
	case field == "":
		s.General = append(s.General, block.FieldError{Text: text})
	case s.Errors[field] == "":
		s.Errors[field] = text
		s.order = append(s.order, field)
	}
}

// Refuse adds an error of the form's own.
func (s *Verdicts) Refuse(field, text string) {
	if s.Errors == nil {
		s.Errors = map[string]string{}
	}
	s.refuse(field, text)
}

// Any reports whether anything stops the form.
func (s Verdicts) Any() bool { return len(s.order) > 0 || len(s.General) > 0 }

// Summary lists all errors for the head of the form, those of no field first,
// the others in the order of fields; a field that is not named comes last.
func (s Verdicts) Summary(fields ...string) []block.FieldError {
	all := append([]block.FieldError(nil), s.General...)
	listed := map[string]bool{}
	for _, name := range append(fields, s.order...) {
		if text := s.Errors[name]; text != "" && !listed[name] {
			listed[name] = true
			all = append(all, block.FieldError{Field: name, Text: text})
		}
	}
	return all
}

// Mark puts what was said about a field beside it.
func (s Verdicts) Mark(f block.Field) block.Field {
	f.Error, f.Warning = s.Errors[f.Name], s.Warnings[f.Name]
	return f
}
