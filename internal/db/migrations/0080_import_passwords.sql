-- How the characters of uploaded files are written, and the passwords of the first
-- admins of imported customers until they are taken along.

-- +goose Up

-- encoding is what the file was recognised as, '' until it is complete. password_key
-- is the public key to which passwords are sealed, '' when nobody asked for them.
ALTER TABLE imports ADD COLUMN encoding TEXT NOT NULL DEFAULT '';
ALTER TABLE imports ADD COLUMN password_key TEXT NOT NULL DEFAULT '';

-- The passwords of one batch, of so many customers; id sorts like the rows. sealed opens with the private
-- half of password_key alone, which is kept by the browser of who started the import
-- and nowhere else. A row goes when it is taken along, or a day after sealed_at.
CREATE TABLE import_passwords (
    partner_id   TEXT   NOT NULL,
    import_id    TEXT   NOT NULL,
    password_key TEXT   NOT NULL,
    id           TEXT   NOT NULL,
    customers    BIGINT NOT NULL,
    sealed       BYTEA  NOT NULL,
    sealed_at    BIGINT NOT NULL,
    PRIMARY KEY (partner_id, import_id, password_key, id)
);
CREATE INDEX import_passwords_by_time ON import_passwords (sealed_at);
