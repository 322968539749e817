-- Requests of partners that a person at a customer accept the customer agreement
-- on a page of ours (enhanced attestation). The customer need not be there yet: it
-- is named by customer_id once the acceptance counts for it.

-- +goose Up

CREATE TABLE agreement_requests (
    partner_id    TEXT   NOT NULL,
    id            TEXT   NOT NULL,
    country       TEXT   NOT NULL,
    language      TEXT   NOT NULL,
    company       TEXT   NOT NULL,
    first_name    TEXT   NOT NULL,
    last_name     TEXT   NOT NULL,
    email         TEXT   NOT NULL,
    phone         TEXT   NOT NULL,
    rank          BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    accepted_at   BIGINT NOT NULL,
    accepted_from TEXT   NOT NULL,
    completed_at  BIGINT NOT NULL,
    customer_id   TEXT   NOT NULL,
    PRIMARY KEY (partner_id, id)
);
