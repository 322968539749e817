package app_test

import (
	"maps"
	"net/http"
)

var ending = row{"relationship.remove", true}

// partnershipPages are those about the end of relations, and about partnerships.
var partnershipPages = map[string][]page{
	"GET /customers/{id}/account/removal":  {{rows: []row{account}, then: []row{ending}}},
	"POST /customers/{id}/account/removal": {{rows: []row{ending}, form: nothingTyped, ok: []int{http.StatusBadRequest}}},
}

func init() { maps.Copy(pages, partnershipPages) }
