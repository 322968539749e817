package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// selfSignedDays is how long a certificate that the server makes for itself is valid.
const selfSignedDays = 397

// SelfSigned returns a certificate for host that is kept in dir, so that it
// stays the same over restarts and can be trusted once. A missing or expiring
// one is made anew. now is the real time.
func SelfSigned(dir, host string, now time.Time) (tls.Certificate, error) {
	certFile, keyFile := filepath.Join(dir, "tls-cert.pem"), filepath.Join(dir, "tls-key.pem")
	cert, err := tls.LoadX509KeyPair(certFile, keyFile)
	switch {
	case err == nil && usable(cert, host, now):
		return cert, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return cert, fmt.Errorf("read the self-signed certificate: %w", err)
	}
	certPEM, keyPEM, err := makeCertificate(host, now)
	if err != nil {
		return cert, fmt.Errorf("make a certificate: %w", err)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return cert, err
	}
	if err := os.WriteFile(keyFile, keyPEM, 0o600); err != nil {
		return cert, err
	}
	if err := os.WriteFile(certFile, certPEM, 0o644); err != nil { //nolint:gosec // a certificate is public
		return cert, err
	}
	return tls.X509KeyPair(certPEM, keyPEM)
}

func usable(cert tls.Certificate, host string, now time.Time) bool {
	leaf := cert.Leaf
	return leaf != nil && leaf.VerifyHostname(host) == nil && now.Add(7*24*time.Hour).Before(leaf.NotAfter)
}

func makeCertificate(host string, now time.Time) (certPEM, keyPEM []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, nil, err
	}
	cert := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: host, Organization: []string{"Comptoir"}},
		NotBefore:    now.Add(-time.Hour), NotAfter: now.AddDate(0, 0, selfSignedDays),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:    []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	if ip := net.ParseIP(host); ip != nil {
		cert.IPAddresses = append(cert.IPAddresses, ip)
	} else {
		cert.DNSNames = append(cert.DNSNames, host)
	}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, key.Public(), key)
	if err != nil {
		return nil, nil, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), nil
}
