package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"comptoir/internal/activity"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// Entry is the pane of one record of the log (rule K1).
type Entry struct {
	*visit.Visit
	Record activity.Record
	// Close is the address of the list without the pane.
	Close string
	// Of says in whose log the record stands, where that can be several.
	Of      []block.Fact
	Actions []block.Button
	Links   []block.Link
}

func (e Entry) pane() block.Pane {
	return block.Pane{
		Title: Action(e.Printer, e.Record), Subtitle: e.DateTime(e.Record.At), Badges: []block.Badge{outcome(e.Printer, e.Record.Status)},
		Close: e.Close, Actions: e.Actions, Links: e.Links,
	}
}

// facts are who did it to whom, and under which correlation id support finds it.
func (e Entry) facts() []block.Fact {
	r := e.Record
	facts := append(slices.Clone(e.Of), block.Fact{Term: e.T("settings.activity.column.user"), Value: Doer(e.Printer, r)})
	if r.UserName != "" && r.App != "" {
		facts = append(facts, block.Fact{Term: e.T("settings.activity.column.app"), Value: string(r.App), Mono: true})
	}
	if r.Customer != "" {
		facts = append(facts,
			block.Fact{Term: e.T("settings.activity.column.customer"), Value: r.CustomerName},
			block.Fact{Term: e.T("portal.tenant_id"), Value: string(r.Customer), Mono: true, Copy: true})
	}
	return append(facts,
		block.Fact{Term: e.T("settings.activity.fact.channel"), Value: channel(e.Printer, r.Channel)},
		block.Fact{Term: e.T("settings.activity.column.operation"), Value: r.Operation, Mono: true},
		block.Fact{Term: e.T("common.correlation_id"), Value: r.CorrelationID, Mono: true, Copy: true})
}

// dataFacts are the key-value data of a record, by key.
func dataFacts(data map[string]string) []block.Fact {
	var facts []block.Fact
	for _, key := range slices.Sorted(maps.Keys(data)) {
		facts = append(facts, block.Fact{Term: key, Value: data[key]})
	}
	return facts
}

// changes are the values of the record, each with what it was before where it is
// another now. Members that stayed as they were are left out of a change.
func (e Entry) changes() []block.Fact {
	before, now := members(e.Record.Old), members(e.Record.New)
	names := slices.Collect(maps.Keys(now))
	for name := range before {
		if _, still := now[name]; !still {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var facts []block.Fact
	for _, name := range names {
		was, had := before[name]
		value, has := now[name]
		if had && has && was == value || was+value == "" {
			continue
		}
		f := block.Fact{Term: name, Value: value}
		if name == "" {
			f.Term = e.T("settings.activity.value")
		}
		if !has || value == "" {
			f.Value = e.T("settings.activity.fact.nothing")
		}
		if had && was != "" {
			f.Hint = e.T("settings.activity.fact.was", "Value", was)
		}
		facts = append(facts, f)
	}
	return facts
}

// members lists the values of JSON text by the path of their members,
// "DefaultAddress.City"; a value that has no members is named "".
func members(text string) map[string]string {
	all := map[string]string{}
	if text == "" {
		return all
	}
	d := json.NewDecoder(bytes.NewBufferString(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		all[""] = text // not JSON: shown as it stands
		return all
	}
	flatten(all, "", v)
	return all
}

func flatten(into map[string]string, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			flatten(into, strings.TrimPrefix(path+"."+name, "."), member)
		}
	case []any:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = plain(item)
		}
		into[path] = strings.Join(items, ", ")
	case nil:
	default:
		into[path] = plain(v)
	}
}

// plain writes a value without the quotes of JSON.
func plain(v any) string {
	switch v := v.(type) {
	case map[string]any, []any:
		text, err := json.Marshal(v)
		if err == nil {
			return string(text)
		}
	}
	return fmt.Sprint(v)
}
