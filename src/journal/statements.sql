-- Every statement of the journal, by name. A statement begins after its name and ends at the next.

-- name: begin
BEGIN IMMEDIATE;
-- name: commit
COMMIT;
-- name: rollback
ROLLBACK;
-- name: begin_reading
BEGIN;

-- The chain: rows as they are sealed, in the order of the columns.

-- name: last_link
SELECT upto, hash FROM link ORDER BY upto DESC LIMIT 1;
-- name: add_link
INSERT INTO link (upto, hash) VALUES (?1, ?2);
-- name: each_link
SELECT upto, hash FROM link ORDER BY upto;
-- name: link_at
SELECT hash FROM link WHERE upto = ?1;
-- name: chain_decisions
SELECT d.seq, t.cloud, t.account, t.region, t.endpoint, t.keys, i.cloud_id, i.created_ms, i.identity,
    r.sender, r.name, r.share, r.receiver, r.receiver_arn, r.status, d.sweep, s.kind, s.digest, d.invitation, d.reading,
    d.age_s, d.first_seen_ms, d.times_seen, d.resources, d.verdict, d.policy, d.rule, d.line, d.reason, d.matches, d.at_ms
FROM decision d JOIN sweep s ON s.id = d.sweep JOIN invitation i ON i.id = d.invitation JOIN reading r ON r.id = d.reading
JOIN target t ON t.id = i.target
WHERE d.seq > ?1 ORDER BY d.seq;
-- name: chain_intents
SELECT seq, invitation, decision, generation, token, begins_in_doubt, at_ms FROM intent WHERE seq > ?1 ORDER BY seq;
-- name: chain_attempts
SELECT seq, intent, sweep, answer, sent_ms, code, request_id FROM attempt WHERE seq > ?1 ORDER BY seq;
-- name: chain_outcomes
SELECT seq, intent, invitation, result, inferred, doubt, at_ms FROM outcome WHERE seq > ?1 ORDER BY seq;

-- Runs and sweeps. A run never begins before the one before it ended, whatever the clock did.

-- name: end_runs
UPDATE run SET ended_ms = max(started_ms, ?1)
WHERE ended_ms IS NULL AND (kind = 'act' OR started_ms < ?1 - 86400000);  -- no plan takes a day
-- name: cut_sweeps
UPDATE sweep SET state = 'cut', ended_ms = max(started_ms, ?1)
WHERE ended_ms IS NULL AND (SELECT r.ended_ms FROM run r WHERE r.id = sweep.run) IS NOT NULL;
-- name: doubt_open
UPDATE intent SET doubt = 1 WHERE open = 1 AND doubt = 0;
-- name: retire_unseen
UPDATE invitation INDEXED BY invitation_live SET live = 0
WHERE live = 1 AND last_seen_ms < ?1
    AND NOT EXISTS (SELECT 1 FROM intent n WHERE n.invitation = invitation.id AND n.open = 1);
-- name: note_new
UPDATE invitation INDEXED BY invitation_new SET noted = 1 WHERE noted = 0 AND first_seen_ms IS NOT NULL;
-- name: start_run
INSERT INTO run (kind, started_ms, owner)
VALUES (?1, max(?2, ifnull((SELECT ended_ms FROM run WHERE kind = 'act' ORDER BY id DESC LIMIT 1), ?2)), ?3);
-- name: start_sweep
INSERT INTO sweep (run, kind, state, digest, belt, after_seq, started_ms)
VALUES (last_insert_rowid(), ?1, ?2, ?3, ?4, ?5, ?6);
-- name: move_sweep
UPDATE sweep SET state = ?2, ended_ms = CASE WHEN ?3 THEN max(started_ms, ?4) END WHERE id = ?1 AND ended_ms IS NULL;
-- name: end_run_of
UPDATE run SET ended_ms = max(started_ms, ?2)
WHERE id = (SELECT run FROM sweep WHERE id = ?1) AND ended_ms IS NULL;

-- Listing and deciding.

-- name: find_target
SELECT id FROM target WHERE region = ?1 AND ifnull(account, '') = ifnull(?2, '') AND cloud = ?3 AND endpoint = ?4
    AND keys = ?5;
-- name: add_target
INSERT INTO target (region, account, cloud, endpoint, keys) VALUES (?1, ?2, ?3, ?4, ?5);
-- name: cover
INSERT INTO coverage (sweep, target, state, pages, error) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (sweep, target) DO UPDATE SET state = excluded.state, pages = excluded.pages, error = excluded.error;
-- name: find_invitation
SELECT i.id, i.reading, i.first_seen_ms, i.times_seen, i.last_sweep, i.final_ms,
    (SELECT r.sender IS ?3 AND r.name IS ?4 AND r.share IS ?5 AND r.receiver IS ?6 AND r.receiver_arn IS ?7 AND r.status IS ?8
     FROM reading r WHERE r.id = i.reading),
    EXISTS (SELECT 1 FROM intent n WHERE n.invitation = i.id AND n.open = 1),
    EXISTS (SELECT 1 FROM decision d WHERE d.invitation = i.id AND d.sweep = ?2),
    (SELECT CASE WHEN o.result NOT IN ('failed', 'abandoned') THEN o.at_ms END
     FROM outcome o WHERE o.invitation = i.id ORDER BY o.seq DESC LIMIT 1)
FROM invitation i WHERE i.identity = ?1 AND i.live = 1;
-- name: add_invitation
INSERT INTO invitation (target, cloud_id, created_ms, identity, reading, sender, first_seen_ms, times_seen, last_sweep,
    last_seen_ms, last_status)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);
-- name: add_reading
INSERT INTO reading (sender, name, share, receiver, receiver_arn, status) VALUES (?1, ?2, ?3, ?4, ?5, ?6);
-- name: renew_reading
UPDATE invitation SET reading = ?2, sender = ?3 WHERE id = ?1;

-- What is written each time an invitation is seen is in no index; what is, seldom changes.

-- name: remember_invitation
UPDATE invitation SET times_seen = ?2, last_sweep = ?3, last_seen_ms = ?4, last_status = ifnull(?5, last_status), final_ms = ?6
WHERE id = ?1;
-- name: see_first
UPDATE invitation SET first_seen_ms = ?2 WHERE id = ?1;
-- name: retire_invitation
UPDATE invitation SET live = 0 WHERE id = ?1;
-- name: find_abandoned
SELECT o.intent FROM outcome o
WHERE o.invitation = ?1 AND o.result = 'abandoned'
    AND NOT EXISTS (SELECT 1 FROM outcome x WHERE x.invitation = ?1 AND (x.seq > o.seq OR x.result = 'rejected'));
-- name: add_decision
INSERT INTO decision (seq, sweep, invitation, reading, age_s, first_seen_ms, times_seen, resources, verdict, policy, rule,
    line, reason, matches, at_ms)
VALUES (?1, ?2, ?3, ifnull(?4, (SELECT reading FROM invitation WHERE id = ?3)), ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
    ?15);
-- name: add_fault
INSERT INTO fault (sweep, policy, rule, line, cause, observed, count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);
-- name: add_rule
INSERT INTO rule_count (sweep, policy, rule, line, keeps, observes, asked, held, undecided, decided, faults, timed, time_ns)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13);
-- name: each_rule
SELECT policy, rule, line, keeps, observes, asked, held, undecided, decided, faults, timed, time_ns
FROM rule_count WHERE sweep = ?1 ORDER BY id;

-- A sender's past, each question from an index of its own, and no further than enough. An invitation has a row for each
-- target that it was listed at. Where two may be one and the same, such as before and after the configuration says which
-- account this is, it counts once. It is rejected once anyhow.

-- name: has_twins
SELECT EXISTS (SELECT 1 FROM target a JOIN target b ON b.region = a.region AND b.cloud = a.cloud AND b.id > a.id
    WHERE a.account IS NULL OR b.account IS NULL OR a.account = b.account);
-- name: count_seen
SELECT count(*) FROM (SELECT 1 FROM invitation i
    WHERE i.noted = 1 AND i.sender = ?1 AND i.first_seen_ms >= ?2 AND i.first_seen_ms < ?3
        AND (i.cloud_id, i.created_ms) IS NOT (SELECT o.cloud_id, o.created_ms FROM invitation o WHERE o.id = ?4)
        AND (SELECT t.cloud FROM target t WHERE t.id = i.target) = ?5 LIMIT ?6);
-- name: count_seen_once
SELECT count(*) FROM (SELECT DISTINCT i.cloud_id, i.created_ms FROM invitation i
    WHERE i.noted = 1 AND i.sender = ?1 AND i.first_seen_ms >= ?2 AND i.first_seen_ms < ?3
        AND (i.cloud_id, i.created_ms) IS NOT (SELECT o.cloud_id, o.created_ms FROM invitation o WHERE o.id = ?4)
        AND (SELECT t.cloud FROM target t WHERE t.id = i.target) = ?5 LIMIT ?6);
-- name: count_rejected
SELECT count(*) FROM (SELECT 1 FROM invitation i
    WHERE i.noted = 1 AND i.sender = ?1 AND i.rejected_ms >= ?2 AND i.rejected_ms < ?3
        AND (i.cloud_id, i.created_ms) IS NOT (SELECT o.cloud_id, o.created_ms FROM invitation o WHERE o.id = ?4)
        AND (SELECT t.cloud FROM target t WHERE t.id = i.target) = ?5 LIMIT ?6);
-- What the latest acting sweep saw is not noted yet. Its rows began together: where the first does not count, none does.
-- name: count_new_seen
SELECT count(*) FROM (SELECT DISTINCT i.cloud_id, i.created_ms
    FROM (SELECT first_seen_ms FROM invitation WHERE noted = 0 AND first_seen_ms IS NOT NULL ORDER BY id LIMIT 1) n
    CROSS JOIN invitation i INDEXED BY invitation_new
    WHERE n.first_seen_ms < ?3 AND i.noted = 0 AND i.first_seen_ms IS NOT NULL
        AND i.sender = ?1 AND i.first_seen_ms >= ?2 AND i.first_seen_ms < ?3
        AND (i.cloud_id, i.created_ms) IS NOT (SELECT o.cloud_id, o.created_ms FROM invitation o WHERE o.id = ?4)
        AND (SELECT t.cloud FROM target t WHERE t.id = i.target) = ?5 LIMIT ?6);
-- name: count_new_rejected
SELECT count(*) FROM (SELECT 1
    FROM (SELECT first_seen_ms FROM invitation WHERE noted = 0 AND first_seen_ms IS NOT NULL ORDER BY id LIMIT 1) n
    CROSS JOIN invitation i INDEXED BY invitation_new
    WHERE n.first_seen_ms < ?3 AND i.noted = 0 AND i.first_seen_ms IS NOT NULL
        AND i.sender = ?1 AND i.rejected_ms >= ?2 AND i.rejected_ms < ?3
        AND (i.cloud_id, i.created_ms) IS NOT (SELECT o.cloud_id, o.created_ms FROM invitation o WHERE o.id = ?4)
        AND (SELECT t.cloud FROM target t WHERE t.id = i.target) = ?5 LIMIT ?6);
-- name: began
SELECT started_ms FROM sweep WHERE kind <> 'plan' ORDER BY id LIMIT 1;

-- Acting.

-- name: count_intents
SELECT count(*) FROM intent n WHERE n.at_ms >= ?1
    AND NOT EXISTS (SELECT 1 FROM outcome o WHERE o.intent = n.seq AND o.result = 'failed');
-- name: add_trust
INSERT INTO trust (digest, how, at_ms) VALUES (?1, ?2, ?3) ON CONFLICT (digest) DO NOTHING;
-- name: find_trust
SELECT 1 FROM trust WHERE digest = ?1;
-- name: queue
SELECT d.seq FROM decision d JOIN invitation i ON i.id = d.invitation JOIN reading r ON r.id = d.reading
WHERE d.seq > (SELECT after_seq FROM sweep WHERE id = ?1) AND d.sweep = ?1 AND d.verdict = 'reject'
ORDER BY EXISTS (SELECT 1 FROM outcome o WHERE o.invitation = d.invitation AND o.result = 'failed'),
    row_number() OVER (PARTITION BY r.sender ORDER BY ifnull(i.created_ms, d.at_ms), d.seq),
    ifnull(i.created_ms, d.at_ms), d.seq;
-- name: candidate
SELECT d.seq, d.invitation, i.target, t.cloud, t.account, t.region, t.endpoint, i.cloud_id, i.created_ms
FROM decision d JOIN invitation i ON i.id = d.invitation JOIN target t ON t.id = i.target
JOIN coverage c ON c.sweep = d.sweep AND c.target = i.target
WHERE d.seq = ?1 AND c.state = 'listed' AND i.last_status = 'PENDING'
    AND NOT EXISTS (SELECT 1 FROM intent n WHERE n.invitation = d.invitation AND (n.open = 1 OR n.decision = d.seq));
-- name: generation
SELECT 1 + count(*) FILTER (WHERE result NOT IN ('failed', 'abandoned')), count(*) FILTER (WHERE result = 'abandoned') > 0
FROM outcome WHERE invitation = ?1;
-- name: decided_for
SELECT d.invitation FROM decision d JOIN sweep s ON s.id = d.sweep
WHERE d.seq = ?1 AND d.verdict = 'reject' AND s.kind <> 'plan' AND s.state = 'acting'
    AND NOT EXISTS (SELECT 1 FROM decision x WHERE x.invitation = d.invitation AND x.sweep = d.sweep AND x.seq > d.seq)
    AND NOT EXISTS (SELECT 1 FROM intent n WHERE n.invitation = d.invitation AND (n.open = 1 OR n.decision = d.seq));
-- name: add_intent
INSERT INTO intent (seq, invitation, decision, generation, token, begins_in_doubt, doubt, at_ms)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7);
-- name: find_intent
SELECT n.invitation, n.doubt, n.open, n.at_ms,
    EXISTS (SELECT 1 FROM outcome o WHERE o.invitation = n.invitation AND o.result = 'rejected'),
    EXISTS (SELECT 1 FROM attempt a WHERE a.intent = n.seq AND a.answer = 'ok')
FROM intent n WHERE n.seq = ?1;
-- name: add_attempt
INSERT INTO attempt (seq, intent, sweep, answer, sent_ms, code, request_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);
-- name: doubt_intent
UPDATE intent SET doubt = 1 WHERE seq = ?1;
-- name: add_outcome
INSERT INTO outcome (seq, intent, invitation, result, inferred, doubt, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);
-- name: note_rejected
UPDATE invitation SET rejected_ms = ?2 WHERE id = ?1;
-- name: close_intent
UPDATE intent SET open = 0 WHERE seq = ?1;

-- Reading back. The lower bounds keep old sweeps from being read for nothing.

-- name: each_open
SELECT n.seq, n.invitation, n.generation, t.cloud, t.account, t.region, t.endpoint, i.cloud_id, n.token, i.created_ms,
    n.doubt, ifnull((SELECT max(a.sent_ms) FROM attempt a WHERE a.intent = n.seq), n.at_ms), t.keys
FROM intent n JOIN invitation i ON i.id = n.invitation JOIN target t ON t.id = i.target
WHERE n.open = 1 ORDER BY n.seq;
-- name: oldest_rows
SELECT * FROM history h
WHERE h.seq > ifnull((SELECT after_seq FROM sweep WHERE id = ?1), 0)
    AND h.seq > ifnull((SELECT min(after_seq) FROM sweep WHERE ifnull(ended_ms, ?2) >= ?2), 0)
    AND (?1 = 0 OR h.sweep = ?1) AND h.at_ms >= ?2 AND (?3 OR h.plan = 0)
    AND (?4 IS NULL OR h.invitation IN (SELECT id FROM invitation WHERE substr(cloud_id, -length(?4)) = ?4))
ORDER BY h.seq;
-- name: newest_rows
SELECT * FROM history h
WHERE h.seq > ifnull((SELECT after_seq FROM sweep WHERE id = ?1), 0)
    AND h.seq > ifnull((SELECT min(after_seq) FROM sweep WHERE ifnull(ended_ms, ?2) >= ?2), 0)
    AND (?1 = 0 OR h.sweep = ?1) AND h.at_ms >= ?2 AND (?3 OR h.plan = 0)
    AND (?4 IS NULL OR h.invitation IN (SELECT id FROM invitation WHERE substr(cloud_id, -length(?4)) = ?4))
ORDER BY h.seq DESC LIMIT ?5;
-- name: each_basis
SELECT d.sweep, d.seq, d.invitation, d.at_ms, s.kind = 'plan', s.digest, t.cloud, t.account, t.region, i.cloud_id,
    i.created_ms, r.sender, r.name, r.share, r.receiver, r.receiver_arn, r.status, d.age_s, d.first_seen_ms, d.times_seen,
    d.resources, d.verdict, d.policy, d.rule, d.line, d.reason, d.matches
FROM decision d JOIN sweep s ON s.id = d.sweep JOIN invitation i ON i.id = d.invitation JOIN reading r ON r.id = d.reading
JOIN target t ON t.id = i.target
WHERE d.seq IN (
    SELECT max(n.seq) FROM decision n NOT INDEXED JOIN sweep k ON k.id = n.sweep
    WHERE n.seq > ifnull((SELECT after_seq FROM sweep WHERE id = ?1), 0)
        AND n.seq > ifnull((SELECT min(after_seq) FROM sweep WHERE ifnull(ended_ms, ?2) >= ?2), 0)
        AND (?1 = 0 OR n.sweep = ?1) AND n.at_ms >= ?2 AND (?3 OR k.kind <> 'plan')
        AND (?4 IS NULL OR n.invitation IN (SELECT id FROM invitation WHERE substr(cloud_id, -length(?4)) = ?4))
    GROUP BY n.invitation ORDER BY 1 DESC LIMIT ?5)
ORDER BY d.seq;
-- name: each_covered
SELECT t.cloud, t.account, t.region, t.endpoint, c.state, c.pages, c.error, t.id
FROM coverage c JOIN target t ON t.id = c.target WHERE c.sweep = ?1 ORDER BY c.target;
