-- How far a partner may owe (portal V-4).

-- +goose Up

-- An amount as decimal text with its currency; '' has no limit.
ALTER TABLE partners ADD COLUMN credit_limit    TEXT NOT NULL DEFAULT '';
ALTER TABLE partners ADD COLUMN credit_currency TEXT NOT NULL DEFAULT '';
