package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// Bounds of a question to a service outside.
const (
	askTime   = 20 * time.Second
	askAnswer = 1 << 20 // bytes
)

var outside = &http.Client{Timeout: askTime}

// ask sends a question, JSON, to a service outside and returns what it answers.
// Anything but 200 is an error, and so is an answer that is too long.
func ask(ctx context.Context, address string, question []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(question))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	answer, err := outside.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the service answers %s", answer.Status)
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, askAnswer+1))
	if err == nil && len(text) > askAnswer {
		err = fmt.Errorf("the service answers more than %d bytes", askAnswer)
	}
	return text, err
}

// txt returns what the TXT records of a domain say, as the resolver of this
// machine knows them. The name is absolute: no search domain of the machine is
// added to it.
func txt(ctx context.Context, domain string) ([]string, error) {
	ctx, stop := context.WithTimeout(ctx, askTime)
	defer stop()
	return net.DefaultResolver.LookupTXT(ctx, domain+".")
}
