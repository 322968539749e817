-- Relations that have ended: the customer sees them in its portal (rule E27), while
-- the partner's row is gone from table customers. since is when the relation was
-- made, ended_by whose person ended it: 'partner' or 'customer'.

-- +goose Up

CREATE TABLE ended_relations (
    customer_id TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    partner_id  TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    since       BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL,
    ended_by    TEXT   NOT NULL,
    PRIMARY KEY (customer_id, id)
);
