-- Partners that register domains: they may give their customers domains that
-- they have verified themselves.

-- +goose Up

ALTER TABLE partners ADD COLUMN registrar BOOLEAN NOT NULL DEFAULT FALSE;
