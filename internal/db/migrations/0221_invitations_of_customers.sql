-- Invitations are found by the customer whom they name or who answered them, when
-- it is merged with another.

-- +goose Up

CREATE INDEX invitations_by_customer ON invitations (customer_id) WHERE customer_id <> '';
