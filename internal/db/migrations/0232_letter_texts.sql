-- What the operator writes in place of the drafts of messages that partners send
-- themselves: one row for each kind of message and language that he has written.

-- +goose Up

CREATE TABLE letter_texts (
    kind       TEXT   NOT NULL,
    language   TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT   NOT NULL,
    PRIMARY KEY (kind, language)
);
