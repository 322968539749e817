// Package block holds the building blocks of the portal: a page is composed of
// them and adds no markup and no style of its own.
//
// Each block is a templ component that takes a plain struct. Text of the page
// comes in translated; a block that has words of its own ("Next", "Required")
// takes the lang.Printer of the reader as its first parameter. Every block
// works without script: what comptoir.js and htmx add is comfort.
package block

import (
	"comptoir/internal/portal/asset"
	"comptoir/internal/portal/icon"
)

// Tone is what a badge, message, toast or tile wants to say. It is always shown
// by an icon and a word as well as by colour.
type Tone uint8

// The tones.
const (
	Neutral Tone = iota
	Info
	Success
	Warning
	Danger
	Important
	Blocked // an action is refused until something else happens
)

// class is the name of the tone in the style sheet.
func (t Tone) class() string {
	return [...]string{"neutral", "info", "success", "warning", "danger", "important", "blocked"}[t]
}

func (t Tone) icon() icon.Name {
	return [...]icon.Name{icon.Off, icon.Info, icon.Success, icon.Warning, icon.Error, icon.Important, icon.Blocked}[t]
}

// Link is a piece of text that leads somewhere.
type Link struct {
	Label string
	Href  string
	// External links open in a new tab and say so with an icon.
	External bool
}

// Badge is a status: icon, word and colour.
type Badge struct {
	Tone Tone
	Text string
	// Icon replaces the icon of the tone, for example icon.Pending for something under review.
	Icon icon.Name
}

func (b Badge) icon() icon.Name {
	if b.Icon != "" {
		return b.Icon
	}
	return b.Tone.icon()
}

// sprite is the address of an icon inside the sprite.
func sprite(name icon.Name) string {
	return asset.URL(asset.Icons) + "#" + string(name)
}

// orElse returns s, or fallback when s is empty.
func orElse(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
