package openapi

import (
	"cmp"
	_ "embed"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"comptoir/internal/lang"
)

// Style is the style sheet of the page.
//
//go:embed page.css
var Style []byte

//go:embed page.html
var pageText string

// Policy is the content security policy under which the page works: it has no
// script and nothing from elsewhere.
const Policy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// page is what the template shows.
type page struct {
	Tag        string // language
	Words      words
	Info       Info
	Style      string // address of the style sheet
	Document   string // address of the document
	Groups     []group
	Components []component
	Operations int
}

// words are the words of the page around the names of the API.
type words struct {
	Always, Answers, Body, Contents, Meaning, Name, Parameters, Place, Schemas, Skip, Status, Token, TokenNone, Type, Yes string
}

func wordsOf(p *lang.Printer) words {
	return words{
		Always:     p.T("api.docs.always"),
		Answers:    p.T("api.docs.answers"),
		Body:       p.T("api.docs.body"),
		Contents:   p.T("api.docs.contents"),
		Meaning:    p.T("api.docs.meaning"),
		Name:       p.T("api.docs.name"),
		Parameters: p.T("api.docs.parameters"),
		Place:      p.T("api.docs.place"),
		Schemas:    p.T("api.docs.schemas"),
		Skip:       p.T("api.docs.skip"),
		Status:     p.T("api.docs.status"),
		Token:      p.T("api.docs.token"),
		TokenNone:  p.T("api.docs.token.none"),
		Type:       p.T("api.docs.type"),
		Yes:        p.T("api.docs.yes"),
	}
}

type group struct {
	Name       string
	Operations []shown
}

// shown is an operation on the page.
type shown struct {
	*Operation
	Method, Path string
	Takes        *shape
	Answers      []answer
}

type answer struct {
	Status, Text string
	Shapes       []shape
}

// component is a named schema on the page.
type component struct {
	Name    string
	Members []member
}

type member struct {
	Name     string
	Shape    shape
	Required bool
}

// shape is the type of a value: a word or a link to a component, in brackets
// for an array.
type shape struct {
	Text string
	Link string // name of the component, "" for a plain type
}

// WritePage writes the page of d in the language of p. styleAt and documentAt
// are the addresses of Style and of the document itself.
func (d *Document) WritePage(w io.Writer, p *lang.Printer, styleAt, documentAt string) error {
	v := page{Tag: p.Tag(), Words: wordsOf(p), Info: d.Info, Style: styleAt, Document: documentAt}
	groups := map[string][]shown{}
	for path, methods := range d.Paths {
		for method, o := range methods {
			groups[o.Tags[0]] = append(groups[o.Tags[0]], o.show(strings.ToUpper(method), path))
			v.Operations++
		}
	}
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		operations := groups[name]
		slices.SortFunc(operations, func(a, b shown) int {
			return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
		})
		v.Groups = append(v.Groups, group{name, operations})
	}
	for _, name := range slices.Sorted(maps.Keys(d.Components.Schemas)) {
		v.Components = append(v.Components, component{name, members(d.Components.Schemas[name], "")})
	}
	return pageTemplate.Execute(w, v)
}

func (o *Operation) show(method, path string) shown {
	s := shown{Operation: o, Method: method, Path: path}
	if o.RequestBody != nil {
		takes := shapeOf(o.RequestBody.Content[mediaJSON].Schema)
		s.Takes = &takes
	}
	for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
		r := o.Responses[status]
		a := answer{Status: status, Text: r.Description}
		if content, ok := r.Content[mediaJSON]; ok {
			a.Shapes = []shape{shapeOf(content.Schema)}
			if len(content.Schema.AnyOf) > 0 {
				a.Shapes = nil
				for _, one := range content.Schema.AnyOf {
					a.Shapes = append(a.Shapes, shapeOf(one))
				}
			}
		}
		s.Answers = append(s.Answers, a)
	}
	return s
}

// members lists the members of an object, those of objects that are described in
// place with their path.
func members(s *jsonschema.Schema, prefix string) (list []member) {
	for _, name := range s.PropertyOrder {
		property := s.Properties[name]
		list = append(list, member{prefix + name, shapeOf(property), slices.Contains(s.Required, name)})
		list = append(list, members(property, prefix+name+".")...)
	}
	return list
}

func shapeOf(s *jsonschema.Schema) shape {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		return shape{name, name}
	}
	if s.Items != nil {
		items := shapeOf(s.Items)
		items.Text += "[]"
		return items
	}
	text := cmp.Or(s.Type, strings.Join(s.Types, " | "), "any")
	if s.Format != "" {
		text += " (" + s.Format + ")"
	}
	return shape{Text: text}
}
