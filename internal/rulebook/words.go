package rulebook

import (
	"context"
	"encoding/json"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/naming"
	"comptoir/internal/op"
)

// listEntries begins the names of entries about word lists, after nameEntries:
// "name:list:test-words". They say how a list differs from the published one, so
// that a later version of the program can publish more.
const listEntries = "list:"

// withLists returns rules with what entries say about word lists.
func withLists(rules naming.Rules, entries map[string]string) naming.Rules {
	for _, list := range naming.Lists() {
		var c naming.WordChange
		text, ok := entries[listEntries+list.String()]
		if !ok || json.Unmarshal([]byte(text), &c) != nil {
			continue
		}
		if changed, err := rules.WithChange(list, c); err == nil {
			rules = changed
		}
	}
	return rules
}

// WordList is a list that name rules refer to, as it is here.
type WordList struct {
	List    naming.List
	Entries []string
	// Change is how it differs from the published list.
	Change naming.WordChange
	// Bound lists must keep their published entries in this installation.
	Bound bool
}

// ListWords returns all word lists in the order of name-rules.json (V-9).
var ListWords = op.Define(op.Spec{Name: "setting.words", Action: "setting.view"},
	func(_ context.Context, u *op.Unit, _ struct{}) ([]WordList, error) {
		rules := Names(u.Book(), u.Sandbox)
		all := make([]WordList, 0, len(naming.Lists()))
		for _, list := range naming.Lists() {
			w := WordList{List: list, Entries: rules.List(list), Bound: rules.Bound(list)}
			var err error
			if w.Change, err = list.Change(w.Entries); err != nil {
				return nil, err
			}
			all = append(all, w)
		}
		return all, nil
	})

// ErrWordList refuses a word list that there is not.
var ErrWordList = fault.New(fault.NotFound, "2000", "rulebook.list")

// WordsChange is the input of UpdateWords.
type WordsChange struct {
	List    string // "test-words"
	Entries []string
	// Published takes back whatever was changed; Entries are not looked at then.
	Published bool
}

// UpdateWords decides which entries a word list has (V-9). Outside of a sandbox
// a list on which an error of the documentation rests keeps its published ones
// (naming.ErrBoundWord).
var UpdateWords = op.Define(op.Spec{Name: "setting.words.update", Action: "setting.update", Write: true},
	func(ctx context.Context, u *op.Unit, in WordsChange) (struct{}, error) {
		list, known := naming.FindList(in.List)
		if !known {
			return struct{}{}, ErrWordList.On("list")
		}
		rules := Names(u.Book(), u.Sandbox)
		old, err := list.Change(rules.List(list))
		if err != nil {
			return struct{}{}, err
		}
		var now naming.WordChange
		if !in.Published {
			if now, err = list.Change(in.Entries); err != nil {
				return struct{}{}, err
			}
		}
		if _, err := rules.WithChange(list, now); err != nil {
			return struct{}{}, err
		}
		was, is := difference(old), difference(now)
		if was == is {
			return struct{}{}, nil
		}
		entry := ""
		if !now.IsZero() {
			b, err := json.Marshal(now)
			if err != nil {
				return struct{}{}, err
			}
			entry = string(b)
		}
		if err := u.Enter(ctx, nameEntries+listEntries+in.List, entry); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, u.Record(ctx, op.Record{
			Operation: "update_word_list", Resource: "name_rule", Old: was, New: is, Data: map[string]string{"name": in.List},
		})
	})

// difference is a change as the log has it: "+demo, +exempel, -test".
func difference(c naming.WordChange) string {
	var all []string
	for _, v := range c.Added {
		all = append(all, "+"+v)
	}
	for _, v := range c.Removed {
		all = append(all, "-"+v)
	}
	return strings.Join(all, ", ")
}
