-- Lists of customers tell where each stands with the agreement, and are filtered
-- by it. agreed is the highest rank of the versions whose acceptance counts for
-- the relation, 0 for none; what that suffices for follows from the versions, the
-- country and the day.

-- +goose Up

ALTER TABLE customers ADD COLUMN agreed BIGINT NOT NULL DEFAULT 0;

UPDATE customers SET agreed = (
    SELECT COALESCE(MAX(a.rank), 0) FROM agreements a
    WHERE a.customer_id = customers.customer_id AND (a.method = 'direct' OR a.partner_id =
        CASE WHEN customers.kind = 'indirect_reseller' AND customers.provider_id <> '' THEN customers.provider_id ELSE customers.partner_id END));

CREATE INDEX customers_by_agreement ON customers (partner_id, agreed, number);

INSERT INTO counters (owner, name, value)
    SELECT partner_id, 'customers.agreed.' || agreed, COUNT(*) FROM customers GROUP BY partner_id, agreed;
