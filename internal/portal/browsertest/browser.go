// Package browsertest opens pages of the portal in Chromium for tests: it holds
// them to no errors in the console, no violation of the content security policy
// and no serious finding of axe-core, and takes pictures of them.
//
// The variable COMPTOIR_TEST_CHROMIUM names the browser; without it
// /usr/bin/chromium is used. Without a browser the tests are skipped, unless
// COMPTOIR_TEST_REQUIRE contains "chromium".
package browsertest

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long one page may take for all that a test does with it.
const patience = 2 * time.Minute

// Browser is the one Chromium of a test binary.
type Browser struct {
	ctx context.Context // chromedp keeps the browser in its context
}

var (
	once   sync.Once
	shared *Browser
	stop   = func() {}
	failed error
)

// NewBrowser returns the browser, started by whoever asks first. It skips the
// test when there is none.
func NewBrowser(t testing.TB) *Browser {
	t.Helper()
	program := os.Getenv("COMPTOIR_TEST_CHROMIUM")
	if program == "" {
		program = "/usr/bin/chromium"
	}
	if _, err := os.Stat(program); err != nil {
		if strings.Contains(os.Getenv("COMPTOIR_TEST_REQUIRE"), "chromium") {
			t.Fatalf("COMPTOIR_TEST_REQUIRE wants chromium: %v", err)
		}
		t.Skipf("no browser at %s; set COMPTOIR_TEST_CHROMIUM to run this test", program)
	}
	once.Do(func() { shared, failed = start(program) })
	if failed != nil {
		t.Fatalf("%s does not start: %v", program, failed)
	}
	return shared
}

// Main runs the tests of a package, closes the browser after them, and then does
// what else has to be closed. A package that uses the browser calls it from
// TestMain.
func Main(m *testing.M, after ...func() error) {
	code := m.Run()
	stop()
	for _, end := range after {
		if err := end(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

func start(program string) (*Browser, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true),
	)
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	stop = func() {
		closing, done := context.WithTimeout(ctx, 10*time.Second)
		defer done()
		if err := chromedp.Cancel(closing); err != nil {
			fmt.Fprintln(os.Stderr, "browsertest: closing the browser:", err)
		}
		cancel()
		cancelAllocator()
	}
	if err := chromedp.Do(ctx); err != nil {
		return nil, err
	}
	return &Browser{ctx: ctx}, nil
}

// Page is one tab with cookies of its own.
type Page struct {
	t          testing.TB
	ctx        context.Context // chromedp keeps the tab in its context
	scriptless bool            // its scripts do not run
	mu         sync.Mutex
	problems   []string
}

// Open opens url in a new tab of 1440 by 900, for a reader who wants little motion. When the test ends the tab is
// closed, and whatever the page complained about fails the test.
func (b *Browser) Open(t testing.TB, url string) *Page {
	t.Helper()
	tab, cancelTab := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	p := &Page{t: t, ctx: tab}
	p.must(chromedp.Do(tab))
	ctx, cancel := context.WithTimeout(tab, patience)
	p.ctx = ctx
	t.Cleanup(func() {
		for _, problem := range p.Problems() {
			t.Errorf("%s: %s", url, problem)
		}
		cancel()
		cancelTab()
	})
	p.must(chromedp.Listen(tab, p.hear))
	_, err := chromedp.Call(ctx, runtime.Enable, cdp.Empty{})
	p.must(err)
	_, err = chromedp.Call(ctx, log.Enable, cdp.Empty{})
	p.must(err)
	p.Resize(1440, 900)
	p.Prefer()
	p.Go(url)
	return p
}

func (p *Page) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// hear collects what the page complains about.
func (p *Page) hear(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.complain("exception: " + e.ExceptionDetails.Text + " " + describe(e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			words := make([]string, 0, len(e.Args))
			for _, arg := range e.Args {
				words = append(words, describe(arg))
			}
			p.complain("console: " + strings.Join(words, " "))
		}
	case *log.EventEntryAdded:
		if e.Entry.Source != "intervention" && (e.Entry.Level == "error" || e.Entry.Level == "warning") {
			p.complain(fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *page.EventJavascriptDialogOpening:
		// Leaving a form with unsaved changes asks; a test that leaves means it.
		go func() {
			_, err := chromedp.Call(p.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
			if err != nil {
				p.complain("dialog: " + err.Error())
			}
		}()
	}
}

func describe(o *runtime.RemoteObject) string {
	switch {
	case o == nil:
		return ""
	case o.Description != "":
		return o.Description
	}
	return string(o.Value)
}

func (p *Page) complain(problem string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.problems = append(p.problems, problem)
}

// Problems returns what the page complained about so far and forgets it, for a
// test that expects a complaint.
func (p *Page) Problems() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	problems := p.problems
	p.problems = nil
	return problems
}
