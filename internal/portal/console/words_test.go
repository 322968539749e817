package console

import (
	"slices"
	"strings"
	"testing"

	"comptoir/internal/policy"
	"comptoir/internal/rulebook"
)

func TestEveryMarketHasAName(t *testing.T) { // rule A8
	for _, code := range rulebook.Markets() {
		if markets[code] == "" {
			t.Errorf("people would read %s", code)
		}
	}
}

// Every action that the operator can read about in the matrix stands under one
// subject and has words (V-11).
func TestEveryActionOfTheMatrixHasWordsAndASubject(t *testing.T) {
	times := map[policy.Action]int{}
	for _, s := range slices.Concat(partnerSubjects, []subject{customerSubject}) {
		for _, action := range s.actions {
			times[action]++
		}
	}
	for _, row := range policy.New().Rows() {
		if row.Ref == "own" {
			continue
		}
		if times[row.Action] != 1 {
			t.Errorf("%s stands under %d subjects", row.Action, times[row.Action])
		}
		if actionKeys[row.Action] == "" {
			t.Errorf("people would read %s", row.Action)
		}
		if customers := subjectOf(row.Action).id == customerSubject.id; customers != strings.HasPrefix(row.Ref, "c") {
			t.Errorf("%s, %s of the specification, stands with the wrong people", row.Action, row.Ref)
		}
		delete(times, row.Action)
	}
	for action := range times {
		t.Errorf("%s is no action of the specification", action)
	}
}
