package block

import (
	"strconv"
	"unicode/utf8"

	"github.com/a-h/templ"
)

// Option is one choice of a select, combobox, radio group or filter.
type Option struct {
	Value string
	Label string
	// Hint is a quieter line under a radio button or check box.
	Hint     string
	Disabled bool
	// Group puts the option under a heading in a select.
	Group string
}

// Field is one question of a form. Label stands above, hint below the label,
// error or warning below the control.
type Field struct {
	// Name is the form value; ID is Name unless set.
	Name, ID string
	Label    string
	Value    string
	Hint     string
	// Error blocks; Warning is amber and never does.
	Error, Warning string
	Required       bool
	Disabled       bool
	ReadOnly       bool
	// Max is the greatest length in characters; a counter shows near it.
	Max int
	// Prefix and Suffix stand inside the control: "https://", ".example.com".
	Prefix, Suffix string
	Autocomplete   string
	Placeholder    string
	Options        []Option
	// Values are the chosen ones of a CheckboxGroup.
	Values []string
	// Narrow puts a search box with this placeholder above a CheckboxGroup of many,
	// where there is script.
	Narrow string
	// Checked is the state of a Checkbox or Switch.
	Checked bool
	// Rows is the height of a TextArea.
	Rows int
	// MinValue, MaxValue and Step bound a number or a date.
	MinValue, MaxValue, Step string
	// Accept names the kinds of a FileField: ".csv,text/csv". Many takes several.
	Accept string
	Many   bool
	// Check is an address that is asked when the field was left: it gets the whole
	// form and answers with this field alone.
	Check string
	// Width limits the control to what the value needs.
	Width Width
	// Attrs are further attributes of the control.
	Attrs templ.Attributes
}

// Width is how much room a control takes; the zero value fills its column.
type Width uint8

// The widths.
const (
	Full Width = iota
	Short
	Medium
)

func (f Field) id() string { return orElse(f.ID, f.Name) }

// describedBy lists the ids of the texts that belong to the control.
func (f Field) describedBy() string {
	ids := ""
	add := func(text, suffix string) {
		if text == "" {
			return
		}
		if ids != "" {
			ids += " "
		}
		ids += f.id() + suffix
	}
	add(f.Hint, "-hint")
	add(f.Error, "-error")
	add(f.Warning, "-warning")
	return ids
}

func (f Field) class() string {
	class := "field"
	if f.Error != "" {
		class += " has-error"
	} else if f.Warning != "" {
		class += " has-warning"
	}
	switch f.Width {
	case Short:
		class += " short"
	case Medium:
		class += " medium"
	case Full:
	}
	return class
}

// attrs are the attributes that every control has alike.
func (f Field) attrs() templ.Attributes {
	a := templ.Attributes{"id": f.id(), "name": f.Name}
	if d := f.describedBy(); d != "" {
		a["aria-describedby"] = d
	}
	if f.Error != "" {
		a["aria-invalid"] = "true"
	}
	if f.Required {
		a["required"] = true
	}
	if f.Disabled {
		a["disabled"] = true
	}
	if f.ReadOnly {
		a["readonly"] = true
	}
	if f.Max > 0 {
		a["maxlength"] = strconv.Itoa(f.Max)
	}
	for name, value := range map[string]string{
		"autocomplete": f.Autocomplete, "placeholder": f.Placeholder, "min": f.MinValue, "max": f.MaxValue, "step": f.Step,
	} {
		if value != "" {
			a[name] = value
		}
	}
	if f.Check != "" {
		a["hx-post"] = f.Check
		a["hx-trigger"] = "change"
		a["hx-target"] = "closest .field"
		a["hx-swap"] = "outerHTML"
		a["hx-include"] = "closest form"
	}
	for name, value := range f.Attrs {
		a[name] = value
	}
	return a
}

// length counts the characters of the value.
func (f Field) length() int { return utf8.RuneCountInString(f.Value) }

// Form is the element around fields.
type Form struct {
	ID     string
	Action string
	// Get sends the values in the address instead of the body.
	Get  bool
	CSRF string
	// RequestID makes a repeated submit answer with the first result.
	RequestID string
	// Guard asks before unsaved changes are left, and keeps the button that saves
	// disabled until something changed.
	Guard bool
	// Files lets the form carry files.
	Files bool
	// ETag is the version that the reader saw; sent as "etag" (RF-18).
	ETag string
}

func (f Form) method() string {
	if f.Get {
		return "get"
	}
	return "post"
}

// FormSection groups fields under a heading.
type FormSection struct {
	ID    string
	Title string
	Text  string
}

// FormActions are the buttons at the end of a form.
type FormActions struct {
	// Submit is the label of the main button, Cancel the address of the way out.
	Submit string
	Cancel string
	// Destructive colours the main button.
	Destructive bool
	// Reason says why the form cannot be saved now.
	Reason string
	// More are further buttons between the two.
	More []Button
}

// Wizard leads through a long form step by step.
type Wizard struct {
	Form
	// Label names the list of steps.
	Label string
	Steps []Step
	// Heading and Text introduce the present step.
	Heading string
	Text    string
	// Next is the label of the main button: "Next: Review".
	Next string
	// Back offers the step before. All buttons send the form, so nothing typed is
	// lost; the value of "go" says which one it was: next, back or skip.
	Back bool
	// Cancel is where the wizard is left.
	Cancel string
	// Skip offers to pass over this step.
	Skip bool
	// Reason says why the wizard cannot go on now.
	Reason string
	// Saved says that a draft is kept, for example "Draft saved 14:02 UTC".
	Saved string
	// Last hides the way on: the confirmation step.
	Last bool
}
