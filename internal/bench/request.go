package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"

	"comptoir/internal/bench/floor"
	"comptoir/internal/bench/world"
)

// get appends a GET request with a bearer token, "" for none.
func get(b []byte, path, token string) []byte {
	b = append(b, "GET "...)
	b = append(b, path...)
	return end(b, token, "")
}

// send appends a request with a JSON body.
func send(b []byte, method, path, token, body string) []byte {
	b = append(b, method...)
	b = append(b, ' ')
	b = append(b, path...)
	return end(b, token, body)
}

// end appends the rest of a request after its path.
func end(b []byte, token, body string) []byte {
	b = append(b, " HTTP/1.1\r\nHost: comptoir.example\r\nAccept: application/json\r\n"...)
	if token != "" {
		b = append(b, "Authorization: Bearer "...)
		b = append(b, token...)
		b = append(b, "\r\n"...)
	}
	if body != "" {
		b = fmt.Appendf(b, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	b = append(b, "\r\n"...)
	return append(b, body...)
}

// tokens returns a token of each partner's application.
func tokens(ctx context.Context, address string, w *world.World) (map[*world.Partner]string, error) {
	all := make(map[*world.Partner]string)
	for i := range w.Partners {
		p := &w.Partners[i]
		var answer map[string]any
		body, err := fetch(ctx, "POST", tokenURL(address, p), strings.NewReader(tokenForm(p)))
		if err == nil {
			err = json.Unmarshal(body, &answer)
		}
		if err != nil {
			return nil, fmt.Errorf("token: %w", err)
		}
		token, ok := answer["access_token"].(string)
		if !ok {
			return nil, fmt.Errorf("token: none in %s", body)
		}
		all[p] = token
	}
	return all, nil
}

func tokenURL(address string, p *world.Partner) string {
	return "http://" + address + "/" + string(p.Tenant) + "/oauth2/v2.0/token"
}

func tokenForm(p *world.Partner) string {
	return url.Values{
		"grant_type": {"client_credentials"}, "client_id": {string(p.App)}, "client_secret": {p.Secret},
		"scope": {"https://api.partnercenter.microsoft.com/.default"},
	}.Encode()
}

// sizes returns how long Comptoir's answers are.
func (i *installation) sizes(ctx context.Context) (floor.Sizes, error) {
	p := &i.Partners[0]
	size := func(path string) (int, error) {
		body, err := fetch(ctx, "GET", "http://"+i.comptoir.Address+path, nil, "Authorization", "Bearer "+i.tokens[p])
		return len(body), err
	}
	one, err := size("/v1/customers/" + string(p.Customers[0].ID))
	if err != nil {
		return floor.Sizes{}, err
	}
	list, err := size(listPath)
	if err != nil {
		return floor.Sizes{}, err
	}
	written, err := size("/v1/customers/" + string(p.Customers[0].ID) + "/profiles/billing")
	return floor.Sizes{Customer: one, List: list, Written: written}, err
}

// fetch sends one request, a form when it has a body, and returns the body of
// its answer, which must be a success. headers are names and values in turn.
func fetch(ctx context.Context, method, url string, body io.Reader, headers ...string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for header := range slices.Chunk(headers, 2) {
		r.Header.Set(header[0], header[1])
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s %s: %s\n%s", method, url, res.Status, answer)
	}
	return answer, err
}

// copyFile copies a file.
func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return fmt.Errorf("copy %s: %w", from, err)
	}
	return out.Close()
}
