-- Files that partners upload to import customers from, and what became of their
-- rows.

-- +goose Up

-- One row for each file. user_id is who uploaded it and alone may use it; size
-- counts its bytes and chunks the pieces in which it is kept. options says how
-- the import was started, JSON. Of the rows, total are known (0: not yet), and
-- created, existing and refused are those that have their result. fault says why
-- the whole import failed, JSON; "" for those that did not.
CREATE TABLE imports (
    partner_id  TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    user_id     TEXT   NOT NULL,
    user_name   TEXT   NOT NULL,
    locale      TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    size        BIGINT NOT NULL,
    chunks      BIGINT NOT NULL,
    state       TEXT   NOT NULL,
    options     TEXT   NOT NULL,
    job_id      TEXT   NOT NULL,
    total       BIGINT NOT NULL,
    created     BIGINT NOT NULL,
    existing    BIGINT NOT NULL,
    refused     BIGINT NOT NULL,
    fault       TEXT   NOT NULL,
    uploaded_at BIGINT NOT NULL,
    started_at  BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    PRIMARY KEY (partner_id, id)
);
CREATE INDEX imports_by_user ON imports (partner_id, user_id, id);
CREATE INDEX imports_by_time ON imports (uploaded_at);

-- A file in pieces, each compressed by itself. They go when the import has ended.
CREATE TABLE import_chunks (
    partner_id TEXT   NOT NULL,
    import_id  TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    data       BYTEA  NOT NULL,
    PRIMARY KEY (partner_id, import_id, number)
);

-- What became of the rows of one batch, up to last_row: JSON, compressed. Who
-- looks for refused rows passes over batches that have none.
CREATE TABLE import_results (
    partner_id TEXT   NOT NULL,
    import_id  TEXT   NOT NULL,
    last_row   BIGINT NOT NULL,
    refused    BIGINT NOT NULL,
    data       BYTEA  NOT NULL,
    PRIMARY KEY (partner_id, import_id, last_row)
);
