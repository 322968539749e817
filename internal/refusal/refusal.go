// Package refusal declares the refusals of the business rules, RF-01 to RF-45
// (docs/spec/rules.md, section n), and the general ones of the wire contract
// that every feature shares. A feature returns them as they are, or placed on
// a field: refusal.RF12.On("companyProfile.organizationRegistrationNumber").
package refusal

import "comptoir/internal/fault"

// The refusals of rules.md (n). The comment of each says when it is given.
var (
	RF01            = fault.New(fault.Forbidden, "2032", "refusal.rf01")      // an indirect reseller adds a customer
	RF02            = fault.New(fault.Forbidden, "2032", "refusal.rf02")      // an indirect reseller orders or changes
	RF03            = fault.New(fault.Forbidden, "2032", "refusal.rf03")      // an indirect reseller edits billing information
	RF04            = fault.New(fault.Forbidden, "2032", "refusal.rf04")      // an indirect reseller attests an agreement
	RF05            = fault.New(fault.Invalid, "3000", "refusal.rf05")        // a reseller of record removes the relationship
	RF06            = fault.New(fault.Forbidden, "900124", "refusal.rf06")    // own partner agreement not signed
	RF07            = fault.New(fault.Forbidden, "900123", "refusal.rf07")    // the reseller's partner agreement not signed
	RF08            = fault.New(fault.Forbidden, "2030", "refusal.rf08")      // country outside the market
	RF09            = fault.New(fault.Invalid, "3000", "refusal.rf09")        // the invited tenant is a partner's, or one's own
	RF10            = fault.New(fault.Forbidden, "900150", "refusal.rf10")    // role missing
	RF11            = fault.New(fault.Conflict, "3000", "refusal.rf11")       // the customer exists already
	RF12            = fault.New(fault.Invalid, "600049", "refusal.rf12")      // registration id missing
	RF13            = fault.New(fault.Invalid, "600050", "refusal.rf13")      // registration id of another form
	RF14            = fault.New(fault.Invalid, "600051", "refusal.rf14")      // phone number missing
	RF15            = fault.New(fault.Forbidden, "800073", "refusal.rf15")    // a purchase while under review
	RF16            = fault.New(fault.Forbidden, "800074", "refusal.rf16")    // a change or cancellation while not approved
	RF17            = fault.New(fault.Forbidden, "800075", "refusal.rf17")    // the account was not approved
	RF18            = fault.New(fault.Stale, "2055", "refusal.rf18")          // stale etag
	RF19            = fault.New(fault.Forbidden, "13605", "refusal.rf19")     // customer agreement not confirmed
	RF20            = fault.New(fault.Invalid, "3000", "refusal.rf20")        // acceptance date in the future
	RF21            = fault.New(fault.Conflict, "600061", "refusal.rf21")     // the same attestation again
	RF22            = fault.New(fault.Invalid, "3000", "refusal.rf22")        // the link is missing in the draft
	RF23            = fault.New(fault.Forbidden, "2032", "refusal.rf23")      // a token for another tenant
	RF24            = fault.New(fault.NotFound, "1000", "refusal.rf24")       // invalid link
	RF25            = fault.New(fault.Forbidden, "900150", "refusal.rf25")    // the invited person lacks the role
	RF26            = fault.New(fault.NotFound, "800015", "refusal.rf26")     // unknown PartnerID
	RF26NotReseller = fault.New(fault.Invalid, "800016", "refusal.rf26.role") // the PartnerID is no indirect reseller
	RF27            = fault.New(fault.Invalid, "3000", "refusal.rf27")        // removal with live items
	RF28            = fault.New(fault.Forbidden, "20002", "refusal.rf28")     // no relationship with the customer
	RF29            = fault.New(fault.Invalid, "3000", "refusal.rf29")        // auto extend with Global Administrator
	RF30            = fault.New(fault.Forbidden, "2006", "refusal.rf30")      // not bought by this partner
	RF31            = fault.New(fault.Invalid, "900206", "refusal.rf31")      // order attestation missing
	RF32            = fault.New(fault.Invalid, "900214", "refusal.rf32")      // seats past their window
	RF33            = fault.New(fault.Invalid, "2001", "refusal.rf33")        // quantity while suspended
	RF34            = fault.New(fault.Invalid, "2002", "refusal.rf34")        // outside the limits
	RF35            = fault.New(fault.Conflict, "27009", "refusal.rf35")      // add-on under an inactive parent
	RF36            = fault.New(fault.Invalid, "900117", "refusal.rf36")      // past the cancellation window
	RF37            = fault.New(fault.Conflict, "800082", "refusal.rf37")     // a renewal or another change is running
	RF38            = fault.New(fault.Invalid, "900242", "refusal.rf38")      // not a valid aligned date
	RF39            = fault.New(fault.Forbidden, "2032", "refusal.rf39")      // not Owner of the subscription
	RF40            = fault.New(fault.Forbidden, "2032", "refusal.rf40")      // cost visibility is off
	RF41            = fault.New(fault.Forbidden, "900308", "refusal.rf41")    // delegated role missing
	RF42            = fault.New(fault.TooMany, "429", "refusal.rf42")         // rate limit; argument Seconds
	RF43            = fault.New(fault.Forbidden, "800039", "refusal.rf43")    // partner suspended or restricted
	RF44            = fault.New(fault.Invalid, "3000", "refusal.rf44")        // a name or e-mail rule
	RF45            = fault.New(fault.Invalid, "3000", "refusal.rf45")        // address not found and not confirmed
)

// The general refusals of the wire contract (docs/spec/api-customers.md, 7.2).
var (
	NotFound        = fault.New(fault.NotFound, "1000", "refusal.not_found")              // no such thing for this caller
	Malformed       = fault.New(fault.Invalid, "800002", "refusal.malformed")             // the body cannot be read
	Argument        = fault.New(fault.Invalid, "2000", "refusal.argument")                // a query or path value of the wrong form
	Required        = fault.New(fault.Invalid, "27002", "refusal.required")               // a required member is missing
	Property        = fault.New(fault.Invalid, "27002", "refusal.property")               // a member has an impossible value
	Unauthenticated = fault.New(fault.Unauthenticated, "400", "refusal.unauthenticated")  // no valid token or session
	AppOnly         = fault.New(fault.Forbidden, "900329", "refusal.app_only")            // needs a signed-in user
	SecondFactor    = fault.New(fault.Unauthenticated, "900421", "refusal.second_factor") // signed in without a second factor
	InProgress      = fault.New(fault.Conflict, "1003", "refusal.in_progress")            // the same request is still running
	SandboxOnly     = fault.New(fault.Invalid, "900127", "refusal.sandbox_only")          // not in this environment
	TooLarge        = fault.New(fault.TooLarge, "800002", "refusal.too_large")            // more than we read; argument Limit
)
