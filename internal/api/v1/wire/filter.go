package wire

import (
	"encoding/json"
	"errors"

	"comptoir/internal/refusal"
)

// The operators of filters, as the contract spells them.
const (
	Equals             = "equals"
	NotEquals          = "not_equals"
	GreaterThan        = "greater_than"
	GreaterThanOrEqual = "greater_than_or_equals"
	LessThan           = "less_than"
	LessThanOrEqual    = "less_than_or_equals"
	Substring          = "substring"
	And                = "and"
	Or                 = "or"
	StartsWith         = "starts_with"
	NotStartsWith      = "not_starts_with"
)

var operators = NewEnum(Equals, NotEquals, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual,
	Substring, And, Or, StartsWith, NotStartsWith)

// maxFilterDepth is how deeply filters nest at most.
const maxFilterDepth = 8

// Filter is a condition on a list: a comparison of a field with a value, or two
// filters joined by And or Or.
type Filter struct {
	Operator    string // one of the constants
	Field       string // as sent; empty in a joined filter
	Value       string
	Left, Right *Filter // of a joined filter, else nil
}

// rawFilter is a filter as clients send it; members without use here, such as
// the "fieldType" of one client (Q20), are passed over.
type rawFilter struct {
	Field, Value, Operator  Text
	LeftFilter, RightFilter *rawFilter
}

// ParseFilter reads the JSON of a filter parameter (section 5.3). A filter that
// is no JSON, or has an unknown operator or a missing part, is refusal.Argument
// on "filter"; whether a list knows the field is for the list to say.
func ParseFilter(s string) (*Filter, error) {
	var raw rawFilter
	if err := json.Unmarshal([]byte(s), &raw); err != nil {
		return nil, refusal.Argument.On("filter").Because(err)
	}
	f, err := raw.tree(maxFilterDepth)
	if err != nil {
		return nil, refusal.Argument.On("filter").Because(err)
	}
	return f, nil
}

func (r *rawFilter) tree(depth int) (*Filter, error) {
	if r == nil || depth == 0 {
		return nil, errors.New("a joined filter lacks a side or is nested too deeply")
	}
	operator, ok := operators.Parse(string(r.Operator))
	if !ok {
		return nil, errors.New("unknown operator " + string(r.Operator))
	}
	if operator != And && operator != Or {
		field := r.Field.String()
		if field == "" {
			return nil, errors.New("no field")
		}
		return &Filter{Operator: operator, Field: field, Value: string(r.Value)}, nil
	}
	left, err := r.LeftFilter.tree(depth - 1)
	if err != nil {
		return nil, err
	}
	right, err := r.RightFilter.tree(depth - 1)
	if err != nil {
		return nil, err
	}
	return &Filter{Operator: operator, Left: left, Right: right}, nil
}

// Terms returns the comparisons of a filter that joins with And only, which is
// all that lists combine; false when there is an Or.
func (f *Filter) Terms() ([]*Filter, bool) {
	switch {
	case f == nil:
		return nil, true
	case f.Left == nil:
		return []*Filter{f}, true
	case f.Operator == Or:
		return nil, false
	}
	left, ok := f.Left.Terms()
	right, also := f.Right.Terms()
	return append(left, right...), ok && also
}
