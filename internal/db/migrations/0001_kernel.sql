-- The tables of the kernel: settings, counters, answers kept for repeated
-- requests, the activity log with its seals, events and jobs.

-- +goose Up

-- Settings of the installation (rules.md, section o) and facts about it.
CREATE TABLE settings (
    name       TEXT   NOT NULL PRIMARY KEY,
    value      TEXT   NOT NULL,
    changed_at BIGINT NOT NULL
);

-- How many things of a kind an owner has, kept so that no list counts rows.
CREATE TABLE counters (
    owner TEXT   NOT NULL,
    name  TEXT   NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (owner, name)
);

-- First results of requests that may be repeated. The key is a hash of
-- the request id and the input, and the result is encrypted with the request id itself, because
-- it may hold a password that is shown only once.
CREATE TABLE replays (
    key    BYTEA  NOT NULL PRIMARY KEY,
    result BYTEA  NOT NULL,
    at     BIGINT NOT NULL
);
CREATE INDEX replays_by_time ON replays (at);

-- The one history: who did what to whom, append-only.
CREATE TABLE activity (
    id             TEXT   NOT NULL PRIMARY KEY,
    tenant_id      TEXT   NOT NULL,
    customer_id    TEXT   NOT NULL,
    customer_name  TEXT   NOT NULL,
    operation      TEXT   NOT NULL,
    resource       TEXT   NOT NULL,
    status         TEXT   NOT NULL,
    user_id        TEXT   NOT NULL,
    user_name      TEXT   NOT NULL,
    app_id         TEXT   NOT NULL,
    channel        TEXT   NOT NULL,
    address        TEXT   NOT NULL,
    request_id     TEXT   NOT NULL,
    correlation_id TEXT   NOT NULL,
    old_value      TEXT   NOT NULL,
    new_value      TEXT   NOT NULL,
    data           TEXT   NOT NULL,
    at             BIGINT NOT NULL
);
CREATE INDEX activity_by_tenant ON activity (tenant_id, id);
CREATE INDEX activity_by_customer ON activity (customer_id, id);

-- The hash chain over the activity log. A seal covers the records after the
-- last one of the seal before it, up to its own last one. digests holds the
-- first 8 bytes of each record's hash, so that a broken seal can say which
-- record broke it. No record is added below last_id any more.
CREATE TABLE activity_seals (
    number    BIGINT NOT NULL PRIMARY KEY,
    last_id   TEXT   NOT NULL,
    records   BIGINT NOT NULL,
    digests   BYTEA  NOT NULL,
    previous  BYTEA  NOT NULL,
    hash      BYTEA  NOT NULL,
    sealed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX activity_seals_by_last ON activity_seals (last_id);

-- What happened and others must hear of: webhooks, mails, notices.
CREATE TABLE events (
    id          TEXT   NOT NULL PRIMARY KEY,
    tenant_id   TEXT   NOT NULL,
    customer_id TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    resource    TEXT   NOT NULL,
    activity_id TEXT   NOT NULL,
    payload     TEXT   NOT NULL,
    at          BIGINT NOT NULL
);

-- Durable work. A queued job runs at run_at or later; due_at is the time that it
-- is for, which a retry does not change. Whoever runs it holds it until
-- leased_until, in real time, and renews the lease while it works. dedup_key is
-- free again when the job has ended. A periodic job is one row that is queued
-- again each time.
CREATE TABLE jobs (
    id           TEXT    NOT NULL PRIMARY KEY,
    tenant_id    TEXT    NOT NULL,
    user_id      TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    dedup_key    TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    cancelled    BOOLEAN NOT NULL,
    payload      TEXT    NOT NULL,
    progress     TEXT    NOT NULL,
    done         BIGINT  NOT NULL,
    total        BIGINT  NOT NULL,
    result       TEXT    NOT NULL,
    error        TEXT    NOT NULL,
    tries        BIGINT  NOT NULL,
    due_at       BIGINT  NOT NULL,
    run_at       BIGINT  NOT NULL,
    leased_until BIGINT  NOT NULL,
    lease_holder TEXT    NOT NULL,
    created_at   BIGINT  NOT NULL,
    started_at   BIGINT  NOT NULL,
    finished_at  BIGINT  NOT NULL
);
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE state = 'queued';
CREATE INDEX jobs_running ON jobs (leased_until, id) WHERE state = 'running';
CREATE INDEX jobs_finished ON jobs (finished_at, id) WHERE finished_at <> 0;
CREATE INDEX jobs_by_user ON jobs (tenant_id, user_id, id);
CREATE UNIQUE INDEX jobs_dedup ON jobs (kind, dedup_key) WHERE dedup_key <> '';
