package oauth

import (
	"slices"
	"strings"

	"comptoir/internal/id"
)

// graphResource is what scopes without a resource are for.
const graphResource = "https://graph.microsoft.com"

// asked is what a client asks for: permissions of one resource, and what comes
// with the answer.
type asked struct {
	resource string
	names    []string // permissions of the resource: "user_impersonation", ".default"
	written  []string // the same as the client wrote them
	openID   bool     // id_token
	offline  bool     // refresh_token
	others   []string // openid, profile, email, offline_access as they were asked for
}

// parseScope reads the scope of a version 2 request. A resource stands before
// its permissions: "https://api.partnercenter.microsoft.com/user_impersonation";
// a second slash belongs to the resource ("https://graph.windows.net//.default").
// Permissions of two resources are refused.
func parseScope(scope string) (asked, error) {
	var a asked
	for _, s := range strings.Fields(scope) {
		switch strings.ToLower(s) {
		case "openid":
			a.openID = true
			a.others = append(a.others, "openid")
			continue
		case "offline_access":
			a.offline = true
			a.others = append(a.others, "offline_access")
			continue
		case "profile", "email":
			a.others = append(a.others, strings.ToLower(s))
			continue
		}
		resource, name := splitScope(s)
		if a.resource != "" && !sameResource(a.resource, resource) {
			return asked{}, errResources
		}
		a.resource = resource
		if !slices.Contains(a.written, s) {
			a.names, a.written = append(a.names, name), append(a.written, s)
		}
	}
	if a.resource == "" {
		if len(a.others) == 0 {
			return asked{}, errParameter.about("scope")
		}
		a.resource = graphResource
	}
	if len(a.resource) > 300 || len(scope) > 4000 {
		return asked{}, errScope
	}
	return a, nil
}

// splitScope cuts a scope into its resource and the name of the permission.
func splitScope(s string) (resource, name string) {
	_, rest, absolute := strings.Cut(s, "://")
	if !absolute {
		if resource, name, found := strings.Cut(s, "/"); found {
			if _, guid := id.Parse(resource); guid {
				return resource, name
			}
		}
		if _, guid := id.Parse(s); guid {
			return s, ".default"
		}
		return graphResource, s
	}
	i := strings.LastIndexByte(rest, '/')
	if i < 0 || i == len(rest)-1 {
		return s, ".default"
	}
	return s[:len(s)-len(rest)+i], rest[i+1:]
}

// parseResource reads the resource of a version 1 request, where it stands alone
// and everything comes with the answer.
func parseResource(resource string) (asked, error) {
	resource = strings.TrimSpace(resource)
	if resource == "" {
		return asked{}, errParameter.about("resource")
	}
	if len(resource) > 300 || strings.ContainsAny(resource, " \t\r\n") {
		return asked{}, errScope
	}
	return asked{
		resource: resource, names: []string{".default"}, written: []string{resource + "/.default"},
		openID: true, offline: true, others: []string{"openid", "profile", "offline_access"},
	}, nil
}

// String writes a as scope, so that parseScope gives it back.
func (a asked) String() string { return strings.Join(slices.Concat(a.written, a.others), " ") }

// granted lists the permissions in the token (scp): by name, where ".default"
// stands for all that the resource has, which is to act as the user.
func (a asked) granted() []string {
	var names []string
	for _, name := range a.names {
		if name == ".default" {
			name = "user_impersonation"
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return []string{"user_impersonation"}
	}
	return names
}

// echo is the scope of a version 2 answer. What was asked for is always in it,
// or clients think it was declined and do not find the token in their cache.
func (a asked) echo() string {
	var all []string
	for _, name := range a.granted() {
		all = append(all, strings.TrimRight(a.resource, "/")+"/"+name)
	}
	for _, s := range slices.Concat(a.written, a.others) {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return strings.Join(all, " ")
}

// sameResource compares resources as audiences are compared: without case and
// trailing slash.
func sameResource(a, b string) bool { return resourceKey(a) == resourceKey(b) }

func resourceKey(s string) string {
	return strings.ToLower(strings.TrimRight(strings.TrimSpace(s), "/"))
}
