-- How decided verification cases are found again (V-2), whatever narrows them.

-- +goose Up

-- A case enters these when it is decided, and none of them while it is open: what
-- adds and changes customers writes nothing here. They are partial by <> where
-- verification_cases_decided, which has all statuses in the order of their
-- decision, is by >: a statement names the one that it is for by its condition,
-- because SQLite would take the other, which reads through what is not wanted.
DROP INDEX verification_cases_by_partner;
CREATE INDEX verification_cases_by_partner  ON verification_cases (partner_id, status, decided_at, id) WHERE decided_at <> 0;
CREATE INDEX verification_cases_by_country  ON verification_cases (country, status, decided_at, id) WHERE decided_at <> 0;
CREATE INDEX verification_cases_by_cause    ON verification_cases (cause, status, decided_at, id) WHERE decided_at <> 0;
CREATE INDEX verification_cases_by_assignee ON verification_cases (assignee, status, decided_at, id) WHERE decided_at <> 0;
