// Package portal is the web application: the pages for partners, their customers
// and the operator, composed of the building blocks of package block. A handler
// decodes a form, runs one operation and draws what came of it; it knows no rule
// and no SQL.
package portal

import (
	"maps"
	"net/http"
	"slices"

	"comptoir/internal/origin"
	"comptoir/internal/portal/admin"
	"comptoir/internal/portal/agreements"
	"comptoir/internal/portal/asset"
	"comptoir/internal/portal/console"
	"comptoir/internal/portal/customers"
	"comptoir/internal/portal/delegations"
	"comptoir/internal/portal/gallery"
	"comptoir/internal/portal/gdapbulk"
	"comptoir/internal/portal/imports"
	"comptoir/internal/portal/invitations"
	"comptoir/internal/portal/messages"
	"comptoir/internal/portal/notices"
	"comptoir/internal/portal/operator"
	"comptoir/internal/portal/partnerships"
	"comptoir/internal/portal/partnersof"
	"comptoir/internal/portal/qualifications"
	"comptoir/internal/portal/settings"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// Config is what the portal needs of the program around it.
type Config struct {
	visit.Site
	// Protect refuses forms that another site had the browser send; nil for none.
	Protect func(http.Handler) http.Handler
}

// New returns the portal. It answers every path: one that it does not know with
// a page that offers the search.
func New(c Config) http.Handler {
	site := &c.Site
	pages := http.NewServeMux()
	for pattern, page := range routes() {
		pages.Handle(pattern, site.Handle(page))
	}
	for pattern, page := range uploads() {
		pages.Handle(pattern, site.HandleUpload(page))
	}
	for _, old := range oldAddresses {
		pages.HandleFunc("GET "+old.path, old.redirect)
	}
	pages.Handle("GET "+oldAdmin, leadOldAdmin(site))
	mux := http.NewServeMux()
	mux.Handle(asset.Root, asset.Handler())
	for pattern, page := range agreements.Open() {
		mux.Handle(pattern, headers(c.Origin, compress(site.HandleOpen(page))))
	}
	mux.Handle("/", guarded(c, foldOld(pages)))
	return mux
}

// Pages lists the patterns of all pages, for documentation and tests: those of
// New but the assets and, in a sandbox, the gallery.
func Pages() []string {
	patterns := slices.AppendSeq(slices.Collect(maps.Keys(routes())), maps.Keys(uploads()))
	patterns = slices.AppendSeq(patterns, maps.Keys(agreements.Open()))
	for _, old := range oldAddresses {
		patterns = append(patterns, "GET "+old.path)
	}
	patterns = append(patterns, "GET "+oldAdmin)
	slices.Sort(patterns)
	return patterns
}

// guarded puts around the pages what holds for all of them.
func guarded(c Config, pages http.Handler) http.Handler {
	if c.Kernel.Sandbox {
		shown := http.NewServeMux()
		shown.Handle(gallery.Root, gallery.Handler())
		shown.Handle(gallery.Root+"/", gallery.Handler())
		shown.Handle("/", pages)
		pages = shown
	}
	if c.Protect != nil {
		pages = c.Protect(pages)
	}
	return headers(c.Origin, compress(pages))
}

// routes lists all pages by their pattern.
func routes() map[string]visit.Page {
	all := map[string]visit.Page{
		"GET /{$}":                      start,
		"/":                             missing,
		"GET " + visit.HomePath:         home,
		"GET " + visit.CustomerHomePath: customerAdmin,
		"GET " + visit.SearchPath:       search,
		"GET " + visit.AccessPath:       access,
		"GET " + visit.ProfilePath:      profile,
		"POST " + visit.PreferencesPath: setPreference,
	}
	maps.Copy(all, agreements.Pages())
	maps.Copy(all, customers.Pages())
	maps.Copy(all, delegations.Pages())
	maps.Copy(all, gdapbulk.Pages())
	maps.Copy(all, imports.Pages())
	maps.Copy(all, invitations.Pages())
	maps.Copy(all, notices.Pages())
	maps.Copy(all, messages.Pages())
	maps.Copy(all, operator.Pages())
	maps.Copy(all, partnersof.Pages())
	maps.Copy(all, partnerships.Pages())
	maps.Copy(all, qualifications.Pages())
	maps.Copy(all, console.Pages())
	maps.Copy(all, settings.Pages())
	maps.Copy(all, admin.Pages())
	return all
}

// uploads lists the pages that take files, by their pattern.
func uploads() map[string]visit.Page {
	all := imports.Uploads()
	maps.Copy(all, agreements.Uploads())
	maps.Copy(all, customers.Uploads())
	maps.Copy(all, gdapbulk.Uploads())
	return all
}

// headers sets what every answer of the portal says about itself.
func headers(o origin.Origin, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", asset.Policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY") // for browsers that do not know frame-ancestors
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
		if o.Secure(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// missing answers every path that is no page.
func missing(*visit.Visit) error { return refusal.NotFound }
