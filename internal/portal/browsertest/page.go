package browsertest

import (
	_ "embed"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

//go:embed testdata/axe-4.14.1.min.js
var axe string

// Go opens url in the tab and waits until it is loaded.
func (p *Page) Go(url string) {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx, chromedp.Navigate(url)))
}

// Resize gives the tab a size in CSS pixels. Zoom of 400 % on a screen of 1280
// by 1024 is a size of 320 by 256.
func (p *Page) Resize(width, height int64) {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx, chromedp.EmulateViewport(width, height)))
}

// Touch makes the tab that of a telephone of this size: coarse pointer, touch.
func (p *Page) Touch(width, height int64) {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx, chromedp.EmulateViewport(width, height, chromedp.EmulateMobile, chromedp.EmulateTouch)))
}

// Shown waits until an element that matches selector is visible. Unlike Wait it
// needs no script in the page.
func (p *Page) Shown(selector string) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.WaitVisible(chromedp.CSS(selector))); err != nil {
		p.t.Fatalf("waiting for %s: %v", selector, err)
	}
}

// Prefer sets media features of the reader, for example "prefers-color-scheme", "dark".
func (p *Page) Prefer(pairs ...string) {
	p.t.Helper()
	features := []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		features = append(features, &emulation.MediaFeature{Name: pairs[i], Value: pairs[i+1]})
	}
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
	p.must(err)
}

// WithoutScript reads the following pages without running their scripts.
func (p *Page) WithoutScript() {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	p.must(err)
}

// Eval returns the value of a JavaScript expression in the page.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// Text returns the visible text of the first element that matches selector.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	return strings.TrimSpace(Eval[string](p, fmt.Sprintf("document.querySelector(%q)?.innerText ?? ''", selector)))
}

// Wait waits until a JavaScript expression is true, 30 seconds at most.
func (p *Page) Wait(condition string) {
	p.t.Helper()
	calm := "(() => { try { return Boolean(" + condition + ") } catch { return false } })()"
	deadline := time.Now().Add(30 * time.Second)
	for {
		_, err := chromedp.Run(p.ctx, chromedp.Poll[bool](calm, chromedp.WithPollingTimeout(time.Until(deadline))))
		if err == nil {
			return
		}
		// A poll ends when the page is left; what we wait for may be on the next one.
		if time.Now().After(deadline) || p.ctx.Err() != nil {
			p.t.Fatalf("waiting for %s: %v", condition, err)
		}
	}
}

// Click clicks the first element that matches selector.
func (p *Page) Click(selector string) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible)); err != nil {
		p.t.Fatalf("click on %s: %v", selector, err)
	}
}

// Press presses keys one after the other, where the focus is.
func (p *Page) Press(keys string) {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx, chromedp.KeyEvent(keys)))
}

// Type writes text into the first element that matches selector.
func (p *Page) Type(selector, text string) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.SendKeys(chromedp.CSS(selector), text, chromedp.NodeVisible)); err != nil {
		p.t.Fatalf("typing into %s: %v", selector, err)
	}
}

// Screenshot writes a picture of what the tab shows to file, a PNG.
func (p *Page) Screenshot(file string) {
	p.t.Helper()
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	p.must(err)
	p.must(os.WriteFile(file, picture, 0o644))
}

// Overflow fails the test when the page is wider than the tab, and names the
// elements that stick out.
func (p *Page) Overflow() {
	p.t.Helper()
	wide := Eval[[]string](p, `(() => {
		const room = document.documentElement.clientWidth;
		const main = document.querySelector('main');
		if (document.documentElement.scrollWidth <= room && main.scrollWidth <= main.clientWidth + 1) return [];
		return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > room + 1 && e.checkVisibility())
			.slice(-5).map(e => e.tagName + '.' + e.className + ' ' + Math.round(e.getBoundingClientRect().right));
	})()`)
	if len(wide) > 0 {
		p.t.Errorf("wider than the window: %s", strings.Join(wide, "; "))
	}
}

// finding is one rule of axe that a page breaks.
type finding struct {
	ID     string   `json:"id"`
	Impact string   `json:"impact"`
	Help   string   `json:"help"`
	Nodes  []string `json:"nodes"`
}

// Axe runs axe-core on the page with the rules of WCAG 2.2 A and AA and fails
// the test for every serious or critical finding.
func Axe(t testing.TB, p *Page) {
	t.Helper()
	if !Eval[bool](p, "typeof axe === 'object'") {
		_, err := chromedp.Run(p.ctx, chromedp.Evaluate[chromedp.Void](axe+";0"))
		p.must(err)
	}
	findings := Eval[[]finding](p, `axe.run(document, {
		runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'],
	}).then(r => r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map(n => n.target.join(' ') + ' — ' + (n.any[0]?.message ?? n.all[0]?.message ?? ''))})))`)
	for _, f := range findings {
		if f.Impact == "serious" || f.Impact == "critical" {
			t.Errorf("axe: %s (%s): %s\n\t%s", f.ID, f.Impact, f.Help, strings.Join(f.Nodes, "\n\t"))
		}
	}
}
