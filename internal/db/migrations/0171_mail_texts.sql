-- What the operator writes in place of the texts of mails.

-- +goose Up

-- One row for each kind of mail and language that the operator has written
-- himself; many is the subject for several at once, '' where there is none.
CREATE TABLE mail_texts (
    kind       TEXT   NOT NULL,
    language   TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    many       TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT   NOT NULL,
    PRIMARY KEY (kind, language)
);
