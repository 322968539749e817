-- Organisations that turned out to be one: the operator merges them (V-5).

-- +goose Up

-- When an organisation ended, 0 while it is there, and into which one it was
-- merged. Its people, domains and relations are that one's then.
ALTER TABLE tenants ADD COLUMN ended_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tenants ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';
