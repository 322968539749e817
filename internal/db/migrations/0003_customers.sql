-- Customers: the relations of partners with them, what finds them, and what
-- adding one sets in motion (delegated administration, agreements,
-- verification). Adding thousands of customers a second is a matter of few
-- rows and of indexes that grow at their end: an index in the order of names
-- costs a page for every customer, one in the order of numbers costs next to
-- nothing.

-- +goose Up

-- One row for each relation of a partner with a customer, with everything that
-- a list shows. number counts the relations of a partner in the order in which
-- they were made; it breaks ties in every list. Of the three names (rule C32)
-- name is the friendly one; original_name and domain are the snapshot taken
-- when the relation was made (rule C33). words holds the folded words that a
-- search may find, each after a blank; tags one tag a line. registration_id is
-- normalised, registration_text as it was typed. registration_hash and
-- entity_hash find the same organisation again (rule C3); 0 stands for none.
-- The address in the row is the default address of the billing profile.
CREATE TABLE customers (
    partner_id        TEXT   NOT NULL,
    customer_id       TEXT   NOT NULL,
    kind              TEXT   NOT NULL,
    number            BIGINT NOT NULL,
    version           BIGINT NOT NULL,
    status            TEXT   NOT NULL,
    status_at         BIGINT NOT NULL,
    name              TEXT   NOT NULL,
    name_key          TEXT   NOT NULL,
    original_name     TEXT   NOT NULL,
    domain            TEXT   NOT NULL,
    words             TEXT   NOT NULL,
    tags              TEXT   NOT NULL,
    country           TEXT   NOT NULL,
    reseller_id       TEXT   NOT NULL,
    provider_id       TEXT   NOT NULL,
    qualification     TEXT   NOT NULL,
    registration_type TEXT   NOT NULL,
    registration_id   TEXT   NOT NULL,
    registration_text TEXT   NOT NULL,
    registration_hash BIGINT NOT NULL,
    entity_hash       BIGINT NOT NULL,
    contact_first     TEXT   NOT NULL,
    contact_last      TEXT   NOT NULL,
    email             TEXT   NOT NULL,
    culture           TEXT   NOT NULL,
    language          TEXT   NOT NULL,
    address_first     TEXT   NOT NULL,
    address_middle    TEXT   NOT NULL,
    address_last      TEXT   NOT NULL,
    address_email     TEXT   NOT NULL,
    line1             TEXT   NOT NULL,
    line2             TEXT   NOT NULL,
    line3             TEXT   NOT NULL,
    district          TEXT   NOT NULL,
    city              TEXT   NOT NULL,
    state             TEXT   NOT NULL,
    region            TEXT   NOT NULL,
    postal_code       TEXT   NOT NULL,
    phone             TEXT   NOT NULL,
    created_at        BIGINT NOT NULL,
    changed_at        BIGINT NOT NULL,
    PRIMARY KEY (partner_id, customer_id, kind)
);
CREATE UNIQUE INDEX customers_by_number ON customers (partner_id, number);
CREATE INDEX customers_by_name         ON customers (partner_id, name_key, number);
CREATE INDEX customers_by_domain       ON customers (partner_id, domain, number);
CREATE INDEX customers_by_kind         ON customers (partner_id, kind, number);
CREATE INDEX customers_by_status       ON customers (partner_id, status, number);
CREATE INDEX customers_by_country      ON customers (partner_id, country, number);
CREATE INDEX customers_by_reseller     ON customers (partner_id, reseller_id, number) WHERE reseller_id <> '';
CREATE INDEX customers_by_provider     ON customers (partner_id, provider_id, number) WHERE provider_id <> '';
CREATE INDEX customers_by_customer     ON customers (customer_id);
CREATE INDEX customers_by_registration ON customers (registration_hash) WHERE registration_hash <> 0;
CREATE INDEX customers_by_entity       ON customers (entity_hash) WHERE entity_hash <> 0;

-- The words of a customer's names beyond the first one, which customers_by_name
-- finds.
CREATE TABLE customer_terms (
    partner_id TEXT   NOT NULL,
    term       TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    PRIMARY KEY (partner_id, term, number)
);

-- The tags that a partner gave its customers; key is the folded tag.
CREATE TABLE customer_tags (
    partner_id TEXT   NOT NULL,
    key        TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    tag        TEXT   NOT NULL,
    PRIMARY KEY (partner_id, key, number)
);

-- Special qualifications that were asked for (rules C37 to C39).
CREATE TABLE customer_qualifications (
    partner_id      TEXT   NOT NULL,
    customer_id     TEXT   NOT NULL,
    qualification   TEXT   NOT NULL,
    segment         TEXT   NOT NULL,
    website         TEXT   NOT NULL,
    validation_code TEXT   NOT NULL,
    vetting         TEXT   NOT NULL,
    reason          TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL,
    PRIMARY KEY (partner_id, customer_id, qualification)
);

-- The profile of a customer's own organisation (company details), from when it
-- begins to differ from the billing profile that it was added with. Without a
-- row it is that one.
CREATE TABLE organizations (
    tenant_id   TEXT   NOT NULL PRIMARY KEY,
    email       TEXT   NOT NULL,
    phone       TEXT   NOT NULL,
    line1       TEXT   NOT NULL,
    line2       TEXT   NOT NULL,
    line3       TEXT   NOT NULL,
    district    TEXT   NOT NULL,
    city        TEXT   NOT NULL,
    state       TEXT   NOT NULL,
    region      TEXT   NOT NULL,
    postal_code TEXT   NOT NULL,
    changed_at  BIGINT NOT NULL
);

-- What an import made of which record of which source, so that importing again
-- makes nothing twice.
CREATE TABLE import_keys (
    partner_id  TEXT   NOT NULL,
    source      TEXT   NOT NULL,
    key         TEXT   NOT NULL,
    customer_id TEXT   NOT NULL,
    imported_at BIGINT NOT NULL,
    PRIMARY KEY (partner_id, source, key)
);

-- Which reseller sells through which provider (rules E18 to E21).
CREATE TABLE partnerships (
    provider_id TEXT   NOT NULL,
    reseller_id TEXT   NOT NULL,
    state       TEXT   NOT NULL,
    since       BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL,
    PRIMARY KEY (provider_id, reseller_id)
);
CREATE INDEX partnerships_by_reseller ON partnerships (reseller_id, provider_id);

-- The vetting of accounts (rules C20 to C26), a case for each time. findings is
-- what the automatic checks noted, before and after the data judged, all JSON.
CREATE TABLE verification_cases (
    partner_id    TEXT   NOT NULL,
    customer_id   TEXT   NOT NULL,
    id            TEXT   NOT NULL,
    cause         TEXT   NOT NULL,
    status        TEXT   NOT NULL,
    customer_name TEXT   NOT NULL,
    country       TEXT   NOT NULL,
    findings      TEXT   NOT NULL,
    notes         TEXT   NOT NULL,
    opened_at     BIGINT NOT NULL,
    opened_by     TEXT   NOT NULL,
    due_at        BIGINT NOT NULL,
    decided_at    BIGINT NOT NULL,
    decided_by    TEXT   NOT NULL,
    reason        TEXT   NOT NULL,
    reason_text   TEXT   NOT NULL,
    PRIMARY KEY (partner_id, customer_id, id)
);
CREATE INDEX verification_cases_open ON verification_cases (due_at, id) WHERE status = 'UnderReview';

-- Confirmations of the customer agreement (section d), never changed.
CREATE TABLE agreements (
    partner_id  TEXT   NOT NULL,
    customer_id TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    method      TEXT   NOT NULL,
    template_id TEXT   NOT NULL,
    type        TEXT   NOT NULL,
    first_name  TEXT   NOT NULL,
    last_name   TEXT   NOT NULL,
    email       TEXT   NOT NULL,
    phone       TEXT   NOT NULL,
    agreed_at   BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT   NOT NULL,
    PRIMARY KEY (partner_id, customer_id, id)
);
CREATE INDEX agreements_by_customer ON agreements (customer_id, id);

-- Delegated admin relationships (section f). roles is the name of a documented
-- set or the template ids of the roles, blanks between. A default one is named
-- by the installation and never by a person.
CREATE TABLE gdap_relationships (
    id           TEXT    NOT NULL PRIMARY KEY,
    partner_id   TEXT    NOT NULL,
    customer_id  TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    source       TEXT    NOT NULL,
    status       TEXT    NOT NULL,
    roles        TEXT    NOT NULL,
    duration     TEXT    NOT NULL,
    auto_extend  TEXT    NOT NULL,
    provider_id  TEXT    NOT NULL,
    consent_due  BOOLEAN NOT NULL,
    version      BIGINT  NOT NULL,
    created_at   BIGINT  NOT NULL,
    changed_at   BIGINT  NOT NULL,
    activated_at BIGINT  NOT NULL,
    ends_at      BIGINT  NOT NULL
);
CREATE INDEX gdap_relationships_by_customer ON gdap_relationships (partner_id, customer_id);
CREATE UNIQUE INDEX gdap_relationships_by_name ON gdap_relationships (partner_id, name) WHERE source <> 'default';

-- Which security group of the partner holds which roles of a relationship.
CREATE TABLE gdap_assignments (
    relationship_id TEXT   NOT NULL,
    id              TEXT   NOT NULL,
    partner_id      TEXT   NOT NULL,
    customer_id     TEXT   NOT NULL,
    group_id        TEXT   NOT NULL,
    roles           TEXT   NOT NULL,
    status          TEXT   NOT NULL,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL,
    PRIMARY KEY (relationship_id, id)
);
CREATE INDEX gdap_assignments_by_customer ON gdap_assignments (partner_id, customer_id, group_id);
