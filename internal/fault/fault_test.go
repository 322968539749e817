package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"comptoir/internal/fault"
)

var errTaken = fault.New(fault.Conflict, "1003", "refusal.domain.taken")

func TestCopiesLeaveTheDeclaredFaultAlone(t *testing.T) {
	got := errTaken.On("companyProfile.domain").With("domain", "nord").Because(errors.New("unique"))
	if errTaken.Field != "" || errTaken.Args != nil || errTaken.Cause != nil {
		t.Fatalf("the declared fault was changed: %+v", errTaken)
	}
	if got.Field != "companyProfile.domain" || got.Args["domain"] != "nord" {
		t.Fatalf("got %+v", got)
	}
	if second := got.With("tld", "se"); len(got.Args) != 1 || len(second.Args) != 2 {
		t.Fatalf("With shares its map: %v %v", got.Args, second.Args)
	}
}

func TestAFaultIsFoundThroughWrapping(t *testing.T) {
	tests := map[string]struct {
		err  error
		kind fault.Kind
		n    int
	}{
		"single":        {errTaken.On("x"), fault.Conflict, 1},
		"wrapped":       {fmt.Errorf("create: %w", errTaken), fault.Conflict, 1},
		"list":          {fmt.Errorf("create: %w", fault.List{errTaken, fault.New(fault.Invalid, "27002", "k")}), fault.Conflict, 2},
		"no fault":      {errors.New("disk full"), fault.Internal, 0},
		"nothing wrong": {nil, fault.Internal, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := fault.KindOf(tt.err); got != tt.kind {
				t.Errorf("kind %v, want %v", got, tt.kind)
			}
			if got := fault.All(tt.err); len(got) != tt.n {
				t.Errorf("%d faults, want %d", len(got), tt.n)
			}
			if tt.n > 0 && !errors.Is(tt.err, errTaken) {
				t.Error("errors.Is does not find the declared fault")
			}
		})
	}
}

func TestAnEmptyListIsNoError(t *testing.T) {
	var l fault.List
	l.Add(nil)
	if err := l.Err(); err != nil {
		t.Fatalf("an empty list is the error %v", err)
	}
}
