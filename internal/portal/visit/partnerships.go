package visit

// The addresses of the pages about partnerships of providers and resellers (P-14 to
// P-16); the token of a request follows PartnershipPath.
const (
	ResellersPath   = "/indirect-resellers"
	ProvidersPath   = "/indirect-providers"
	PartnershipPath = "/partnership/"
)

// The areas of these pages.
const (
	Resellers Area = ResellersPath
	Providers Area = ProvidersPath
)
