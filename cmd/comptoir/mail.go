package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"comptoir/internal/mail"
	"comptoir/internal/naming"
	"comptoir/internal/op"
)

// mailFlags say how mail leaves the installation.
type mailFlags struct {
	Host         string `name:"smtp-host" env:"COMPTOIR_SMTP_HOST" help:"Mail server. Default: none; mail becomes .eml files."`
	Port         int    `name:"smtp-port" env:"COMPTOIR_SMTP_PORT" help:"Its port. Default: 587, with tls 465, with none 25."`
	Security     string `name:"smtp-security" env:"COMPTOIR_SMTP_SECURITY" default:"starttls" enum:"starttls,tls,none" help:"How the way to it is protected: starttls, tls or none."`
	User         string `name:"smtp-user" env:"COMPTOIR_SMTP_USER" help:"User name there. The password comes from COMPTOIR_SMTP_PASSWORD or from a file."`
	PasswordFile string `name:"smtp-password-file" env:"COMPTOIR_SMTP_PASSWORD_FILE" type:"existingfile" help:"File with the password, for example a mounted secret."`
	From         string `name:"smtp-from" env:"COMPTOIR_SMTP_FROM" help:"Address that mail comes from; required with a mail server."`
	Folder       string `name:"mail-folder" env:"COMPTOIR_MAIL_FOLDER" type:"path" help:"Folder for .eml files where there is no mail server. Default: mail, beside the database."`
}

// passwordVariable holds the password of the mail server. It is no option, so
// that it never stands in a list of processes.
const passwordVariable = "COMPTOIR_SMTP_PASSWORD" //nolint:gosec // the name of it, not a password

// product is the sender of mail.
const product = "Comptoir"

// post returns how mail leaves an installation with a database, in letters that
// link to site.
func (m *mailFlags) post(database, site string) (op.Post, error) {
	p := op.Post{Site: site, Product: product, From: m.From}
	if m.Host == "" {
		if p.From == "" {
			p.From = "comptoir@localhost"
		}
		folder := m.Folder
		if folder == "" {
			folder = filepath.Join(dataFolder(database), "mail")
		}
		p.Deliver = mail.Folder(folder).Deliver
		return p, nil
	}
	if !naming.ValidEmail(m.From) {
		return p, fmt.Errorf("--smtp-host needs --smtp-from, an address such as partners@example.com; it is %q", m.From)
	}
	password, err := m.password()
	if err != nil {
		return p, err
	}
	p.Deliver = mail.Server{Host: m.Host, Port: m.Port, User: m.User, Password: password, Encryption: mail.Encryption(m.Security)}.Deliver
	return p, nil
}

func (m *mailFlags) password() (string, error) {
	password := os.Getenv(passwordVariable)
	if m.PasswordFile != "" {
		text, err := os.ReadFile(m.PasswordFile)
		if err != nil {
			return "", fmt.Errorf("--smtp-password-file: %w", err)
		}
		password = strings.TrimRight(string(text), "\r\n")
	}
	switch {
	case m.User != "" && password == "":
		return "", errors.New("--smtp-user needs a password: set " + passwordVariable + ", or --smtp-password-file")
	case m.User != "" && mail.Encryption(m.Security) == mail.Plain:
		return "", errors.New("--smtp-security none sends no password: leave out --smtp-user, or protect the way")
	}
	return password, nil
}
