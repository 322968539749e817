-- The sets of delegated roles that a partner has given a name, to ask for them
-- again (rule F1). roles is as in gdap_relationships; name_key finds and orders.

-- +goose Up
CREATE TABLE gdap_templates (
    partner_id  TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    name_key    TEXT   NOT NULL,
    roles       TEXT   NOT NULL,
    duration    TEXT   NOT NULL,
    auto_extend TEXT   NOT NULL,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    PRIMARY KEY (partner_id, id)
);
CREATE UNIQUE INDEX gdap_templates_by_name ON gdap_templates (partner_id, name_key);
