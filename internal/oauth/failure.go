package oauth

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"comptoir/internal/id"
)

// failure is an error of the token endpoint as clients know it: an OAuth error,
// and a number that they look at (api-customers.md 2.3). The texts are for the
// people who write clients, in English like the numbers' documentation; what
// end users read is in the catalogues.
type failure struct {
	status   int
	error    string
	number   int
	text     string
	suberror string
	retry    int // seconds to wait, when not 0
	cause    error
}

func (f *failure) Error() string { return fmt.Sprintf("AADSTS%d %s: %s", f.number, f.error, f.text) }

func (f *failure) Unwrap() error { return f.cause }

// about fills the blanks of the text.
func (f *failure) about(args ...any) *failure {
	c := *f
	c.text = fmt.Sprintf(f.text, args...)
	return &c
}

// because keeps the error underneath for the log.
func (f *failure) because(err error) *failure {
	c := *f
	c.cause = err
	return &c
}

func fail(status, number int, code, text string) *failure {
	return &failure{status: status, error: code, number: number, text: text}
}

func refused(number int, code, text string) *failure {
	return fail(http.StatusBadRequest, number, code, text)
}

// The failures, with the numbers under which their causes are known.
var (
	errParameter   = refused(900144, "invalid_request", "The request body must contain the following parameter: '%s'.")
	errBody        = refused(900144, "invalid_request", "The request body is not a form that can be read.")
	errGrantType   = refused(70003, "unsupported_grant_type", "The app requested an unsupported grant type '%s'.")
	errTenant      = refused(90002, "invalid_request", "Tenant '%s' not found. Check to make sure you have the correct tenant ID or domain.")
	errNoTenant    = refused(50059, "invalid_request", "No tenant-identifying information found in the request. Use the tenant's own endpoint instead of '%s'.")
	errResources   = refused(28000, "invalid_scope", "Provided value for the input parameter scope is not valid because it contains more than one resource.")
	errScope       = refused(70011, "invalid_scope", "The provided value for the input parameter 'scope' is not valid.")
	errResponse    = refused(700054, "unsupported_response_type", "response_type '%s' is not supported.")
	errMode        = refused(900144, "invalid_request", "response_mode '%s' is not supported for this response type.")
	errRedirectURI = refused(50011, "invalid_request", "The redirect URI '%s' specified in the request does not match the redirect URIs configured for the application '%s'.")
	errChallenge   = refused(9002325, "invalid_request", "Proof Key for Code Exchange is required for public clients, with the method S256 or plain.")

	errNoApp         = refused(700016, "unauthorized_client", "Application with identifier '%s' was not found in the directory '%s'.")
	errNoProof       = fail(http.StatusUnauthorized, 7000218, "invalid_client", "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
	errSecret        = fail(http.StatusUnauthorized, 7000215, "invalid_client", "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for app '%s'.")
	errSecretExpired = fail(http.StatusUnauthorized, 7000222, "invalid_client", "The provided client secret keys for app '%s' are expired.")
	errAssertion     = fail(http.StatusUnauthorized, 700027, "invalid_client", "The client assertion is not valid: %s.")
	errPublic        = fail(http.StatusUnauthorized, 700025, "invalid_client", "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.")
	errPublicAlone   = refused(700026, "unauthorized_client", "The client application has no configured keys; a public client cannot act without a user.")

	errPassword    = refused(50126, "invalid_grant", "Error validating credentials due to invalid username or password.")
	errNoUser      = refused(50034, "invalid_grant", "The user account does not exist in the directory. To sign into this application, the account must be added to the directory.")
	errOtherTenant = refused(50020, "invalid_grant", "User account does not exist in tenant '%s' and cannot access the application '%s' in that tenant.")
	errLocked      = refused(50053, "invalid_grant", "Too many attempts to sign in with an incorrect user ID or password. Try again in %d seconds.")
	errMustChange  = refused(50055, "invalid_grant", "The password is expired: a temporary password must be changed in the portal first.")
	errBlocked     = refused(50057, "invalid_grant", "The user account is disabled.")
	errFactor      = refused(50076, "interaction_required", "Due to a configuration change made by your administrator, you must use multi-factor authentication to access '%s'.")
	errFactorNone  = refused(50079, "interaction_required", "Due to a configuration change made by your administrator, you must enroll in multi-factor authentication to access '%s'.")
	errConsent     = &failure{status: http.StatusBadRequest, error: "invalid_grant", number: 65001, suberror: "consent_required", text: "The user or administrator has not consented to use the application with ID '%s'. Send an interactive authorization request for this user and resource."}
	errLogin       = refused(50058, "login_required", "A silent sign-in request was sent but no user is signed in.")
	errInteraction = refused(65001, "interaction_required", "A silent sign-in request was sent but the user has not consented to use the application.")
	errDenied      = refused(65004, "access_denied", "User declined to consent to access the app.")

	errCode        = refused(70000, "invalid_grant", "The provided authorization code or refresh token is malformed or not valid for this application.")
	errCodeUsed    = refused(54005, "invalid_grant", "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.")
	errCodeExpired = refused(70008, "invalid_grant", "The provided authorization code or refresh token is expired. Send a new interactive authorization request for this user and resource.")
	errVerifier    = refused(501481, "invalid_grant", "The Code_Verifier does not match the code_challenge supplied in the authorization request.")
	errRefreshOld  = refused(700082, "invalid_grant", "The refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.")
	errRevoked     = refused(50173, "invalid_grant", "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.")

	errPending  = refused(70016, "authorization_pending", "OAuth 2.0 device flow error. Authorization is pending. Continue polling.")
	errSlowDown = refused(70016, "slow_down", "OAuth 2.0 device flow error. You are polling too often. Slow down.")
	errDeclined = refused(70018, "authorization_declined", "OAuth 2.0 device flow error. The user declined the request.")
	errExpired  = refused(70020, "expired_token", "OAuth 2.0 device flow error. The device code has expired.")

	errBearer   = fail(http.StatusUnauthorized, 700003, "invalid_grant", "The bearer token is missing, expired or not valid for this exchange.")
	errInstance = refused(50049, "invalid_instance", "Unknown or invalid instance.")
	errInternal = fail(http.StatusInternalServerError, 90033, "temporarily_unavailable", "A transient error has occurred. Please try again.")
)

// failureBody is the JSON of a failure.
type failureBody struct {
	Error         string `json:"error"`
	Description   string `json:"error_description"`
	Codes         []int  `json:"error_codes"`
	Timestamp     string `json:"timestamp"`
	TraceID       string `json:"trace_id"`
	CorrelationID string `json:"correlation_id"`
	Suberror      string `json:"suberror,omitempty"`
}

// describe returns the JSON of f for the request c.
func (f *failure) describe(c *call) failureBody {
	now := c.server.kernel.Wall.Now()
	stamp := now.Format("2006-01-02 15:04:05Z")
	trace := id.New(now)
	text := fmt.Sprintf("AADSTS%d: %s\r\nTrace ID: %s\r\nCorrelation ID: %s\r\nTimestamp: %s", f.number, f.text, trace, c.correlation, stamp)
	return failureBody{f.error, text, []int{f.number}, stamp, trace, c.correlation, f.suberror}
}

// fail answers c with err. What is no failure is our own mistake, and goes to
// the log under the correlation id that the client sees.
func (c *call) fail(err error) {
	f, ok := err.(*failure) //nolint:errorlint // failures are never wrapped
	if !ok {
		if c.r.Context().Err() != nil {
			return // the client has gone
		}
		c.server.kernel.Log.ErrorContext(c.r.Context(), "a token request failed", "path", c.r.URL.Path, "correlation", c.correlation, "error", err)
		f = errInternal
	}
	if f.retry > 0 {
		c.w.Header().Set("Retry-After", strconv.Itoa(f.retry))
	}
	if f.status == http.StatusUnauthorized && strings.HasPrefix(c.r.Header.Get("Authorization"), "Basic ") {
		c.w.Header().Set("WWW-Authenticate", "Basic")
	}
	c.answer(f.status, f.describe(c))
}

// answer writes v as JSON. Nothing of this edge may be kept by caches.
func (c *call) answer(status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		c.server.kernel.Log.ErrorContext(c.r.Context(), "an answer could not be written", "error", err)
		status, body = http.StatusInternalServerError, []byte("{}")
	}
	h := c.w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-cache, no-store")
	h.Set("Pragma", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	c.w.WriteHeader(status)
	// A client that has gone away needs no answer.
	_, _ = c.w.Write(body)
}
