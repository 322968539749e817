package lang

import (
	"fmt"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/money"
)

// Fault returns the sentence of e for the person it refuses. An internal
// error, or one whose sentence is not in the catalogues, gets a general
// sentence that gives nothing away.
func (p *Printer) Fault(e *fault.Error) string {
	if e == nil || e.Kind == fault.Internal || !p.knows(e.Key) {
		return p.T("refusal.internal")
	}
	args := make([]any, 0, 2*len(e.Args))
	for name, value := range e.Args {
		args = append(args, name, value)
	}
	return p.T(e.Key, args...)
}

// knows reports whether T has a sentence for key, if need be in English.
func (p *Printer) knows(key string) bool {
	if _, ok := p.sentences[key]; ok || p.tag == "en" {
		return ok
	}
	return For("en").knows(key)
}

// values turns name, value pairs into the data of a sentence.
func (p *Printer) values(args []any) map[string]string {
	values := make(map[string]string, len(args)/2+1)
	for i := 0; i+1 < len(args); i += 2 {
		values[fmt.Sprint(args[i])] = p.value(args[i+1])
	}
	return values
}

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
	case []string:
		return p.List(v)
	}
	return fmt.Sprint(v)
}
