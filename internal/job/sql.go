package job

import "comptoir/internal/db"

const (
	claimed = `id, tenant_id, user_id, kind, payload, progress, done, total, tries, due_at`
	shown   = `id, tenant_id, user_id, kind, state, cancelled, done, total, result, error, tries,
		due_at, run_at, created_at, started_at, finished_at`
)

var (
	insertJob = db.SQL(`INSERT INTO jobs (id, tenant_id, user_id, kind, dedup_key, payload, due_at, run_at, created_at,
			state, cancelled, progress, done, total, result, error, tries, leased_until, lease_holder, started_at, finished_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, 'queued', FALSE, '', 0, 0, '', '', 0, 0, '', 0, 0)
		ON CONFLICT (kind, dedup_key) WHERE dedup_key <> '' DO NOTHING`)
	findByDedup = db.SQL(`SELECT id FROM jobs WHERE kind = $1 AND dedup_key = $2 AND dedup_key <> ''`)

	claimDue = db.Claim(`SELECT ` + claimed + `
		FROM jobs WHERE state = 'queued' AND run_at <= $1 ORDER BY run_at, id LIMIT $2`)
	claimLost = db.Claim(`SELECT ` + claimed + `
		FROM jobs WHERE state = 'running' AND leased_until <= $1 ORDER BY leased_until, id LIMIT $2`)
	takeJob = db.SQL(`UPDATE jobs SET state = 'running', tries = tries + 1, leased_until = $2, lease_holder = $3,
			started_at = CASE WHEN tries = 0 THEN $4 ELSE started_at END
		WHERE id = $1`)

	readHeld = db.SQL(`SELECT cancelled FROM jobs WHERE id = $1 AND lease_holder = $2 AND state = 'running'`)
	renewJob = db.SQL(`UPDATE jobs SET leased_until = $3 WHERE id = $1 AND lease_holder = $2 AND state = 'running'`)
	saveStep = db.SQL(`UPDATE jobs SET progress = $3, done = $4, total = $5
		WHERE id = $1 AND lease_holder = $2 AND state = 'running'`)
	saveResult = db.SQL(`UPDATE jobs SET result = $3, done = $4, total = $5
		WHERE id = $1 AND lease_holder = $2 AND state = 'running'`)

	// endJob ends a job that is held. A periodic one is not ended but queued again.
	endJob = db.SQL(`UPDATE jobs SET state = $3, error = $4, finished_at = $5,
			lease_holder = '', leased_until = 0, dedup_key = ''
		WHERE id = $1 AND lease_holder = $2 AND state = 'running'`)
	againJob = db.SQL(`UPDATE jobs SET state = 'queued', error = $3, finished_at = $4, due_at = $5, run_at = $5,
			tries = 0, progress = '', lease_holder = '', leased_until = 0, cancelled = FALSE
		WHERE id = $1 AND lease_holder = $2 AND state = 'running'`)
	retryJob = db.SQL(`UPDATE jobs SET state = 'queued', error = $3, run_at = $4, tries = tries - $5,
			lease_holder = '', leased_until = 0
		WHERE id = $1 AND lease_holder = $2 AND state = 'running'`)

	queuedInOrder = db.SQL(`SELECT kind, run_at FROM jobs WHERE state = 'queued' AND run_at <= $1 ORDER BY run_at, id`)
	runningKinds  = db.Scan(`SELECT kind FROM jobs WHERE state = 'running'`, "as many rows as jobs run now")

	cancelJob = db.SQL(`UPDATE jobs SET cancelled = TRUE WHERE id = $1 AND state = 'running'`)
	dropJob   = db.SQL(`UPDATE jobs SET state = 'cancelled', cancelled = TRUE, dedup_key = '', finished_at = $2
		WHERE id = $1 AND state = 'queued'`)
	requeueJob = db.SQL(`UPDATE jobs SET state = 'queued', error = '', tries = 0, run_at = $2, finished_at = 0
		WHERE id = $1 AND state = 'failed'`)

	listOwn = db.SQL(`SELECT ` + shown + `
		FROM jobs WHERE tenant_id = $1 AND user_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4`)
	showJob = db.SQL(`SELECT ` + shown + `
		FROM jobs WHERE id = $1`)
	listQueued = db.SQL(`SELECT ` + shown + `
		FROM jobs WHERE state = 'queued' ORDER BY run_at, id LIMIT $1`)
	listRunning = db.SQL(`SELECT ` + shown + `
		FROM jobs WHERE state = 'running' ORDER BY leased_until, id LIMIT $1`)
	listEnded = db.SQL(`SELECT ` + shown + `
		FROM jobs WHERE finished_at <> 0 AND state = $1 ORDER BY finished_at DESC, id DESC LIMIT $2`)

	deleteEnded = db.SQL(`DELETE FROM jobs WHERE id IN (
		SELECT id FROM jobs WHERE finished_at <> 0 AND finished_at < $1 AND state <> 'queued' AND state <> 'running'
		ORDER BY finished_at, id LIMIT $2)`)
	deleteReplays = db.SQL(`DELETE FROM replays WHERE key IN (SELECT key FROM replays WHERE at < $1 ORDER BY at LIMIT $2)`)
)
