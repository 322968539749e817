-- The admin roles that a partner asks for with an invitation. An invitation that
-- asks for some and names none, from before, asks for the default set. provider_name
-- stays as it was when the invitation was made.

-- +goose Up

ALTER TABLE invitations ADD COLUMN roles TEXT NOT NULL DEFAULT '';
ALTER TABLE invitations ADD COLUMN duration TEXT NOT NULL DEFAULT '';
ALTER TABLE invitations ADD COLUMN auto_extend TEXT NOT NULL DEFAULT '';
ALTER TABLE invitations ADD COLUMN group_ids TEXT NOT NULL DEFAULT '';
ALTER TABLE invitations ADD COLUMN provider_name TEXT NOT NULL DEFAULT '';
CREATE INDEX invitations_by_end ON invitations (partner_id, state, ended_at);
