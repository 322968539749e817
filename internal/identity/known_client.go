package identity

import (
	"comptoir/internal/id"
	"comptoir/internal/op"
)

// SettingKnownClients says whether the published public clients below may be
// used without registration. They carry no secret and no roles: whatever they
// do, they do as the person who signed in with them.
var SettingKnownClients = op.DefineSetting(op.Setting{
	Name: "signin.knownClients", Default: "true", Values: []string{"true", "false"}, Rule: "clients.md", Mark: "O",
	Effect: "setting.signin.known_clients",
})

// knownClients are the ids that existing command lines and SDKs sign in with
// when nobody configured another, so that they work with only their authority
// changed.
var knownClients = map[id.App]string{
	"04b07795-8ddb-461a-bbee-02f9e1bf7b46": "Command line",
	"1950a258-227b-4e31-a9cf-717495945fc2": "PowerShell",
	"a0c73c16-a7e3-4564-9a95-2bdf47383716": "PowerShell",
	"14d82eec-204b-4c2f-b7e8-296a70dab67e": "Graph command line",
}

func knownClient(app id.App) (Application, bool) {
	name, ok := knownClients[app]
	if !ok {
		return Application{}, false
	}
	return Application{Known: true, App: App{
		ID: app, Name: name, Public: true, MultiTenant: true,
		RedirectURIs: []string{"http://localhost", "http://127.0.0.1", "urn:ietf:wg:oauth:2.0:oob"},
	}}, true
}
