package v1

import (
	"strconv"
	"strings"

	"comptoir/internal/api/route"
	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// Settings of the REST edge that the operator may change.
var (
	// AppOnlyStrict refuses applications without a user on the routes that need one.
	AppOnlyStrict = op.DefineSetting(op.Setting{Name: "api.appOnlyStrict", Default: "true", Values: []string{"true", "false"}, Rule: "api-customers 2.6", Mark: "D", Effect: "setting.api.app_only_strict"})
	// ByteOrderMark says which clients get JSON that begins with a byte-order mark.
	ByteOrderMark = op.DefineSetting(op.Setting{Name: "api.byteOrderMark", Default: "client", Values: []string{"client", "always"}, Rule: "api-customers 4.8", Mark: "D", Effect: "setting.api.byte_order_mark"})
	// StrictEtag refuses replacements that name no version.
	StrictEtag = op.DefineSetting(op.Setting{Name: "api.strictEtag", Default: "false", Values: []string{"false", "true"}, Rule: "api-customers 6", Mark: "D", Effect: "setting.api.strict_etag"})
	// ListLimit is how many rows a whole list has at most before it is paged.
	ListLimit = op.DefineSetting(op.Setting{Name: "api.listLimit", Default: "100000", Check: isCount, Rule: "clients.md, Answers", Mark: "O", Effect: "setting.api.list_limit"})
)

// isCount checks a setting that is a number.
func isCount(value string) error {
	_, err := strconv.ParseUint(value, 10, 31)
	return err
}

// number returns the value of a setting that isCount checks: the default when
// somebody wrote nonsense past the check.
func (a *API) number(s *op.Setting) int {
	value := a.kernel.Setting(s)
	if isCount(value) != nil {
		value = s.Default
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		panic("v1: the default of " + s.Name + ": " + err.Error())
	}
	return n
}

// admit finds out who calls and whether the route takes calls of that sort. What
// the caller may do there is the operation's to decide.
func (c *call) admit() error {
	if !route.IsText(c.r.URL.Path) {
		return refusal.Argument
	}
	for _, p := range c.params() {
		if strings.ContainsRune(p.Value, 0) {
			return refusal.Argument.On(p.Name)
		}
	}
	if c.route.Auth == route.None {
		return nil
	}
	actor, err := c.api.authenticate(c.r)
	if err != nil {
		return err
	}
	actor.Locale, actor.Channel, actor.Address = c.printer.Tag(), op.ViaREST, c.api.origin.Address(c.r)
	actor.RequestID, actor.CorrelationID = c.requestID, c.correlationID
	if c.chosenRequestID {
		actor.IdempotencyKey = strings.ToLower(c.requestID)
	}
	c.actor = actor
	if err := c.api.limits.Take(c.api.kernel, actor.Tenant); err != nil {
		return err
	}
	if err := c.admitMode(); err != nil {
		return err
	}
	return c.admitFactor()
}

// admitMode refuses an application alone where a user is needed, and the reverse.
func (c *call) admitMode() error {
	switch {
	case c.route.Auth == route.User && c.actor.AppOnly() && c.api.kernel.Setting(AppOnlyStrict) == "true":
		return refusal.AppOnly
	case c.route.Auth == route.App && !c.actor.AppOnly():
		return errAppRequired
	}
	return nil
}

// admitFactor applies the second-factor setting to users (section 2.7).
// Applications alone have no second factor.
func (c *call) admitFactor() error {
	if c.actor.User == "" || c.actor.Kind != policy.Partner {
		return nil
	}
	mode := identity.MFAMode(c.api.kernel)
	if mode == "report" || strings.EqualFold(c.r.Header.Get(validateMFAHeader), "true") {
		// Set directly: the contract's spelling is not the canonical one.
		c.w.Header()["isMfaCompliant"] = []string{strconv.FormatBool(c.actor.MFA)}
	}
	if mode == "enforce" && !c.actor.MFA {
		return refusal.SecondFactor
	}
	return nil
}

// errAppRequired refuses a user's token where only an application alone may call.
var errAppRequired = fault.New(fault.Forbidden, "2032", "api.app_required")
