package gdapbulk

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/importer"
	"comptoir/internal/naming"
)

// MaxRows is how many rows a file of orders may have.
const MaxRows = 5000

// maxCell is the longest cell that is read, in bytes: all roles there are by name.
const maxCell = 16 << 10

// Column is a column of a file of orders. Columns are called the same in all
// languages; case, blanks and hyphens in their names do not count.
type Column string

// The columns.
const (
	CustomerColumn     Column = "customer"     // tenant id or domain
	CustomerNameColumn Column = "customerName" // as the partner calls it; of its own customers their name when empty
	NameColumn         Column = "name"         // of the relationship
	DaysColumn         Column = "days"         // 1 to 730, or ISO 8601; when empty those of the template, or 730
	RolesColumn        Column = "roles"        // names or ids, semicolons between; or the name of a role template
	AutoExtendColumn   Column = "autoExtend"   // yes or no; when empty as the template says
	RelationshipColumn Column = "relationship" // id, link or name
	GroupColumn        Column = "group"        // id or name of a security group
)

// Required returns the columns that a file of orders of the kind k must have.
func (k Kind) Required() []Column {
	switch k {
	case Asking:
		return []Column{CustomerColumn, NameColumn, RolesColumn}
	case Assigning:
		return []Column{RelationshipColumn, GroupColumn}
	case Extending, Ending:
	}
	return []Column{RelationshipColumn}
}

// Optional returns the columns that it may have beside them. Others say nothing.
func (k Kind) Optional() []Column {
	switch k {
	case Asking:
		return []Column{CustomerNameColumn, DaysColumn, AutoExtendColumn}
	case Extending:
		return []Column{AutoExtendColumn}
	case Assigning:
		return []Column{RolesColumn}
	case Ending:
	}
	return nil
}

// Columns returns all columns of the kind, the required ones first.
func (k Kind) Columns() []Column { return slices.Concat(k.Required(), k.Optional()) }

// Given is what a row of a file says, by column.
type Given map[Column]string

// Refusals of a file.
var (
	// ErrColumn refuses a file without a column that it must have; argument Column.
	ErrColumn = fault.New(fault.Invalid, "800002", "gdapbulk.column")
	// ErrKind refuses orders of a sort that there is not.
	ErrKind = fault.New(fault.Invalid, "2000", "gdapbulk.kind")
)

var errLong = fault.New(fault.Invalid, "2000", "gdapbulk.long") // argument Max, of a cell

// Order is the input of Plan: a file of orders as it was read.
type Order struct {
	Kind Kind
	File string // its name, for people
	Rows []Row  // with Line, Given and, where a row cannot be read, Faults
}

// Read reads a file of orders. It refuses what importer.ReadSheet refuses, ErrColumn
// and ErrKind.
func Read(kind Kind, name string, body io.Reader) (Order, error) {
	if !slices.Contains(Kinds(), kind) {
		return Order{}, ErrKind.On("kind")
	}
	sheet, err := importer.ReadSheet(body, MaxRows)
	if err != nil {
		return Order{}, err
	}
	at := make(map[Column]int)
	for i, title := range sheet.Columns {
		for _, c := range kind.Columns() {
			if _, taken := at[c]; !taken && plain(title) == plain(string(c)) {
				at[c] = i
			}
		}
	}
	for _, c := range kind.Required() {
		if _, ok := at[c]; !ok {
			return Order{}, ErrColumn.On("file").With("Column", string(c))
		}
	}
	o := Order{Kind: kind, File: naming.FileName(name)}
	for i, r := range sheet.Rows {
		row := Row{Number: int64(i) + 1, Line: r.Line, Given: make(Given)}
		row.Faults.Add(r.Fault)
		for c, cell := range at {
			if r.Fault != nil {
				break
			}
			text := naming.Trim(r.Cells[cell])
			if len(text) > maxCell {
				row.Faults.Add(errLong.On(string(c)).With("Max", maxCell))
				text = ""
			}
			row.Given[c] = unarmed(text)
		}
		o.Rows = append(o.Rows, row)
	}
	return o, nil
}

// plain returns the title of a column as it is compared.
func plain(title string) string {
	return strings.NewReplacer(" ", "", "_", "", "-", "").Replace(naming.Key(title))
}

// unarmed takes the apostrophe away by which our own files keep a spreadsheet from
// taking a text for a formula.
func unarmed(text string) string {
	if len(text) > 1 && text[0] == '\'' && strings.ContainsRune("=+-@", rune(text[1])) {
		return text[1:]
	}
	return text
}

var errSwitch = fault.New(fault.Invalid, "2000", "gdapbulk.switch")

// extension reads a cell that switches auto extension. ISO 8601 stays as it is.
func extension(text, otherwise string) (string, *fault.Error) {
	switch naming.Key(text) {
	case "":
		return otherwise, nil
	case "yes", "oui", "ja", "true", "on", "1":
		return "P180D", nil
	case "no", "non", "nej", "false", "off", "0":
		return "PT0S", nil
	}
	if len(text) > 1 && text[0]|' ' == 'p' && strings.ContainsRune("0123456789tT", rune(text[1])) {
		return text, nil
	}
	return "", errSwitch.On(string(AutoExtendColumn))
}

// longest is the duration of a request that does not say any.
const longest = "P730D"

// duration reads a cell with days. What is no number stays as it is.
func duration(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	if _, err := strconv.ParseUint(text, 10, 31); err == nil {
		return "P" + text + "D"
	}
	return text
}

// columnOf says which column a member of the input of the single operations is.
var columnOf = map[string]Column{
	"displayName": NameColumn, "duration": DaysColumn, "autoExtendDuration": AutoExtendColumn, "accessDetails.unifiedRoles": RolesColumn,
	"customer.tenantId": CustomerColumn, "customer.displayName": CustomerNameColumn,
}

// atColumns returns faults at the columns of the file that they are about.
func atColumns(faults fault.List) fault.List {
	at := make(fault.List, len(faults))
	for i, f := range faults {
		at[i] = f
		if c, ok := columnOf[f.Field]; ok {
			at[i] = f.On(string(c))
		}
	}
	return at
}
