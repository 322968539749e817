-- Orders for many admin relationships at once: requests, auto extension, groups
-- and their roles, terminations (rules F1, F7, F8, F10).

-- +goose Up

-- user_id is who plans the batch and alone may use it, '' for the command line.
-- kind says what is done with every row. Of its rows, total count all; made, known
-- and refused those that are settled, or are known to come to nothing before the
-- batch was started.
CREATE TABLE gdap_batches (
    partner_id  TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    user_id     TEXT   NOT NULL,
    user_name   TEXT   NOT NULL,
    locale      TEXT   NOT NULL,
    job_id      TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    file        TEXT   NOT NULL,
    stage       TEXT   NOT NULL,
    total       BIGINT NOT NULL,
    made        BIGINT NOT NULL,
    known       BIGINT NOT NULL,
    refused     BIGINT NOT NULL,
    planned_at  BIGINT NOT NULL,
    started_at  BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    PRIMARY KEY (partner_id, id)
);
CREATE INDEX gdap_batches_by_user ON gdap_batches (partner_id, user_id, id);
CREATE INDEX gdap_batches_by_time ON gdap_batches (planned_at);

-- One row of the file each: given is what it says, by column, JSON; then what was
-- found for it. relationship_id is of the relationship that is changed, or was
-- made. faults say why it was refused, a line of JSON each.
CREATE TABLE gdap_batch_rows (
    partner_id      TEXT   NOT NULL,
    batch_id        TEXT   NOT NULL,
    number          BIGINT NOT NULL,
    line            BIGINT NOT NULL,
    given           TEXT   NOT NULL,
    customer_id     TEXT   NOT NULL,
    customer_name   TEXT   NOT NULL,
    relationship_id TEXT   NOT NULL,
    name            TEXT   NOT NULL,
    group_id        TEXT   NOT NULL,
    group_name      TEXT   NOT NULL,
    roles           TEXT   NOT NULL,
    duration        TEXT   NOT NULL,
    auto_extend     TEXT   NOT NULL,
    outcome         TEXT   NOT NULL,
    faults          TEXT   NOT NULL,
    PRIMARY KEY (partner_id, batch_id, number)
);
CREATE INDEX gdap_batch_rows_by_outcome ON gdap_batch_rows (partner_id, batch_id, outcome, number);
CREATE INDEX gdap_batch_rows_by_customer ON gdap_batch_rows (customer_id);
