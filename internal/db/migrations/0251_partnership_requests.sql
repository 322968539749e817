-- Partnerships that providers ask resellers for. The token is what the link of the
-- message carries; like that of an invitation it proves nothing beyond that, as an
-- administrator of the reseller signs in before anything happens. reseller_id is
-- the partner that answered; '' until then.

-- +goose Up

CREATE TABLE partnership_requests (
    provider_id     TEXT   NOT NULL,
    id              TEXT   NOT NULL,
    token           TEXT   NOT NULL,
    reseller_id     TEXT   NOT NULL,
    reseller_name   TEXT   NOT NULL,
    recipient_name  TEXT   NOT NULL,
    recipient_email TEXT   NOT NULL,
    language        TEXT   NOT NULL,
    subject         TEXT   NOT NULL,
    message         TEXT   NOT NULL,
    state           TEXT   NOT NULL,
    created_by      TEXT   NOT NULL,
    created_name    TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    ended_by        TEXT   NOT NULL,
    ended_at        BIGINT NOT NULL,
    PRIMARY KEY (provider_id, id)
);
CREATE UNIQUE INDEX partnership_requests_by_token ON partnership_requests (token);
