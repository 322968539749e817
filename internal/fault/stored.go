package fault

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// stored is an Error as tables keep it: with its sentence as a key and arguments,
// so that every reader has it in his own language.
type stored struct {
	Kind             Kind
	Code, Key, Field string
	Args             map[string]any
}

// Text returns e as tables keep it, "" for nil. Parse is the inverse.
func Text(e *Error) (string, error) {
	if e == nil {
		return "", nil
	}
	text, err := json.Marshal(stored{e.Kind, e.Code, e.Key, e.Field, PlainArgs(e.Args)})
	return string(text), err
}

// Parse returns the error that Text wrote, nil for "".
func Parse(text string) (*Error, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // no fault is what there is
	}
	var s stored
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	if err := d.Decode(&s); err != nil {
		return nil, fmt.Errorf("fault: kept as text: %w", err)
	}
	return &Error{Kind: s.Kind, Code: s.Code, Key: s.Key, Field: s.Field, Args: RichArgs(s.Args)}, nil
}

// keysMember marks a list of catalogue keys among the arguments of a sentence.
const keysMember = "keys"

// PlainArgs returns the arguments of a sentence as JSON can hold them.
func PlainArgs(args map[string]any) map[string]any {
	plain := make(map[string]any, len(args))
	for name, value := range args {
		switch v := value.(type) {
		case string, int, int32, int64, []string:
			plain[name] = v
		case Keys:
			plain[name] = map[string]any{keysMember: []string(v)}
		default:
			plain[name] = fmt.Sprint(v)
		}
	}
	return plain
}

// RichArgs is the inverse of PlainArgs, for what was decoded with numbers as
// [json.Number].
func RichArgs(plain map[string]any) map[string]any {
	if len(plain) == 0 {
		return nil
	}
	args := make(map[string]any, len(plain))
	for name, value := range plain {
		switch v := value.(type) {
		case json.Number:
			n, _ := v.Int64() // PlainArgs writes no others
			args[name] = n
		case []any:
			args[name] = texts(v)
		case map[string]any:
			keys, _ := v[keysMember].([]any)
			args[name] = Keys(texts(keys))
		default:
			args[name] = v
		}
	}
	return args
}

func texts(list []any) []string {
	all := make([]string, len(list))
	for i, text := range list {
		all[i] = fmt.Sprint(text)
	}
	return all
}
