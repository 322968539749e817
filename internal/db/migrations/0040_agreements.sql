-- The customer agreement in its versions (section d). A version is published
-- once and never edited: a newer one supersedes it. rank counts the versions of
-- the installation; the one it comes with has rank 1 and is no row. country is
-- empty for every country without a version of its own.

-- +goose Up

CREATE TABLE agreement_versions (
    rank         BIGINT  NOT NULL PRIMARY KEY,
    country      TEXT    NOT NULL,
    label        TEXT    NOT NULL,
    mandatory    BOOLEAN NOT NULL,
    enforced_at  BIGINT  NOT NULL,
    published_at BIGINT  NOT NULL,
    published_by TEXT    NOT NULL
);

-- The text of a version, one for each language ("en", "fr").
CREATE TABLE agreement_documents (
    rank     BIGINT NOT NULL,
    language TEXT   NOT NULL,
    media    TEXT   NOT NULL,
    content  BYTEA  NOT NULL,
    added_at BIGINT NOT NULL,
    added_by TEXT   NOT NULL,
    PRIMARY KEY (rank, language)
);

-- Which version was accepted, and who says so. A customer that accepts by itself
-- is the organisation of its own row, in the column partner_id.
ALTER TABLE agreements ADD COLUMN rank BIGINT NOT NULL DEFAULT 1;
ALTER TABLE agreements ADD COLUMN recorded_name TEXT NOT NULL DEFAULT '';
