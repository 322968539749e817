package lang

import (
	"fmt"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/finding"
	"comptoir/internal/money"
)

// Fault returns the sentence of e for the person it refuses. An internal
// error, or one whose sentence is not in the catalogues, gets a general
// sentence that gives nothing away.
func (p *Printer) Fault(e *fault.Error) string {
	if e == nil || e.Kind == fault.Internal || !p.knows(e.Key) {
		return p.T("refusal.internal")
	}
	return p.say(e.Key, e.Args)
}

// Finding returns the sentence of f.
func (p *Printer) Finding(f finding.Finding) string { return p.say(f.Key, f.Args) }

// say is T with the placeholders' values in a map.
func (p *Printer) say(key string, args map[string]any) string {
	pairs := make([]any, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, name, value)
	}
	return p.T(key, pairs...)
}

// knows reports whether T has a sentence for key, if need be in English.
func (p *Printer) knows(key string) bool {
	if _, ok := p.sentences[key]; ok || p.tag == "en" {
		return ok
	}
	return For("en").knows(key)
}

// Day is a value of a placeholder that is written as a date, where a time.Time
// is written as date and time.
type Day time.Time

// values turns name, value pairs into the data of a sentence.
func (p *Printer) values(args []any) map[string]string {
	values := make(map[string]string, len(args)/2+1)
	for i := 0; i+1 < len(args); i += 2 {
		values[fmt.Sprint(args[i])] = p.value(args[i+1])
	}
	return values
}

// Value writes a value as a placeholder of a sentence does (see T).
func (p *Printer) Value(v any) string { return p.value(v) }

func (p *Printer) value(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return p.Number(int64(v))
	case int32:
		return p.Number(int64(v))
	case int64:
		return p.Number(v)
	case time.Time:
		return p.DateTime(v)
	case money.Amount:
		return p.Money(v)
	case Day:
		return p.Date(time.Time(v))
	case []string:
		return p.List(v)
	case fault.AnyOf:
		return p.Either(v)
	case fault.Keys:
		words := make([]string, len(v))
		for i, key := range v {
			words[i] = p.T(key)
		}
		return p.Either(words)
	}
	return fmt.Sprint(v)
}
