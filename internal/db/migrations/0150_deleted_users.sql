-- Deleted people of customers can be restored for 30 days (rule J3).

-- +goose Up

-- Whether the account was blocked when it was deleted, so that restoring it does
-- not let anybody in.
ALTER TABLE users ADD COLUMN was_blocked BOOLEAN NOT NULL DEFAULT FALSE;

CREATE INDEX users_by_deletion ON users (deleted_at) WHERE deleted_at > 0;
