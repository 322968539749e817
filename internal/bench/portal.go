package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"regexp"
	"strings"

	"comptoir/internal/bench/load"
	"comptoir/internal/bench/report"
)

// customersPage is the portal's list of customers.
const customersPage = "/customers"

// browser is what a browser says it takes.
const browser = "Accept: text/html\r\nAccept-Language: en\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"

// viewing sends requests for pages of the portal as somebody, one after the other.
func viewing(c *child, cookie string, page func() string) side {
	return side{c, load.Plan{Connections: 2, Status: http.StatusOK, Request: func(to []byte, _, _ int) []byte {
		return fmt.Appendf(to, "GET %s HTTP/1.1\r\nHost: comptoir.example\r\nCookie: %s\r\n%s\r\n", page(), cookie, browser)
	}}}
}

// customersPage measures the customers page of a partner with half of all.
func (b *bench) customersPage(ctx context.Context) ([]report.Row, error) {
	c := b.large.comptoir
	r, err := b.turns(ctx, "customers-page", viewing(c, c.Cookie, func() string { return customersPage }))
	if err != nil {
		return nil, err
	}
	var page, assets float64
	err = c.turn(func() (err error) {
		page, assets, err = weigh(ctx, "http://"+c.Address, c.Cookie)
		return err
	})
	if err != nil {
		return nil, err
	}
	return []report.Row{
		slowest("customers page of the portal among 1 000 000, 99th percentile", r[0], 25),
		{Measure: "bytes of that page the first time", Figure: kilobytes(page + assets), Value: page + assets, Unit: "KB", Goal: report.AtMost(60)},
		{Measure: "bytes of that page after that", Figure: kilobytes(page), Value: page, Unit: "KB", Goal: report.AtMost(12)},
	}, nil
}

func kilobytes(n float64) string { return report.Number(n) + " KB" }

var references = regexp.MustCompile(`<(?:link|script|img|use)[^>]* (?:href|src)="(/[^"#]+)`)

// weigh returns how many kilobytes come over the wire for the customers page,
// and for everything that a browser loads with it and then keeps.
func weigh(ctx context.Context, base, cookie string) (page, assets float64, err error) {
	plain, _, err := visit(ctx, base+customersPage, cookie, "identity")
	if err != nil {
		return 0, 0, err
	}
	if _, page, err = visit(ctx, base+customersPage, cookie, "gzip, deflate, br, zstd"); err != nil {
		return 0, 0, err
	}
	seen := make(map[string]bool)
	for _, found := range references.FindAllStringSubmatch(plain, -1) {
		if path := strings.ReplaceAll(found[1], "&amp;", "&"); !seen[path] {
			seen[path] = true
			_, size, err := visit(ctx, base+path, cookie, "gzip, deflate, br, zstd")
			if err != nil {
				return 0, 0, err
			}
			assets += size
		}
	}
	if len(seen) == 0 {
		return 0, 0, fmt.Errorf("the page has no style sheet:\n%.500s", plain)
	}
	return page, assets, nil
}

// visit returns a page or an asset as it came, and its size with all headers in
// kilobytes.
func visit(ctx context.Context, url, cookie, encoding string) (string, float64, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", 0, err
	}
	r.Header.Set("Cookie", cookie)
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Accept-Encoding", encoding)
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return "", 0, err
	}
	defer res.Body.Close()
	head, err := httputil.DumpResponse(res, false)
	if err != nil {
		return "", 0, err
	}
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, res.Status)
	}
	return string(body), float64(len(head)+len(body)) / 1000, err
}
