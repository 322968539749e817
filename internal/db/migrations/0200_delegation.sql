-- Delegated administration as a whole (rules F1 to F11): requests and their
-- answers, what is done about relationships in time, and what partners ask for.

-- +goose Up

-- name_key orders and finds names. customer_name is how the partner knows the
-- customer (rule C32), before the approval as the request names it. approved_by
-- is the user name of who approved. next_at is when the schedule has to look at
-- the relationship next, 0 for never.
ALTER TABLE gdap_relationships ADD COLUMN name_key      TEXT   NOT NULL DEFAULT '';
ALTER TABLE gdap_relationships ADD COLUMN customer_name TEXT   NOT NULL DEFAULT '';
ALTER TABLE gdap_relationships ADD COLUMN locked_at     BIGINT NOT NULL DEFAULT 0;
ALTER TABLE gdap_relationships ADD COLUMN approved_by   TEXT   NOT NULL DEFAULT '';
ALTER TABLE gdap_relationships ADD COLUMN ended_at      BIGINT NOT NULL DEFAULT 0;
ALTER TABLE gdap_relationships ADD COLUMN next_at       BIGINT NOT NULL DEFAULT 0;

UPDATE gdap_relationships SET name_key = LOWER(name), customer_name = COALESCE((
    SELECT MIN(c.original_name) FROM customers c
    WHERE c.partner_id = gdap_relationships.partner_id AND c.customer_id = gdap_relationships.customer_id), '');
-- Thirty days before the end the first notice is due; what has ended is cleaned
-- up a year later.
UPDATE gdap_relationships SET next_at = ends_at - 2592000000000 WHERE status = 'active';
UPDATE gdap_relationships SET ended_at = changed_at, next_at = changed_at + 31536000000000 WHERE status = 'terminated';

DROP INDEX gdap_relationships_by_customer;
CREATE INDEX gdap_relationships_by_customer ON gdap_relationships (partner_id, customer_id, id);
CREATE INDEX gdap_relationships_by_partner ON gdap_relationships (partner_id, id);
CREATE INDEX gdap_relationships_by_status ON gdap_relationships (partner_id, status, ends_at, id);
CREATE INDEX gdap_relationships_by_key ON gdap_relationships (partner_id, name_key, id);
CREATE INDEX gdap_relationships_of_customer ON gdap_relationships (customer_id, id);
CREATE INDEX gdap_relationships_due ON gdap_relationships (next_at, id) WHERE next_at > 0;

-- What was asked about a relationship (rule F4): lockForApproval, approve,
-- reject, terminate.
CREATE TABLE gdap_requests (
    relationship_id TEXT   NOT NULL,
    id              TEXT   NOT NULL,
    partner_id      TEXT   NOT NULL,
    customer_id     TEXT   NOT NULL,
    action          TEXT   NOT NULL,
    status          TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL,
    PRIMARY KEY (relationship_id, id)
);

-- What takes a moment: a change of roles. data says of what; what to do is in
-- the job.
CREATE TABLE gdap_operations (
    relationship_id TEXT   NOT NULL,
    id              TEXT   NOT NULL,
    partner_id      TEXT   NOT NULL,
    customer_id     TEXT   NOT NULL,
    type            TEXT   NOT NULL,
    data            TEXT   NOT NULL,
    status          TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL,
    PRIMARY KEY (relationship_id, id)
);

-- One group has roles of a relationship once.
CREATE UNIQUE INDEX gdap_assignments_by_group ON gdap_assignments (relationship_id, group_id);
