-- What people have typed into long forms and not sent yet, one of a form for
-- each person, as the form itself wants it.

-- +goose Up

CREATE TABLE drafts (
    tenant_id TEXT   NOT NULL,
    user_id   TEXT   NOT NULL,
    form      TEXT   NOT NULL,
    content   TEXT   NOT NULL,
    saved_at  BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, user_id, form)
);
CREATE INDEX drafts_by_age ON drafts (saved_at);
