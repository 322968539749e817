package wire

// Fault is the usual error body (shape A of section 7.1).
type Fault struct {
	// Code is a string, or a json.Number on the routes where the contract wants one.
	Code        any      `json:"code"`
	Description string   `json:"description"`
	Data        []string `json:"data"` // one "member:  what is wrong" for each refused member
	Source      string   `json:"source"`
}

// ServiceFault is the error body of the customer services: agreements,
// verification, registration ids, customer permissions (shape B). It repeats
// its sentence, because clients read one name or the other.
type ServiceFault struct {
	Code                 any               `json:"code"`
	Message              string            `json:"message"`
	Description          string            `json:"description"`
	ErrorName            string            `json:"errorName"`
	IsRetryable          bool              `json:"isRetryable"`
	Parameters           map[string]string `json:"parameters"` // by member: what is wrong
	ErrorMessageExtended string            `json:"errorMessageExtended"`
	Data                 []string          `json:"data"`
	Source               string            `json:"source"`
}

// Throttled is the body of a 429 (shape C). It must have no member of a Fault,
// otherwise a widespread client loses the delay (Q25).
type Throttled struct {
	StatusCode int    `json:"statusCode"`
	Message    string `json:"message"`
}
