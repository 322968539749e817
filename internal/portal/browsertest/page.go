package browsertest

import (
	"context"
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
	// The page learns of it a moment later; what is clicked before lies elsewhere then.
	for Eval[int64](p, "innerWidth") != width {
		p.must(p.ctx.Err())
	}
}

// Touch makes the tab that of a telephone of this size: coarse pointer, touch.
func (p *Page) Touch(width, height int64) {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx, chromedp.EmulateViewport(width, height, chromedp.EmulateMobile, chromedp.EmulateTouch)))
}

// Shown waits until an element that matches selector is visible, 45 seconds at
// most. Unlike Wait it needs no script in the page.
func (p *Page) Shown(selector string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 45*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.WaitVisible(chromedp.CSS(selector))); err != nil {
		p.t.Fatalf("waiting for %s: %v; the page says:\n%s", selector, err, p.Text("main"))
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
	p.scriptless = true
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

// ready says whether the page is loaded and htmx listens: what happens in it
// before that is lost.
const ready = "document.readyState === 'complete' && (!document.querySelector('[hx-get], [hx-post]') || document.querySelector('[data-htmx-powered]') !== null)"

// ready waits for that. In a tab without script nothing listens.
func (p *Page) ready() {
	p.t.Helper()
	for !p.scriptless && !Eval[bool](p, ready) {
		p.must(p.ctx.Err())
	}
}

// Wait waits until the page is loaded and a JavaScript expression is true, 30
// seconds at most.
func (p *Page) Wait(condition string) {
	p.t.Helper()
	if !p.scriptless {
		condition = ready + " && (" + condition + ")"
	}
	calm := "(() => { try { return Boolean(" + condition + ") } catch { return false } })()"
	ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	for {
		_, err := chromedp.Run(ctx, chromedp.Poll[bool](calm, chromedp.WithPollingTimeout(0)))
		if err == nil {
			return
		}
		// A poll ends when the page is left; what we wait for may be on the next one.
		if ctx.Err() != nil {
			p.t.Fatalf("waiting for %s: %v; %s says:\n%s", condition, err, Eval[string](p, "location.href"), p.Text("dialog:modal")+p.Text("main"))
		}
	}
}

// Click clicks the first element that matches selector. What lies under a footer
// or a header that stays in sight is first brought out from under it, as a reader
// would scroll.
func (p *Page) Click(selector string) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.WaitVisible(chromedp.CSS(selector))); err != nil {
		p.t.Fatalf("click on %s: %v", selector, err)
	}
	p.ready()
	Eval[bool](p, fmt.Sprintf(`(() => {
		const e = document.querySelector(%q), r = e?.getBoundingClientRect();
		const top = e && document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
		if (e && !e.contains(top)) e.scrollIntoView({block: 'center', behavior: 'instant'});
		return true;
	})()`, selector))
	if err := chromedp.Do(p.ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible)); err != nil {
		p.t.Fatalf("click on %s: %v", selector, err)
	}
}

// Press presses keys one after the other, where the focus is.
func (p *Page) Press(keys string) {
	p.t.Helper()
	p.must(chromedp.Do(p.ctx, chromedp.KeyEvent(keys)))
}

// Type writes text into the first element that matches selector. It gives the
// element the focus and then presses keys, since [chromedp.SendKeys] reads the
// attributes of the element while the page may be changing them.
func (p *Page) Type(selector, text string) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.Focus(chromedp.CSS(selector), chromedp.NodeVisible)); err != nil {
		p.t.Fatalf("typing into %s: %v", selector, err)
	}
	p.ready()
	p.Press(text)
}

// Choose chooses the option of a select by its text. Typing would choose another
// one whenever the browser is slow: it forgets what was typed after a second.
func (p *Page) Choose(selector, option string) {
	p.t.Helper()
	p.ready()
	chosen := Eval[bool](p, fmt.Sprintf(`(() => {
		const list = document.querySelector(%q);
		const option = [...list.options].find(o => o.text === %q);
		if (!option) return false;
		list.value = option.value;
		list.dispatchEvent(new Event('change', {bubbles: true}));
		return true;
	})()`, selector, option))
	if !chosen {
		p.t.Fatalf("%s has no option %q", selector, option)
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
