-- Customers: the relations between partners and customers, what finds them,
-- and what adding one sets in motion (delegated administration, agreements,
-- verification).

-- +goose Up

-- One row for each relation of a partner with a customer, with everything that
-- a list shows. The name and domain are two of three: name is the friendly name
-- (rule C32), original_name and domain are the snapshot taken when the relation
-- was made (rule C33). words holds the folded words that a search may find, each
-- after a blank.
CREATE TABLE customers (
    partner_id          TEXT   NOT NULL,
    customer_id         TEXT   NOT NULL,
    kind                TEXT   NOT NULL,
    version             BIGINT NOT NULL,
    status              TEXT   NOT NULL,
    status_at           BIGINT NOT NULL,
    name                TEXT   NOT NULL,
    name_key            TEXT   NOT NULL,
    original_name       TEXT   NOT NULL,
    domain              TEXT   NOT NULL,
    words               TEXT   NOT NULL,
    country             TEXT   NOT NULL,
    created             BIGINT NOT NULL,
    changed             BIGINT NOT NULL,
    reseller_id         TEXT   NOT NULL,
    provider_id         TEXT   NOT NULL,
    qualification       TEXT   NOT NULL,
    registration_type   TEXT   NOT NULL,
    registration_id     TEXT   NOT NULL,
    registration_key    BIGINT NOT NULL,
    match_key           BIGINT NOT NULL,
    contact_first       TEXT   NOT NULL,
    contact_middle      TEXT   NOT NULL,
    contact_last        TEXT   NOT NULL,
    email               TEXT   NOT NULL,
    culture             TEXT   NOT NULL,
    language            TEXT   NOT NULL,
    address_first       TEXT   NOT NULL,
    address_last        TEXT   NOT NULL,
    line1               TEXT   NOT NULL,
    line2               TEXT   NOT NULL,
    line3               TEXT   NOT NULL,
    district            TEXT   NOT NULL,
    city                TEXT   NOT NULL,
    region              TEXT   NOT NULL,
    state               TEXT   NOT NULL,
    postal_code         TEXT   NOT NULL,
    phone               TEXT   NOT NULL,
    PRIMARY KEY (partner_id, customer_id, kind)
);
CREATE INDEX customers_by_name     ON customers (partner_id, name_key, customer_id);
CREATE INDEX customers_by_domain   ON customers (partner_id, domain, customer_id);
CREATE INDEX customers_by_created  ON customers (partner_id, created, customer_id);
CREATE INDEX customers_by_kind     ON customers (partner_id, kind, customer_id);
CREATE INDEX customers_by_status   ON customers (partner_id, status, customer_id);
CREATE INDEX customers_by_country  ON customers (partner_id, country, customer_id);
CREATE INDEX customers_by_reseller ON customers (partner_id, reseller_id, name_key, customer_id) WHERE reseller_id <> '';
CREATE INDEX customers_by_provider ON customers (partner_id, provider_id, name_key, customer_id) WHERE provider_id <> '';
CREATE INDEX customers_of_tenant   ON customers (customer_id);
CREATE INDEX customers_same_entity ON customers (match_key);
CREATE INDEX customers_registered  ON customers (registration_key) WHERE registration_key <> 0;

-- The words that find a customer, as prefixes.
CREATE TABLE customer_terms (
    partner_id  TEXT NOT NULL,
    term        TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    PRIMARY KEY (partner_id, term, customer_id)
);
