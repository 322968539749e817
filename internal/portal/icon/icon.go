// Package icon names the icons of the portal. Their drawings are Fluent icons,
// collected in one sprite that package asset serves.
package icon

// Name is the id of an icon in the sprite. The empty name draws nothing.
type Name string
