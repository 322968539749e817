-- Why a mail is not at its recipient, and who sees to it.

-- +goose Up

-- reason is why the last try failed, '' for none or for one that nobody knows;
-- job_id is the job that delivers the mail; unsubscribe is the path where the
-- recipient switches such mail off, '' where he cannot.
ALTER TABLE mails ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE mails ADD COLUMN job_id TEXT NOT NULL DEFAULT '';
ALTER TABLE mails ADD COLUMN unsubscribe TEXT NOT NULL DEFAULT '';
UPDATE mails SET job_id = COALESCE((SELECT j.id FROM jobs j WHERE j.kind = 'mail.deliver' AND j.dedup_key = mails.id AND j.dedup_key <> ''), '')
    WHERE state = 'waiting';
