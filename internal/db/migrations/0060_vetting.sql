-- How a partner is vetted before it may do business (portal V-4), and why its
-- status is what it is.

-- +goose Up

-- Where each step of a partner's vetting stands. A step without a row is pending.
CREATE TABLE partner_vetting (
    tenant_id  TEXT   NOT NULL,
    step       TEXT   NOT NULL,
    state      TEXT   NOT NULL,
    note       TEXT   NOT NULL,
    changed_by TEXT   NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, step)
);

-- The reason of a suspension (rule A7); status_cause holds the words.
ALTER TABLE partners ADD COLUMN status_reason TEXT NOT NULL DEFAULT '';
