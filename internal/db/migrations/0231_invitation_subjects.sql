-- What the message of an invitation is headed with; '' for one from before.

-- +goose Up

ALTER TABLE invitations ADD COLUMN subject TEXT NOT NULL DEFAULT '';
