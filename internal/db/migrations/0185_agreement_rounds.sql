-- Rounds in which a partner confirms again, for many customers at once, that they
-- accepted the customer agreement (rules AG3, AG8).

-- +goose Up

-- user_id is who plans the round and alone may use it. Of its rows, total count all;
-- made, known and refused those that are settled, or are known to come to nothing
-- before the round was started.
CREATE TABLE agreement_rounds (
    partner_id  TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    user_id     TEXT   NOT NULL,
    user_name   TEXT   NOT NULL,
    locale      TEXT   NOT NULL,
    job_id      TEXT   NOT NULL,
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
CREATE INDEX agreement_rounds_by_user ON agreement_rounds (partner_id, user_id, id);
CREATE INDEX agreement_rounds_by_time ON agreement_rounds (planned_at);

-- One row for each customer of a round: who accepted and when, as it is, or was,
-- confirmed, and what became of it. fault says why it was refused, JSON.
CREATE TABLE agreement_round_rows (
    partner_id  TEXT   NOT NULL,
    round_id    TEXT   NOT NULL,
    number      BIGINT NOT NULL,
    customer_id TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    first_name  TEXT   NOT NULL,
    last_name   TEXT   NOT NULL,
    email       TEXT   NOT NULL,
    phone       TEXT   NOT NULL,
    agreed_at   BIGINT NOT NULL,
    outcome     TEXT   NOT NULL,
    fault       TEXT   NOT NULL,
    PRIMARY KEY (partner_id, round_id, number)
);
CREATE INDEX agreement_round_rows_by_outcome ON agreement_round_rows (partner_id, round_id, outcome, number);
CREATE INDEX agreement_round_rows_by_customer ON agreement_round_rows (customer_id);
