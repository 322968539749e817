-- Events that are brought to those who react to them.

-- +goose Up

-- When an event was handled: 0 while it waits, -1 when handling it failed again
-- and again. What happened before anybody reacted is not told now.
ALTER TABLE events ADD COLUMN handled_at BIGINT NOT NULL DEFAULT 0;
UPDATE events SET handled_at = at;
CREATE INDEX events_waiting ON events (id) WHERE handled_at = 0;
CREATE INDEX events_aside ON events (id) WHERE handled_at = -1;
