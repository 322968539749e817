-- What the vetting of special qualifications needs (rule C38): how often one was
-- denied, who asked and who decided, and the queue of those to decide. A
-- government customer needs a code of its partner, which is good for so many
-- customers (rule C37).

-- +goose Up

ALTER TABLE customer_qualifications ADD COLUMN denials BIGINT NOT NULL DEFAULT 0;
ALTER TABLE customer_qualifications ADD COLUMN asked_by TEXT NOT NULL DEFAULT '';
ALTER TABLE customer_qualifications ADD COLUMN decided_by TEXT NOT NULL DEFAULT '';
CREATE INDEX customer_qualifications_open ON customer_qualifications (changed_at, partner_id, customer_id, qualification) WHERE vetting = 'InReview';

CREATE TABLE validation_codes (
    partner_id   TEXT   NOT NULL,
    code         TEXT   NOT NULL,
    organization TEXT   NOT NULL,
    max_creates  BIGINT NOT NULL,
    remaining    BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL,
    PRIMARY KEY (partner_id, code)
);
