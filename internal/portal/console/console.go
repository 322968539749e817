// Package console holds the pages with which the operator runs the installation:
// partners, organisations, countries, name rules, roles, settings and his own
// people (portal V-4, V-5, V-8, V-9, V-11, V-12, V-15).
package console

import (
	"slices"

	"comptoir/internal/activity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// Pages lists the pages of the package by their pattern.
func Pages() map[string]visit.Page {
	all := map[string]visit.Page{}
	for _, part := range []map[string]visit.Page{partnerPages(), organizationPages(), mergePages(), peoplePages(), countryPages(), namePages(), rolePages(), settingPages(), helpPages()} {
		for pattern, page := range part {
			all[pattern] = operatorOnly(page)
		}
	}
	return all
}

// operatorOnly refuses everybody but people of the operator: for others there is
// no such page.
func operatorOnly(page visit.Page) visit.Page {
	return func(v *visit.Visit) error {
		if v.Actor.Kind != policy.Operator {
			return refusal.NotFound
		}
		return page(v)
	}
}

// logShown is how many changes a page shows at once.
const logShown = 20

// changes are the last decisions of a kind, and where the earlier ones are.
type changes struct {
	steps   []block.Step
	records []activity.Record // one for each step
	earlier string
}

// readChanges reads the decisions about a resource. what says which thing a
// record is about.
func readChanges(v *visit.Visit, resource, path string, what func(activity.Record) string) (changes, error) {
	page, err := visit.Do(v, activity.Decisions, activity.DecisionQuery{Resource: resource, Before: v.Query("before"), Limit: logShown})
	if err != nil {
		return changes{}, err
	}
	c := changesOf(v, page.Records, what)
	if page.Next != "" {
		c.earlier = path + "?before=" + page.Next + "#log"
	}
	return c, nil
}

// logSearched is how many of the last decisions are looked through for those about
// one thing.
const logSearched = 1000

// searchChanges reads the decisions about those things of a resource that are
// wanted; path is where those about all things are.
func searchChanges(v *visit.Visit, resource, path string, wanted func(activity.Record) bool, what func(activity.Record) string) (changes, error) {
	page, err := visit.Do(v, activity.Decisions, activity.DecisionQuery{Resource: resource, Limit: logSearched})
	if err != nil {
		return changes{}, err
	}
	found := slices.DeleteFunc(page.Records, func(r activity.Record) bool { return !wanted(r) })
	c := changesOf(v, found[:min(len(found), logShown)], what)
	if len(found) > logShown || page.Next != "" {
		c.earlier = path + "#log"
	}
	return c, nil
}

// changesOf tells of records.
func changesOf(v *visit.Visit, records []activity.Record, what func(activity.Record) string) changes {
	c := changes{steps: make([]block.Step, len(records)), records: records}
	for i, r := range records {
		c.steps[i] = block.Step{
			Label: what(r), Text: v.T("console.log.change", "Old", readable(v, r.Old), "New", readable(v, r.New)),
			By: r.UserName, At: r.At, State: block.Done,
		}
	}
	return c
}
