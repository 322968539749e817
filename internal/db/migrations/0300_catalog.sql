-- The catalogue of the installation: what partners can buy for their customers.
-- It belongs to the operator, so its rows lead with what they describe, not with a
-- partner. Lists in a column are separated by blanks.

-- +goose Up

-- view is the part of the catalogue that a product stands in; kind and subkind are
-- its type on the wire. Only partners with a row in catalog_grants may sell what is
-- exclusive.
CREATE TABLE catalog_products (
    id          TEXT    NOT NULL PRIMARY KEY,
    title       TEXT    NOT NULL,
    description TEXT    NOT NULL,
    publisher   TEXT    NOT NULL,
    first_party BOOLEAN NOT NULL,
    view        TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    subkind     TEXT    NOT NULL,
    exclusive   BOOLEAN NOT NULL,
    changed_at  BIGINT  NOT NULL
);
CREATE INDEX catalog_products_by_view ON catalog_products (view, id);

-- limit_kind is 'None', 'Concurrent' or 'Lifetime'. prerequisites, upgrades and
-- conversions name SKUs as product:sku. traits are lines of name=value.
CREATE TABLE catalog_skus (
    product_id             TEXT    NOT NULL,
    id                     TEXT    NOT NULL,
    title                  TEXT    NOT NULL,
    description            TEXT    NOT NULL,
    unit                   TEXT    NOT NULL,
    state                  TEXT    NOT NULL,
    minimum                BIGINT  NOT NULL,
    maximum                BIGINT  NOT NULL,
    limit_kind             TEXT    NOT NULL,
    limit_count            BIGINT  NOT NULL,
    trial                  BOOLEAN NOT NULL,
    addon                  BOOLEAN NOT NULL,
    overage                BOOLEAN NOT NULL,
    provisioning_id        TEXT    NOT NULL,
    provisioning_name      TEXT    NOT NULL,
    prerequisites          TEXT    NOT NULL,
    upgrades               TEXT    NOT NULL,
    conversions            TEXT    NOT NULL,
    checks                 TEXT    NOT NULL,
    inventory_variables    TEXT    NOT NULL,
    provisioning_variables TEXT    NOT NULL,
    actions                TEXT    NOT NULL,
    attestation            TEXT    NOT NULL,
    terms_uri              TEXT    NOT NULL,
    traits                 TEXT    NOT NULL,
    changed_at             BIGINT  NOT NULL,
    PRIMARY KEY (product_id, id)
);

-- A price is never taken away: a later one follows it. ends_at is as it was
-- published, 0 until further notice; until_at is when it ends or another of the same
-- line follows, and is never 0. tier_to 0 is any quantity. unit_price is what the partner pays for one unit
-- and one period of the billing plan, retail_price what the publisher suggests to
-- ask for it, '' for none. term is '' for what has none.
CREATE TABLE catalog_prices (
    market       TEXT   NOT NULL,
    product_id   TEXT   NOT NULL,
    sku_id       TEXT   NOT NULL,
    segment      TEXT   NOT NULL,
    currency     TEXT   NOT NULL,
    term         TEXT   NOT NULL,
    plan         TEXT   NOT NULL,
    tier_from    BIGINT NOT NULL,
    starts_at    BIGINT NOT NULL,
    ends_at      BIGINT NOT NULL,
    until_at     BIGINT NOT NULL,
    tier_to      BIGINT NOT NULL,
    unit_price   TEXT   NOT NULL,
    retail_price TEXT   NOT NULL,
    tags         TEXT   NOT NULL,
    changed_at   BIGINT NOT NULL,
    PRIMARY KEY (market, product_id, sku_id, segment, currency, term, plan, tier_from, starts_at)
);

-- What the operator decided about one product and one partner.
CREATE TABLE catalog_grants (
    partner_id TEXT    NOT NULL,
    product_id TEXT    NOT NULL,
    allowed    BOOLEAN NOT NULL,
    changed_at BIGINT  NOT NULL,
    PRIMARY KEY (partner_id, product_id)
);

-- The offers of the older catalogue. countries is '' for all.
CREATE TABLE catalog_offers (
    id                       TEXT    NOT NULL PRIMARY KEY,
    name                     TEXT    NOT NULL,
    description              TEXT    NOT NULL,
    category                 TEXT    NOT NULL,
    rank                     BIGINT  NOT NULL,
    countries                TEXT    NOT NULL,
    minimum                  BIGINT  NOT NULL,
    maximum                  BIGINT  NOT NULL,
    limit_kind               TEXT    NOT NULL,
    limit_count              BIGINT  NOT NULL,
    term_unit                TEXT    NOT NULL,
    term                     BIGINT  NOT NULL,
    billing                  TEXT    NOT NULL,
    cycles                   TEXT    NOT NULL,
    unit                     TEXT    NOT NULL,
    sales_group              TEXT    NOT NULL,
    product_id               TEXT    NOT NULL,
    product_name             TEXT    NOT NULL,
    addon                    BOOLEAN NOT NULL,
    trial                    BOOLEAN NOT NULL,
    first_party              BOOLEAN NOT NULL,
    open                     BOOLEAN NOT NULL,
    renewable                BOOLEAN NOT NULL,
    prerequisites            TEXT    NOT NULL,
    upgrades                 TEXT    NOT NULL,
    conversions              TEXT    NOT NULL,
    customer_qualifications  TEXT    NOT NULL,
    partner_qualifications   TEXT    NOT NULL,
    attestation              TEXT    NOT NULL,
    learn_more               TEXT    NOT NULL,
    changed_at               BIGINT  NOT NULL
);

-- A promotion is for one SKU and one segment; most_seats, most_redemptions 0 are no
-- limit. owned names SKUs of which the customer must have one.
CREATE TABLE catalog_promotions (
    id               TEXT    NOT NULL PRIMARY KEY,
    name             TEXT    NOT NULL,
    description      TEXT    NOT NULL,
    segment          TEXT    NOT NULL,
    countries        TEXT    NOT NULL,
    starts_at        BIGINT  NOT NULL,
    ends_at          BIGINT  NOT NULL,
    automatic        BOOLEAN NOT NULL,
    least_seats      BIGINT  NOT NULL,
    most_seats       BIGINT  NOT NULL,
    most_redemptions BIGINT  NOT NULL,
    first_purchase   BOOLEAN NOT NULL,
    owned            TEXT    NOT NULL,
    changed_at       BIGINT  NOT NULL
);
CREATE TABLE catalog_promotion_terms (
    promotion_id TEXT   NOT NULL,
    product_id   TEXT   NOT NULL,
    sku_id       TEXT   NOT NULL,
    term         TEXT   NOT NULL,
    plan         TEXT   NOT NULL,
    discount     TEXT   NOT NULL,
    PRIMARY KEY (promotion_id, product_id, sku_id, term, plan)
);
