// Package agreements holds the pages about the customer agreement itself: where
// a customer reads and accepts it (portal K-5), where a partner confirms many
// acceptances at once, and where the operator publishes its versions (V-7).
package agreements

import (
	"strconv"

	"comptoir/internal/agreement"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

const (
	ownDocumentPath = visit.AgreementPath + "/document"
	newTemplatePath = visit.TemplatesPath + "/new"
	oneTemplatePath = visit.TemplatesPath + "/{rank}"
)

// Pages lists the pages of the package by their pattern.
func Pages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + visit.AgreementPath:           showOwn,
		"POST " + visit.AgreementPath:          accept,
		"GET " + ownDocumentPath:               downloadOwn,
		"GET " + visit.TemplatesPath:           listTemplates,
		"GET " + newTemplatePath:               newTemplate,
		"GET " + oneTemplatePath:               showTemplate,
		"GET " + oneTemplatePath + "/document": downloadTemplate,
		"GET " + visit.RoundsPath:              listOpen,
		"POST " + visit.RoundsPath + "/ask":    askPlan,
		"POST " + visit.RoundsPath:             plan,
		"GET " + oneRoundPath:                  showRound,
		"POST " + oneRoundPath:                 actOnRound,
		"GET " + oneRowPath:                    askRow,
		"POST " + oneRowPath:                   correctRow,
	}
}

// Open lists those that nobody has to sign in for.
func Open() map[string]visit.Page {
	return map[string]visit.Page{"GET " + visit.AgreementRequestPath + "{link}": showRequest, "POST " + visit.AgreementRequestPath + "{link}": answerRequest}
}

// Uploads lists those that take files.
func Uploads() map[string]visit.Page {
	return map[string]visit.Page{"POST " + visit.TemplatesPath: publish, "POST " + oneTemplatePath: translate}
}

// text reads which text the address of a page asks for.
func text(v *visit.Visit) agreement.Text {
	rank, err := strconv.ParseInt(v.Query("rank"), 10, 64)
	if err != nil {
		rank = 0 // no version has it
	}
	language := v.Query("language")
	if language == "" {
		language = v.Tag()
	}
	return agreement.Text{Rank: rank, Language: language}
}

// query is the address member that asks for a text.
func query(rank int64, language string) string {
	return "?rank=" + strconv.FormatInt(rank, 10) + "&language=" + language
}

// choices are the languages of a version, as links that show it in one.
func choices(v *visit.Visit, version agreement.Version, shown string, to func(language string) string) []block.Link {
	var all []block.Link
	for _, language := range version.Languages {
		if language != shown {
			all = append(all, block.Link{Label: v.Culture(language), Href: to(language)})
		}
	}
	return all
}

// names lists languages as a sentence does. English writes them with a capital
// everywhere.
func names(v *visit.Visit, languages []string) string {
	all := make([]string, len(languages))
	for i, language := range languages {
		all[i] = v.Culture(language)
	}
	if v.Tag() == "en" {
		return v.List(all)
	}
	return v.Labels(all)
}
