-- Sessions of the portal, signing keys, and what the token endpoint hands out.
-- All times are real: browsers and clients keep their own clocks. Tokens
-- themselves are never kept, only their SHA-256.

-- +goose Up

-- A signed-in browser. handle names it in lists, where the hash would be as
-- good as a password to somebody who can write rows. methods lists how the
-- person proved himself ("pwd otp").
CREATE TABLE sessions (
    hash       BYTEA  NOT NULL PRIMARY KEY,
    tenant_id  TEXT   NOT NULL,
    user_id    TEXT   NOT NULL,
    handle     TEXT   NOT NULL,
    methods    TEXT   NOT NULL,
    address    TEXT   NOT NULL,
    user_agent TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    factor_at  BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (tenant_id, user_id, created_at);
CREATE INDEX sessions_by_age ON sessions (seen_at);

-- A sign-in under way: the password was right, more is asked. ceremony holds the
-- state of a passkey exchange.
CREATE TABLE sign_ins (
    hash       BYTEA  NOT NULL PRIMARY KEY,
    tenant_id  TEXT   NOT NULL,
    user_id    TEXT   NOT NULL,
    methods    TEXT   NOT NULL,
    ceremony   BYTEA  NOT NULL,
    tries      BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sign_ins_by_age ON sign_ins (expires_at);

-- Browsers in which a person signed in before; failures elsewhere do not slow
-- them down.
CREATE TABLE known_devices (
    hash      BYTEA  NOT NULL PRIMARY KEY,
    tenant_id TEXT   NOT NULL,
    user_id   TEXT   NOT NULL,
    seen_at   BIGINT NOT NULL
);
CREATE INDEX known_devices_by_age ON known_devices (seen_at);

-- RS256 keys (PKCS #8). A key signs from signs_from until a newer one does, and
-- is published until published_until, when the last token it signed has ended.
CREATE TABLE signing_keys (
    id              TEXT   NOT NULL PRIMARY KEY,
    private_key     BYTEA  NOT NULL,
    signs_from      BIGINT NOT NULL,
    published_until BIGINT NOT NULL
);

-- What a person allowed an application of another organisation to do for him.
CREATE TABLE consents (
    tenant_id  TEXT   NOT NULL,
    user_id    TEXT   NOT NULL,
    app_id     TEXT   NOT NULL,
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id, app_id)
);

-- Authorization codes. A code that is used a second time ends everything that
-- came of it (family).
CREATE TABLE authorization_codes (
    hash           BYTEA  NOT NULL PRIMARY KEY,
    tenant_id      TEXT   NOT NULL,
    user_id        TEXT   NOT NULL,
    app_id         TEXT   NOT NULL,
    redirect_uri   TEXT   NOT NULL,
    scope          TEXT   NOT NULL,
    nonce          TEXT   NOT NULL,
    challenge      TEXT   NOT NULL,
    methods        TEXT   NOT NULL,
    family         TEXT   NOT NULL,
    used_at        BIGINT NOT NULL,
    expires_at     BIGINT NOT NULL
);
CREATE INDEX authorization_codes_by_age ON authorization_codes (expires_at);

-- Device codes wait for somebody to type user_code in a browser.
CREATE TABLE device_codes (
    hash       BYTEA  NOT NULL PRIMARY KEY,
    user_code  TEXT   NOT NULL,
    authority  TEXT   NOT NULL,
    app_id     TEXT   NOT NULL,
    scope      TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    tenant_id  TEXT   NOT NULL,
    user_id    TEXT   NOT NULL,
    methods    TEXT   NOT NULL,
    polled_at  BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX device_codes_by_user_code ON device_codes (user_code);
CREATE INDEX device_codes_by_age ON device_codes (expires_at);

-- Refresh tokens. All that came of one sign-in are one family and end together.
CREATE TABLE refresh_tokens (
    hash       BYTEA  NOT NULL PRIMARY KEY,
    tenant_id  TEXT   NOT NULL,
    user_id    TEXT   NOT NULL,
    app_id     TEXT   NOT NULL,
    family     TEXT   NOT NULL,
    scope      TEXT   NOT NULL,
    methods    TEXT   NOT NULL,
    issued_at  BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_by_user ON refresh_tokens (tenant_id, user_id);
CREATE INDEX refresh_tokens_by_age ON refresh_tokens (expires_at);
