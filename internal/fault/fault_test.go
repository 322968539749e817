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

func TestAFaultIsKeptAsText(t *testing.T) {
	was := fault.New(fault.Forbidden, "900150", "refusal.rf10").On("name").With("N", 3).With("Word", "fil").With("Roles", fault.Keys{"role.a"}).With("All", []string{"a", "b"})
	text, err := fault.Text(was)
	if err != nil {
		t.Fatal(err)
	}
	is, err := fault.Parse(text)
	if err != nil || is.Kind != was.Kind || is.Code != was.Code || is.Key != was.Key || is.Field != was.Field {
		t.Fatalf("%+v: %v", is, err)
	}
	if is.Args["N"] != int64(3) || is.Args["Word"] != "fil" || fmt.Sprintf("%T %v", is.Args["Roles"], is.Args["Roles"]) != "fault.Keys [role.a]" || fmt.Sprint(is.Args["All"]) != "[a b]" {
		t.Errorf("arguments %v", is.Args)
	}
	if text, err := fault.Text(nil); text != "" || err != nil {
		t.Errorf("no fault is %q, %v", text, err)
	}
	if none, err := fault.Parse(""); none != nil || err != nil {
		t.Errorf("nothing is %v, %v", none, err)
	}
	if _, err := fault.Parse("{"); err == nil {
		t.Error("a torn text is read")
	}
}
