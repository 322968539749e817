package notice

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"comptoir/internal/event"
	"comptoir/internal/lang"
)

// Facts are what is known about something that happened, by name. Members of
// what the event tells keep their names; those of its parts are joined with a
// dot: "Contact.Email".
type Facts map[string]string

// The facts that every event has.
const (
	factCustomer   = "CustomerName"
	factCustomerID = "CustomerID"
	factTenant     = "Tenant"
	factWho        = "Who" // the user name of who did it
)

// factsOf reads an event. What it tells beats what is known from elsewhere.
func factsOf(e event.Event) (Facts, error) {
	f := Facts{factCustomer: e.CustomerName, factCustomerID: string(e.Customer), factTenant: string(e.Tenant), factWho: e.UserName}
	var told map[string]any
	if err := e.Read(&told); err != nil {
		return nil, err
	}
	f.add("", told)
	return f, nil
}

func (f Facts) add(prefix string, told map[string]any) {
	for name, value := range told {
		switch value := value.(type) {
		case map[string]any:
			f.add(prefix+name+".", value)
		case string:
			if value != "" {
				f[prefix+name] = value
			}
		case nil:
		default:
			f[prefix+name] = fmt.Sprint(value)
		}
	}
}

// number returns a fact that is a number, 0 when it is none.
func (f Facts) number(name string) int64 {
	n, err := strconv.ParseInt(f[name], 10, 64)
	if err != nil {
		return 0 // a missing count is shown as none
	}
	return n
}

// day returns a fact that is a time, as a date; one that is none stays empty.
func (f Facts) day(name string) lang.Day { return lang.Day(f.time(name)) }

// time returns a fact that is a time, the zero time when it is none.
func (f Facts) time(name string) time.Time {
	t, err := time.Parse(time.RFC3339, f[name])
	if err != nil {
		return time.Time{}
	}
	return t
}

func (f Facts) text() (string, error) {
	b, err := json.Marshal(f)
	return string(b), err
}

func parseFacts(text string) (f Facts, err error) {
	err = json.Unmarshal([]byte(text), &f)
	return f, err
}
