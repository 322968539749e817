package wire

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
)

// PascalJSON returns JSON text with the members of its objects named in the
// PascalCase of the contract, where an abbreviation is a word like any other:
// "ID" becomes "Id", "redirectURIs" becomes "RedirectUris". Order and values stay
// as they are, and so does what is no JSON.
func PascalJSON(text string) string {
	if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
		return text
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	p := pascalWriter{d: d}
	if err := p.value(); err != nil {
		return text
	}
	return p.out.String()
}

// pascalWriter copies one JSON value, token by token.
type pascalWriter struct {
	d   *json.Decoder
	out bytes.Buffer
}

func (p *pascalWriter) value() error {
	token, err := p.d.Token()
	if err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		return p.members('}', true)
	case json.Delim('['):
		return p.members(']', false)
	}
	return p.put(token)
}

// members copies what stands between two brackets, the names of an object with it.
func (p *pascalWriter) members(end byte, named bool) error {
	p.out.WriteByte(end - 2) // in ASCII a closing bracket is two behind the opening one
	for first := true; p.d.More(); first = false {
		if !first {
			p.out.WriteByte(',')
		}
		if named {
			if err := p.name(); err != nil {
				return err
			}
		}
		if err := p.value(); err != nil {
			return err
		}
	}
	p.out.WriteByte(end)
	_, err := p.d.Token()
	return err
}

func (p *pascalWriter) name() error {
	token, err := p.d.Token()
	if err != nil {
		return err
	}
	name, _ := token.(string)
	if err := p.put(pascal(name)); err != nil {
		return err
	}
	p.out.WriteByte(':')
	return nil
}

func (p *pascalWriter) put(v any) error {
	e := json.NewEncoder(&p.out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	p.out.Truncate(p.out.Len() - 1) // the encoder ends with a line feed
	return nil
}

// pascal writes a name of Go or of JSON in PascalCase.
func pascal(name string) string {
	letters := []rune(name)
	var before rune
	for i, l := range letters {
		// Inside a run of capitals only the one that begins the next word stays.
		begins := i+1 < len(letters) && unicode.IsLower(letters[i+1]) && !plural(letters[i+1:])
		switch {
		case i == 0:
			letters[i] = unicode.ToUpper(l)
		case unicode.IsUpper(l) && unicode.IsUpper(before) && !begins:
			letters[i] = unicode.ToLower(l)
		}
		before = l
	}
	return string(letters)
}

// plural reports whether rest is the s of several abbreviations, as in "IDs".
func plural(rest []rune) bool {
	return rest[0] == 's' && (len(rest) == 1 || unicode.IsUpper(rest[1]))
}
