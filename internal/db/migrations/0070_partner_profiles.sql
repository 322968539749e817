-- What a partner says about itself: legal, for billing, for support, and as an
-- organisation. A profile that nobody has written yet follows from the enrolment.

-- +goose Up

-- value is the profile as JSON: it is read and written as a whole.
CREATE TABLE partner_profiles (
    tenant_id  TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    value      TEXT   NOT NULL,
    version    BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, kind)
);
