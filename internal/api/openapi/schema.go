package openapi

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
)

// schemas collects the component schemas of the wire types, one for each
// struct.
type schemas struct {
	all   map[string]*jsonschema.Schema
	known map[reflect.Type]*jsonschema.Schema // structs by reference, and instants
	names map[string]use
}

// use tells what a component was made of.
type use struct {
	t     reflect.Type
	exact bool
}

func newSchemas() *schemas {
	return &schemas{
		all:   make(map[string]*jsonschema.Schema),
		known: map[reflect.Type]*jsonschema.Schema{reflect.TypeFor[time.Time](): instant},
		names: make(map[string]use),
	}
}

// instant is how a time is written.
var instant = &jsonschema.Schema{Type: "string", Format: "date-time"}

// answer returns the schema of a type that the server writes: exactly the
// members it has, and null only where the type says so.
func (s *schemas) answer(t reflect.Type) (*jsonschema.Schema, error) { return s.of(t, true) }

// request returns the schema of a type that the server reads: other members are
// passed over, and null means absent.
func (s *schemas) request(t reflect.Type) (*jsonschema.Schema, error) { return s.of(t, false) }

// of returns the schema of t, a reference for a struct.
func (s *schemas) of(t reflect.Type, exact bool) (*jsonschema.Schema, error) {
	if err := s.collect(t, exact); err != nil {
		return nil, err
	}
	schema, err := jsonschema.ForType(t, s.options())
	if err != nil {
		return nil, err
	}
	tidy(schema, exact, true)
	return schema, nil
}

// collect adds the component schemas of t and of all structs in it.
func (s *schemas) collect(t reflect.Type, exact bool) error {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return s.collect(t.Elem(), exact)
	case reflect.Struct:
	default:
		return nil
	}
	if embedsTime(t) {
		s.known[t] = instant
	}
	if s.known[t] != nil {
		if u := s.names[componentName(t)]; u.t != nil && u != (use{t, exact}) {
			return fmt.Errorf("%s is both read and written, or shares its name with %s", t, u.t)
		}
		return nil
	}
	for i := range t.NumField() {
		if err := s.collect(t.Field(i).Type, exact); err != nil {
			return err
		}
	}
	if t.Name() == "" {
		return nil // described in place
	}
	schema, err := jsonschema.ForType(t, s.options())
	if err != nil {
		return err
	}
	tidy(schema, exact, true)
	name := componentName(t)
	if u := s.names[name]; u.t != nil {
		return fmt.Errorf("%s and %s share a name", t, u.t)
	}
	s.names[name], s.all[name] = use{t, exact}, schema
	s.known[t] = &jsonschema.Schema{Ref: "#/components/schemas/" + name}
	return nil
}

func (s *schemas) options() *jsonschema.ForOptions {
	return &jsonschema.ForOptions{TypeSchemas: s.known}
}

// embedsTime reports whether t is a time in another dress: a struct of nothing
// but an embedded time.Time.
func embedsTime(t reflect.Type) bool {
	return t.NumField() == 1 && t.Field(0).Anonymous && t.Field(0).Type == reflect.TypeFor[time.Time]()
}

// tidy brings an inferred schema into the terms of the contract. required says
// that the value itself must be there.
func tidy(s *jsonschema.Schema, exact, required bool) {
	// Inference allows null for every pointer and slice. In answers absent
	// members are left out and arrays are never null, so null stays only for a
	// member that is always there and may have no value.
	if exact && (!required || slices.Contains(s.Types, "array") || s.Ref != "") {
		s.Types = slices.DeleteFunc(s.Types, func(t string) bool { return t == "null" })
		if len(s.Types) == 1 {
			s.Type, s.Types = s.Types[0], nil
		}
	}
	if s.Ref != "" {
		s.Types = nil
	}
	if !exact {
		if s.Type == "object" {
			s.AdditionalProperties = nil
		}
		if s.Type != "" && !required {
			s.Type, s.Types = "", []string{s.Type, "null"}
		}
	}
	for name, property := range s.Properties {
		tidy(property, exact, slices.Contains(s.Required, name))
	}
	if s.Items != nil {
		tidy(s.Items, exact, true)
	}
	if s.AdditionalProperties != nil && s.Type == "object" && s.AdditionalProperties.Not == nil {
		tidy(s.AdditionalProperties, exact, true)
	}
}

// componentName returns the name of a struct: "Customer", "CollectionOfCustomer".
func componentName(t reflect.Type) string {
	name, of, generic := strings.Cut(t.Name(), "[")
	if !generic {
		return name
	}
	of = strings.TrimSuffix(of, "]")
	return name + "Of" + of[strings.LastIndex(of, ".")+1:]
}
