-- Domains that organisations have asked for and not yet proved to own.

-- +goose Up

-- token is what the TXT record of the domain has to say. look is how the last
-- look at it ended, "" before the first.
CREATE TABLE domain_claims (
    tenant_id  TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    token      TEXT   NOT NULL,
    look       TEXT   NOT NULL,
    looked_at  BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, name)
);
