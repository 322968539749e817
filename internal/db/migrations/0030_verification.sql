-- What a reviewer works with (rules C24 to C26, V-2): who has a case in hand,
-- what changed, what was asked and answered, which documents were handed in. A
-- case is open as long as decided_at is 0.

-- +goose Up

-- version changes with everything that a decision rests on. was is the status of
-- the account before the case. name_key is the folded original name. changes is
-- what the partner changed, JSON. assignee is a person of the operator.
-- paused_at is when the partner was asked, 0 while nobody waits for it, and
-- overdue_at when the case was found overdue. proposed_by is who proposed to
-- reject an account that was approved; a second reviewer decides.
ALTER TABLE verification_cases ADD COLUMN version         BIGINT NOT NULL DEFAULT 1;
ALTER TABLE verification_cases ADD COLUMN was             TEXT   NOT NULL DEFAULT '';
ALTER TABLE verification_cases ADD COLUMN name_key        TEXT   NOT NULL DEFAULT '';
ALTER TABLE verification_cases ADD COLUMN changes         TEXT   NOT NULL DEFAULT '';
ALTER TABLE verification_cases ADD COLUMN finding_count   BIGINT NOT NULL DEFAULT 0;
ALTER TABLE verification_cases ADD COLUMN assignee        TEXT   NOT NULL DEFAULT '';
ALTER TABLE verification_cases ADD COLUMN assignee_name   TEXT   NOT NULL DEFAULT '';
ALTER TABLE verification_cases ADD COLUMN paused_at       BIGINT NOT NULL DEFAULT 0;
ALTER TABLE verification_cases ADD COLUMN overdue_at      BIGINT NOT NULL DEFAULT 0;
ALTER TABLE verification_cases ADD COLUMN tries           BIGINT NOT NULL DEFAULT 0;
ALTER TABLE verification_cases ADD COLUMN proposed_by     TEXT   NOT NULL DEFAULT '';
ALTER TABLE verification_cases ADD COLUMN proposed_name   TEXT   NOT NULL DEFAULT '';
ALTER TABLE verification_cases ADD COLUMN proposed_reason TEXT   NOT NULL DEFAULT '';
ALTER TABLE verification_cases ADD COLUMN proposed_text   TEXT   NOT NULL DEFAULT '';
UPDATE verification_cases SET name_key = lower(customer_name), finding_count = CASE WHEN findings = '' THEN 0 ELSE 1 END;

-- Only open cases are in the indexes of the queue, and only closed ones in those
-- that find them again: the queue stays as fast as it is with the years.
DROP INDEX verification_cases_open;
CREATE INDEX verification_cases_open       ON verification_cases (due_at, id) WHERE decided_at = 0;
CREATE INDEX verification_cases_opened     ON verification_cases (opened_at, id) WHERE decided_at = 0;
CREATE INDEX verification_cases_decided    ON verification_cases (status, decided_at, id) WHERE decided_at > 0;
CREATE INDEX verification_cases_by_partner ON verification_cases (partner_id, status, decided_at, id) WHERE decided_at > 0;
CREATE INDEX verification_cases_by_name    ON verification_cases (status, name_key, id) WHERE decided_at > 0;

-- What was said and done about a case beside its decision, never changed. kind
-- says what it is; notes are the operator's own.
CREATE TABLE verification_entries (
    partner_id  TEXT   NOT NULL,
    customer_id TEXT   NOT NULL,
    case_id     TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    text        TEXT   NOT NULL,
    user_id     TEXT   NOT NULL,
    user_name   TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (partner_id, customer_id, id)
);

-- Documents that a partner hands in for a case, in pieces. case_id is '' until
-- they are sent with an appeal or an answer.
CREATE TABLE verification_documents (
    partner_id  TEXT   NOT NULL,
    customer_id TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    case_id     TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    type        TEXT   NOT NULL,
    size        BIGINT NOT NULL,
    pieces      BIGINT NOT NULL,
    added_by    TEXT   NOT NULL,
    added_at    BIGINT NOT NULL,
    PRIMARY KEY (partner_id, customer_id, id)
);
CREATE INDEX verification_documents_unsent ON verification_documents (added_at, id) WHERE case_id = '';

CREATE TABLE verification_document_pieces (
    partner_id  TEXT   NOT NULL,
    customer_id TEXT   NOT NULL,
    document_id TEXT   NOT NULL,
    number      BIGINT NOT NULL,
    data        BYTEA  NOT NULL,
    PRIMARY KEY (partner_id, customer_id, document_id, number)
);
