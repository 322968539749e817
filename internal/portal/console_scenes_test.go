package portal_test

// consoleScenes are the pages with which the operator runs the installation.
func (w *world) consoleScenes() []scene {
	const chief = "operator operator-admin"
	return []scene{
		{"settings", chief, "/operator/settings", nil},
		{"setting", chief, "/operator/settings/verification.scope", nil},
	}
}
