package notices

import (
	"net/http"
	"slices"

	"comptoir/internal/fault"
	"comptoir/internal/notice"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// wishes is the page of the reader's preferences (P-20).
type wishes struct {
	*visit.Visit
	kept notice.Preferences
	// address and code are what was typed.
	address, code string
	said          visit.Verdicts
}

func preferences(v *visit.Visit) error {
	w, err := readWishes(v)
	if err != nil {
		return err
	}
	w.code = v.Query("code") // from the link in the mail
	return v.Show(wishesPage(w, frame(v, preferencesPath)))
}

func readWishes(v *visit.Visit) (*wishes, error) {
	kept, err := visit.Do(v, notice.GetPreferences, struct{}{})
	return &wishes{Visit: v, kept: kept}, err
}

// languages are those in which mail can come.
func (w *wishes) languages() []block.Option {
	return []block.Option{
		{Value: "account", Label: w.T("notice.language.account")},
		{Value: "en", Label: "English"},
		{Value: "fr", Label: "Français"},
		{Value: "sv", Label: "Svenska"},
	}
}

// language is the choice that is kept.
func (w *wishes) language() string {
	if w.kept.Language == "" {
		return "account"
	}
	return w.kept.Language
}

// categories are what the reader gets mail of; required ones cannot be switched off.
func (w *wishes) categories() (options []block.Option, chosen []string) {
	for _, c := range notice.Categories(w.Actor.Kind) {
		o := block.Option{Value: string(c), Label: w.T(c.Key())}
		if c.Required() {
			o.Disabled, o.Hint = true, w.T("notice.category.required")
		}
		options = append(options, o)
		if !w.kept.Mutes(c) {
			chosen = append(chosen, string(c))
		}
	}
	return options, chosen
}

func savePreferences(v *visit.Visit) error {
	in := notice.Wishes{Language: v.Form("language")}
	if in.Language == "account" {
		in.Language = ""
	}
	wanted := v.Forms("mail")
	for _, c := range notice.Categories(v.Actor.Kind) {
		if !c.Required() && !slices.Contains(wanted, string(c)) {
			in.Muted = append(in.Muted, c)
		}
	}
	if _, err := visit.Do(v, notice.UpdatePreferences, in); err != nil {
		return err
	}
	v.Toast(v.T("notice.saved"))
	return v.Redirect(preferencesPath)
}

func changeAddress(v *visit.Visit) error {
	p, err := visit.Do(v, notice.ChangeAddress, v.Form("address"))
	if err != nil {
		return refuse(v, "address", err)
	}
	if p.Pending != "" {
		v.Toast(v.T("notice.address.sent", "Address", p.Pending))
	} else {
		v.Toast(v.T("notice.saved"))
	}
	return v.Redirect(preferencesPath)
}

func confirmAddress(v *visit.Visit) error {
	if _, err := visit.Do(v, notice.ConfirmAddress, v.Form("code")); err != nil {
		return refuse(v, "code", err)
	}
	v.Toast(v.T("notice.address.confirmed"))
	return v.Redirect(preferencesPath)
}

// refuse shows the page again with what is wrong beside the field.
func refuse(v *visit.Visit, field string, err error) error {
	if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.TooMany {
		return err
	}
	w, read := readWishes(v)
	if read != nil {
		return read
	}
	w.address, w.code = v.Form("address"), v.Form("code")
	w.said.Refuse(field, v.Sentence(err))
	return v.ShowAs(http.StatusBadRequest, wishesPage(w, frame(v, preferencesPath)))
}
