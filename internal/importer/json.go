package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"comptoir/internal/fault"
)

// Refusals of a line that is not one JSON object.
var (
	errJSON   = fault.New(fault.Invalid, "800002", "importer.row.json")
	errObject = fault.New(fault.Invalid, "800002", "importer.row.object")
	errCutOff = fault.New(fault.Invalid, "800002", "importer.row.cut_off")
)

// members is a JSON object whose members are columns: those of objects inside
// have dotted names ("address.city"), lists of texts are one text of several
// lines, and each element is a column of its own too ("lines.1").
type members map[string]string

// parseMembers reads a line of JSON.
func parseMembers(text string) (members, *fault.Error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber() // a number is a text of digits here
	var value any
	if err := d.Decode(&value); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, errCutOff.Because(err)
		}
		return nil, errJSON.Because(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errJSON
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, errObject
	}
	m := make(members, len(object)+4)
	m.add("", object)
	return m, nil
}

// add flattens value under name.
func (m members) add(name string, value any) {
	switch v := value.(type) {
	case string:
		m[name] = v
	case json.Number:
		m[name] = v.String()
	case bool:
		m[name] = strconv.FormatBool(v)
	case []any:
		var texts []string
		for i, element := range v {
			part := name + "." + strconv.Itoa(i+1)
			m.add(part, element)
			if text, ok := m[part]; ok {
				texts = append(texts, text)
			}
		}
		if len(texts) > 0 {
			m[name] = strings.Join(texts, "\n")
		}
	case map[string]any:
		for member, inner := range v {
			if name != "" {
				member = name + "." + member
			}
			m.add(member, inner)
		}
	}
}

// membersOf returns the names of the members that the whole lines of sample
// have, in the order of the alphabet.
func membersOf(sample []byte) []string {
	whole := sample
	if end := bytes.LastIndexByte(sample, '\n'); end >= 0 {
		whole = sample[:end]
	}
	seen := make(map[string]bool)
	for text := range strings.Lines(string(whole)) {
		m, unread := parseMembers(text)
		if unread != nil {
			continue
		}
		for name := range m {
			seen[name] = true
		}
	}
	var names []string
	for name := range seen {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
