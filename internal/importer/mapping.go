package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/naming"
)

// Source says where a field comes from: always Value, or what stands in Column,
// and Default in rows that say nothing. The zero value says that the field is not
// used, whatever the file has.
type Source struct {
	Column  string
	Value   string
	Default string
}

// open reports whether the column of s may be guessed.
func (s Source) open() bool { return s.Column == "" && s.Value == "" && s.Default != "" }

// Mapping says where fields come from. A field that it does not have is looked
// for among the columns by the names that people give them; see Guess.
type Mapping map[Field]Source

// Refusals of a mapping.
var (
	ErrMapping      = fault.New(fault.Invalid, "2000", "importer.mapping.form")
	ErrField        = fault.New(fault.Invalid, "2000", "importer.mapping.field")  // argument Name
	ErrColumn       = fault.New(fault.Invalid, "2000", "importer.mapping.column") // arguments Field, Column, Columns
	ErrNoName       = fault.New(fault.Invalid, "2000", "importer.mapping.no_name")
	ErrNoPartner    = fault.New(fault.Invalid, "2000", "importer.mapping.no_partner")
	ErrMappingLarge = fault.New(fault.TooLarge, "2000", "importer.mapping.large")
)

// maxMapping bounds mapping files.
const maxMapping = 1 << 20

// ReadMapping reads a mapping file: a JSON object that gives fields their source,
// which is the name of a column, or an object with "value", or with "column",
// "default" or both, or null for a field that is not used.
//
//	{"companyName": "Kundnamn", "country": {"value": "SE"}, "phone": {"column": "Tel", "default": "+46 46 123456"}}
//
// It refuses what is none with ErrMapping and unknown fields with ErrField.
func ReadMapping(r io.Reader) (Mapping, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxMapping+1))
	if err != nil {
		return nil, fmt.Errorf("mapping: %w", err)
	}
	if len(text) > maxMapping {
		return nil, ErrMappingLarge
	}
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), &entries); err != nil {
		return nil, ErrMapping.Because(err)
	}
	m := make(Mapping, len(entries))
	var faults fault.List
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		source, err := readSource(entries[name])
		if err != nil {
			faults.Add(ErrMapping.On(name).Because(err))
			continue
		}
		f, ok := parseField(name)
		if !ok {
			faults.Add(ErrField.On(name).With("Name", name))
		}
		m[f] = source
	}
	return m, faults.Err()
}

// errTwoSources is the cause of ErrMapping for a field that is both constant and not.
var errTwoSources = errors.New("a value leaves no room for a column or a default")

func readSource(text json.RawMessage) (Source, error) {
	if text[0] == '"' {
		var column string
		err := json.Unmarshal(text, &column)
		return Source{Column: column}, err
	}
	var s Source
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return s, err
	}
	if s.Value != "" && s != (Source{Value: s.Value}) {
		return s, errTwoSources
	}
	return s, nil
}

// parseField returns the field with a name, whatever its case.
func parseField(name string) (Field, bool) {
	for _, l := range labels {
		if strings.EqualFold(name, string(l.field)) {
			return l.field, true
		}
	}
	return "", false
}

// WithDefault returns m with value for those rows that say nothing about f. It
// changes nothing when value is empty, or when m has a constant for f.
func (m Mapping) WithDefault(f Field, value string) Mapping {
	if value == "" || m[f].Value != "" {
		return m
	}
	more := maps.Clone(m)
	if more == nil {
		more = make(Mapping)
	}
	s := more[f]
	s.Default = value
	more[f] = s
	return more
}

// complete returns m with what it leaves open guessed from columns. It refuses a
// mapping that names a column which the file does not have, or has no column for
// the name of the company. An import of the operator (placing) needs to know the
// partner and the relation instead, and the customer by any means. Of JSON lines
// only a sample of columns is known.
func (m Mapping) complete(columns []string, format Format, placing bool) (Mapping, error) {
	all := make(Mapping, len(labels))
	used := make(map[string]bool)
	var faults fault.List
	for f, s := range m {
		if n, ok := places[f]; !ok || !labels[n].by.in(placing) {
			if s == (Source{}) {
				continue // asks for nothing
			}
			faults.Add(ErrField.On("mapping").With("Name", string(f)))
			continue
		}
		column, found := findColumn(columns, s.Column)
		switch {
		case s.Column == "":
		case found:
			s.Column, used[column] = column, true
		case format == CSV:
			faults.Add(ErrColumn.On("mapping").With("Field", string(f)).With("Column", s.Column).With("Columns", columns))
		}
		all[f] = s
	}
	if len(faults) > 0 {
		slices.SortFunc(faults, func(a, b *fault.Error) int { return strings.Compare(a.Error(), b.Error()) })
		return nil, faults
	}
	for f, column := range guess(columns, m, used, placing) {
		s := all[f]
		s.Column = column
		all[f] = s
	}
	if err := all.names(columns, placing); err != nil {
		return nil, err
	}
	return all, nil
}

// names refuses a mapping by which no row says whom it is about.
func (m Mapping) names(columns []string, placing bool) error {
	has := func(f Field) bool { return m[f] != Source{} }
	switch {
	case placing && !(has(Partner) && has(Relation)):
		return ErrNoPartner.On("mapping").With("Columns", columns)
	case placing && (has(Customer) || has(ID) || has(Domain) || has(RegistrationID)), has(CompanyName):
		return nil
	}
	return ErrNoName.On("mapping").With("Columns", columns)
}

// findColumn returns the column with a name, as the file writes it.
func findColumn(columns []string, name string) (string, bool) {
	for _, same := range []func(a, b string) bool{
		func(a, b string) bool { return a == b },
		func(a, b string) bool { return naming.Key(a) == naming.Key(b) },
	} {
		for _, c := range columns {
			if same(c, name) {
				return c, true
			}
		}
	}
	return "", false
}

// Unused returns those of columns that m takes nothing from.
func (m Mapping) Unused(columns []string) []string {
	used := make(map[string]bool, len(m))
	for _, s := range m {
		used[s.Column] = true
	}
	var unused []string
	for _, c := range columns {
		if parent, _, inside := strings.Cut(c, "."); !used[c] && !(inside && used[parent]) {
			unused = append(unused, c)
		}
	}
	return unused
}
