-- Organisations, their people and applications, and how these prove who they
-- are. Times are of the installation's clock, except those said to be real.

-- +goose Up

-- An organisation: partner, customer or operator (rule A1). The name is the
-- live organisation name of rule C32; user_count counts users not deleted.
CREATE TABLE tenants (
    id             TEXT   NOT NULL PRIMARY KEY,
    kind           TEXT   NOT NULL,
    name           TEXT   NOT NULL,
    country        TEXT   NOT NULL,
    language       TEXT   NOT NULL,
    default_domain TEXT   NOT NULL,
    user_count     BIGINT NOT NULL,
    created_at     BIGINT NOT NULL
);

CREATE UNIQUE INDEX tenants_operator ON tenants (kind) WHERE kind = 'operator';

-- A domain belongs to one organisation; the name is in lower case.
CREATE TABLE domains (
    name       TEXT    NOT NULL PRIMARY KEY,
    tenant_id  TEXT    NOT NULL,
    initial    BOOLEAN NOT NULL,
    federated  BOOLEAN NOT NULL,
    created_at BIGINT  NOT NULL
);
CREATE INDEX domains_by_tenant ON domains (tenant_id, name);

-- The enrolment of a partner (rules A2, A7, A8). types is a set of policy.Org.
CREATE TABLE partners (
    tenant_id     TEXT   NOT NULL PRIMARY KEY,
    types         BIGINT NOT NULL,
    status        TEXT   NOT NULL,
    status_cause  TEXT   NOT NULL,
    market        TEXT   NOT NULL,
    partner_id    TEXT   NOT NULL,
    mpa_signed_at BIGINT NOT NULL,
    mpa_signed_by TEXT   NOT NULL,
    enrolled_at   BIGINT NOT NULL,
    changed_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX partners_by_partner_id ON partners (partner_id) WHERE partner_id <> '';

-- A person's account. roles is a set of policy.Role, factors the kinds of second
-- factor he has. Tokens and sessions made before valid_from (real time) are void.
CREATE TABLE users (
    tenant_id      TEXT    NOT NULL,
    id             TEXT    NOT NULL,
    name           TEXT    NOT NULL,
    name_key       TEXT    NOT NULL,
    display_name   TEXT    NOT NULL,
    display_key    TEXT    NOT NULL,
    first_name     TEXT    NOT NULL,
    last_name      TEXT    NOT NULL,
    email          TEXT    NOT NULL,
    phone          TEXT    NOT NULL,
    language       TEXT    NOT NULL,
    usage_location TEXT    NOT NULL,
    immutable_id   TEXT    NOT NULL,
    status         TEXT    NOT NULL,
    roles          BIGINT  NOT NULL,
    password       TEXT    NOT NULL,
    must_change    BOOLEAN NOT NULL,
    factors        BIGINT  NOT NULL,
    valid_from     BIGINT  NOT NULL,
    created_at     BIGINT  NOT NULL,
    deleted_at     BIGINT  NOT NULL,
    version        BIGINT  NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX users_by_name ON users (name_key);
CREATE INDEX users_by_display_name ON users (tenant_id, display_key, id);

-- A security group. One with a role has everybody who holds the role as member,
-- without rows in group_members.
CREATE TABLE security_groups (
    tenant_id   TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    name_key    TEXT   NOT NULL,
    description TEXT   NOT NULL,
    role        BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX security_groups_by_name ON security_groups (tenant_id, name_key);

-- A member is a user, or a group when nested is true.
CREATE TABLE group_members (
    tenant_id TEXT    NOT NULL,
    group_id  TEXT    NOT NULL,
    member_id TEXT    NOT NULL,
    nested    BOOLEAN NOT NULL,
    added_at  BIGINT  NOT NULL,
    PRIMARY KEY (tenant_id, group_id, member_id)
);
CREATE INDEX group_members_by_member ON group_members (tenant_id, member_id, group_id);

-- A registered application. redirect_uris holds one address a line. A public
-- one runs where a secret cannot be kept.
CREATE TABLE apps (
    tenant_id     TEXT    NOT NULL,
    id            TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    redirect_uris TEXT    NOT NULL,
    public        BOOLEAN NOT NULL,
    multi_tenant  BOOLEAN NOT NULL,
    created_at    BIGINT  NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX apps_by_id ON apps (id);

-- Secrets (a verifier) and certificates (DER) of an application. Validity is
-- real time.
CREATE TABLE app_credentials (
    tenant_id   TEXT   NOT NULL,
    app_id      TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    hint        TEXT   NOT NULL,
    verifier    TEXT   NOT NULL,
    certificate BYTEA  NOT NULL,
    starts_at   BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, app_id, id)
);

-- An application as it may act in an organisation: in its own, or in one that
-- consented. object_id stands for it there; roles is what it may do by itself.
CREATE TABLE app_grants (
    tenant_id  TEXT   NOT NULL,
    app_id     TEXT   NOT NULL,
    object_id  TEXT   NOT NULL,
    roles      BIGINT NOT NULL,
    granted_by TEXT   NOT NULL,
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, app_id)
);
CREATE INDEX app_grants_by_app ON app_grants (app_id, tenant_id);

-- Second factors: one-time codes (secret, counter = last period used) and
-- passkeys (credential). One that is not confirmed does not count. Times are real.
CREATE TABLE factors (
    tenant_id    TEXT   NOT NULL,
    user_id      TEXT   NOT NULL,
    id           TEXT   NOT NULL,
    kind         TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    secret       TEXT   NOT NULL,
    credential   BYTEA  NOT NULL,
    counter      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    used_at      BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id, id)
);

-- Recovery codes not yet used.
CREATE TABLE recovery_codes (
    tenant_id TEXT  NOT NULL,
    user_id   TEXT  NOT NULL,
    hash      BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, user_id, hash)
);
