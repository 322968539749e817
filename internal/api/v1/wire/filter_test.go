package wire_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"comptoir/internal/api/v1/wire"
	"comptoir/internal/fault"
	"comptoir/internal/refusal"
)

func TestFiltersAreReadInEveryForm(t *testing.T) {
	nord := &wire.Filter{Operator: wire.StartsWith, Field: "CompanyName", Value: "nord"}
	tests := map[string]struct {
		in   string
		want *wire.Filter
	}{
		"simple":                 {`{"Field":"CompanyName","Value":"nord","Operator":"starts_with"}`, nord},
		"Q20 fieldType":          {`{"operator":"StartsWith","fieldType":"String","field":"CompanyName","value":"nord"}`, nord},
		"ordinal":                {`{"operator":9,"field":"CompanyName","value":"nord"}`, nord},
		"number as value":        {`{"operator":"equals","field":"Size","value":7}`, &wire.Filter{Operator: wire.Equals, Field: "Size", Value: "7"}},
		"compound":               {`{"LeftFilter":{"Field":"CompanyName","Value":"nord","Operator":"starts_with"},"Operator":"And","RightFilter":{"field":"Domain","value":"n","operator":"substring"}}`, &wire.Filter{Operator: wire.And, Left: nord, Right: &wire.Filter{Operator: wire.Substring, Field: "Domain", Value: "n"}}},
		"value that looks nasty": {`{"Field":"CompanyName","Value":"' OR 1=1 --<script>","Operator":"starts_with"}`, &wire.Filter{Operator: wire.StartsWith, Field: "CompanyName", Value: "' OR 1=1 --<script>"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := wire.ParseFilter(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestBadFiltersAreRefused(t *testing.T) {
	deep := `{"Field":"a","Value":"b","Operator":"equals"}`
	for range 20 {
		deep = `{"LeftFilter":` + deep + `,"Operator":"and","RightFilter":{"Field":"a","Value":"b","Operator":"equals"}}`
	}
	tests := map[string]string{
		"no JSON":          `CompanyName eq nord`,
		"empty object":     `{}`,
		"array":            `[]`,
		"unknown operator": `{"Field":"CompanyName","Value":"n","Operator":"like"}`,
		"no field":         `{"Value":"n","Operator":"equals"}`,
		"one side":         `{"LeftFilter":{"Field":"a","Value":"b","Operator":"equals"},"Operator":"and"}`,
		"bad side":         `{"LeftFilter":{"Field":"a","Value":"b","Operator":"equals"},"Operator":"or","RightFilter":{}}`,
		"too deep":         deep,
		"value an object":  `{"Field":"a","Value":{},"Operator":"equals"}`,
		"control":          `{"Field":"a","Value":"\u0000","Operator":"equals"}`,
		"trailing":         `{"Field":"a","Value":"b","Operator":"equals"} x`,
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := wire.ParseFilter(in)
			if !errors.Is(err, refusal.Argument) || fault.All(err)[0].Field != "filter" {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestTermsOfAFilter(t *testing.T) {
	parse := func(s string) *wire.Filter {
		f, err := wire.ParseFilter(s)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	term := `{"Field":"a","Value":"b","Operator":"equals"}`
	if terms, ok := (*wire.Filter)(nil).Terms(); !ok || len(terms) != 0 {
		t.Errorf("no filter: %v %v", terms, ok)
	}
	joined := `{"LeftFilter":` + term + `,"Operator":"and","RightFilter":{"LeftFilter":` + term + `,"Operator":"and","RightFilter":` + term + `}}`
	if terms, ok := parse(joined).Terms(); !ok || len(terms) != 3 {
		t.Errorf("and: %v %v", terms, ok)
	}
	if _, ok := parse(strings.Replace(joined, `"and"`, `"or"`, 1)).Terms(); ok {
		t.Error("or gives terms")
	}
}

func FuzzParseFilter(f *testing.F) {
	for _, s := range []string{
		`{"Field":"CompanyName","Value":"nord","Operator":"starts_with"}`,
		`{"LeftFilter":{"Field":"a","Value":"b","Operator":"equals"},"Operator":"and","RightFilter":{"field":"c","value":1,"operator":0}}`,
		`{`, `null`, `"x"`, `{"Operator":"and"}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		filter, err := wire.ParseFilter(s)
		if err != nil {
			if !errors.Is(err, refusal.Argument) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		// What was accepted says the same when it is written again.
		b, err := json.Marshal(write(filter))
		if err != nil {
			t.Fatal(err)
		}
		again, err := wire.ParseFilter(string(b))
		if err != nil || !cmp.Equal(filter, again) {
			t.Fatalf("%q: again %+v, %v", s, again, err)
		}
	})
}

func write(f *wire.Filter) map[string]any {
	if f.Left != nil {
		return map[string]any{"LeftFilter": write(f.Left), "Operator": f.Operator, "RightFilter": write(f.Right)}
	}
	return map[string]any{"Field": f.Field, "Value": f.Value, "Operator": f.Operator}
}
