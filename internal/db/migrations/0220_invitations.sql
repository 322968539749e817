-- Invitations: the reseller relationships that partners ask organisations for
-- which exist already. The token is what the link of the message carries; it
-- proves nothing beyond that, as an administrator of the customer signs in before
-- anything happens, and it is shown again to the partner. customer_id is the tenant
-- that the invitation is for, or the one that answered it; '' until then.

-- +goose Up

CREATE TABLE invitations (
    partner_id      TEXT    NOT NULL,
    id              TEXT    NOT NULL,
    token           TEXT    NOT NULL,
    provider_id     TEXT    NOT NULL,
    customer_id     TEXT    NOT NULL,
    customer_name   TEXT    NOT NULL,
    recipient_name  TEXT    NOT NULL,
    recipient_email TEXT    NOT NULL,
    source          TEXT    NOT NULL,
    language        TEXT    NOT NULL,
    delegated       BOOLEAN NOT NULL,
    message         TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    reason          TEXT    NOT NULL,
    created_by      TEXT    NOT NULL,
    created_name    TEXT    NOT NULL,
    created_at      BIGINT  NOT NULL,
    expires_at      BIGINT  NOT NULL,
    ended_by        TEXT    NOT NULL,
    ended_at        BIGINT  NOT NULL,
    PRIMARY KEY (partner_id, id)
);
CREATE UNIQUE INDEX invitations_by_token ON invitations (token);
CREATE INDEX invitations_by_state ON invitations (partner_id, state, id);
CREATE INDEX invitations_by_expiry ON invitations (expires_at) WHERE state = 'open';
