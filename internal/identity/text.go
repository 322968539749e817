package identity

import (
	"strings"
	"unicode"
)

// tidy takes from a text what no database keeps and no reader sees: control
// characters, bytes that are no text, and the space around it.
func tidy(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "")))
}

// tidy takes from the texts of n what the function tidy takes.
func (n User) tidy() User {
	for _, s := range []*string{
		&n.Name, &n.DisplayName, &n.FirstName, &n.LastName, &n.Email, &n.Phone, &n.Language, &n.UsageLocation, &n.ImmutableID,
	} {
		*s = tidy(*s)
	}
	return n
}

// cut tidies what a browser or a person says about something and shortens it.
func cut(s string, most int) string {
	if s = tidy(s); len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return s
}
