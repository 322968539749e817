package portal_test

import "comptoir/internal/portal/browsertest"

// settingsScenes are the pages of a partner's own account.
func (w *world) settingsScenes() []scene {
	return []scene{
		{"settings", "direct admin-agent", "/settings", nil},
		{"activity", "direct admin-agent", "/settings/activity-log", nil},
		{"activity-entry", "direct admin-agent", "/settings/activity-log", func(p *browsertest.Page) {
			p.Click("#activity tbody tr:nth-child(2) td:nth-child(3)")
			p.Wait("document.querySelector('#pane h2')")
		}},
	}
}
