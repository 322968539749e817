-- Mail and notices.

-- +goose Up

-- A mail as it is sent. Counted in counters "mail.waiting", "mail.sent" and
-- "mail.failed" of the installation. tenant_id and user_id are the recipient's,
-- empty for somebody without an account; kind says what it is about.
CREATE TABLE mails (
    id         TEXT   NOT NULL PRIMARY KEY,
    tenant_id  TEXT   NOT NULL,
    user_id    TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    address    TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    language   TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    html       TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    tries      BIGINT NOT NULL,
    error      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at    BIGINT NOT NULL
);
CREATE INDEX mails_by_state ON mails (state, id);

-- A notice in the portal. What it says is made of kind and data in the language
-- of the reader. Unread ones of the same topic are one row, with their number in
-- times; topic is empty for those that stand alone. Unread ones are counted in
-- the counter "notices:" and the user's id of his organisation.
CREATE TABLE notices (
    tenant_id   TEXT    NOT NULL,
    user_id     TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    topic       TEXT    NOT NULL,
    data        TEXT    NOT NULL,
    times       BIGINT  NOT NULL,
    unread      BOOLEAN NOT NULL,
    archived    BOOLEAN NOT NULL,
    at          BIGINT  NOT NULL,
    PRIMARY KEY (tenant_id, user_id, id)
);
CREATE INDEX notices_by_place ON notices (tenant_id, user_id, archived, id);
CREATE UNIQUE INDEX notices_by_topic ON notices (tenant_id, user_id, topic) WHERE unread AND topic <> '';
CREATE INDEX notices_unread ON notices (tenant_id, user_id, id) WHERE unread;
CREATE INDEX notices_by_time ON notices (at, tenant_id, user_id, id);

-- What a person wants to be told by mail, and where. muted lists categories; an
-- address counts when it was confirmed with the code whose hash is kept until
-- then. asked_at and asked count how often a code was sent on that day.
CREATE TABLE notice_preferences (
    tenant_id  TEXT   NOT NULL,
    user_id    TEXT   NOT NULL,
    language   TEXT   NOT NULL,
    muted      TEXT   NOT NULL,
    address    TEXT   NOT NULL,
    pending    TEXT   NOT NULL,
    code       BYTEA  NOT NULL,
    expires_at BIGINT NOT NULL,
    asked_at   BIGINT NOT NULL,
    asked      BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);
