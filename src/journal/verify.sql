-- What a sound journal never holds. Each query names what is broken and returns the rows that break it.

-- one counter, without gaps
SELECT 'seq_gap', seq FROM (SELECT seq, row_number() OVER (ORDER BY seq) + (SELECT min(upto) FROM link) AS want FROM
    (SELECT seq FROM decision UNION ALL SELECT seq FROM intent UNION ALL SELECT seq FROM attempt UNION ALL SELECT seq FROM outcome))
WHERE seq <> want;

-- what is known by the same target, id and creation time is one row, and is decided once in a sweep
SELECT 'identity_twice', max(id) FROM invitation WHERE live = 1 GROUP BY target, cloud_id, created_ms HAVING count(*) > 1;
SELECT 'decided_twice', max(seq) FROM decision GROUP BY invitation, sweep HAVING count(*) > 1;
SELECT 'retired_with_open_intent', n.seq FROM intent n JOIN invitation i ON i.id = n.invitation WHERE n.open = 1 AND i.live = 0;

-- what was read belongs to one invitation, whose latest is not older than any that was decided on
SELECT 'reading_of_two', max(reading) FROM (SELECT DISTINCT reading, invitation FROM decision UNION SELECT reading, id FROM invitation)
GROUP BY reading HAVING count(*) > 1;
SELECT 'reading_after_latest', d.seq FROM decision d JOIN invitation i ON i.id = d.invitation WHERE d.reading > i.reading;

-- what a sender's past is counted from, and what the policies were told of the invitation's own
SELECT 'sender_cache', i.id FROM invitation i JOIN reading r ON r.id = i.reading WHERE i.sender IS NOT r.sender;
SELECT 'rejected_cache', i.id FROM invitation i WHERE i.rejected_ms IS NOT
    (SELECT o.at_ms FROM outcome o WHERE o.invitation = i.id AND o.result = 'rejected');
SELECT 'first_seen', i.id FROM invitation i
WHERE (i.first_seen_ms IS NULL) <> (i.times_seen = 0) OR i.first_seen_ms IS NULL AND i.noted = 1;
SELECT 'first_seen_told', d.seq FROM decision d JOIN invitation i ON i.id = d.invitation
WHERE d.times_seen > 0 AND d.first_seen_ms IS NOT i.first_seen_ms;

-- a sweep has one clock: it decides by it, and by it tells how old the journal is and when an invitation was first seen
SELECT 'sweep_clock', d.seq FROM decision d JOIN sweep s ON s.id = d.sweep WHERE d.at_ms <> s.started_ms;
SELECT 'first_seen_by_a_sweep', id FROM invitation
WHERE first_seen_ms IS NOT NULL AND first_seen_ms NOT IN (SELECT started_ms FROM sweep WHERE kind <> 'plan');

-- where a sweep had nothing to list it decided nothing
SELECT 'decided_where_skipped', d.seq FROM coverage c JOIN invitation i ON i.target = c.target
JOIN decision d ON d.invitation = i.id AND d.sweep = c.sweep WHERE c.state = 'skipped';

-- no rule answered more often than it was asked
SELECT 'rule_count', id FROM rule_count WHERE held + undecided > asked OR decided > asked
    OR min(asked, held, undecided, decided, faults, timed, time_ns) < 0;

-- plans decide and do nothing else
SELECT 'kind_of_run', s.id FROM sweep s JOIN run r ON r.id = s.run WHERE (s.kind = 'plan') <> (r.kind = 'plan');
SELECT 'seen_by_a_plan', i.id FROM invitation i JOIN sweep s ON s.id = i.last_sweep WHERE s.kind = 'plan';

-- an intent stands on the latest decision about its invitation, which says reject and was made by an acting sweep
SELECT 'intent_wants_reject', n.seq FROM intent n JOIN decision d ON d.seq = n.decision JOIN sweep s ON s.id = d.sweep
WHERE d.verdict <> 'reject' OR d.invitation <> n.invitation OR d.seq > n.seq OR s.kind = 'plan'
    OR s.state IN ('closing', 'listing', 'held');
SELECT 'intent_on_latest', n.seq FROM intent n
JOIN decision d ON d.invitation = n.invitation AND d.seq > n.decision AND d.seq < n.seq
JOIN sweep s ON s.id = d.sweep WHERE s.kind <> 'plan';
SELECT 'one_at_a_time', b.seq FROM intent b JOIN intent a ON a.invitation = b.invitation AND a.seq < b.seq
WHERE NOT EXISTS (SELECT 1 FROM outcome o WHERE o.intent = a.seq AND o.seq < b.seq);
SELECT 'generation', n.seq FROM intent n WHERE n.generation <> 1 + (SELECT count(*) FROM outcome o
    WHERE o.invitation = n.invitation AND o.seq < n.seq AND o.result NOT IN ('failed', 'abandoned'));
SELECT 'token_twice', token FROM intent WHERE token IS NOT NULL
GROUP BY token HAVING count(DISTINCT invitation) > 1 OR count(DISTINCT generation) > 1;

-- calls belong to the sweep of their intent, come after it and before its outcome, and no more are begun than the belt allows
SELECT 'call_in_its_sweep', a.seq FROM attempt a JOIN intent n ON n.seq = a.intent JOIN decision d ON d.seq = n.decision
WHERE d.sweep <> a.sweep OR a.seq < n.seq OR a.sent_ms < n.at_ms;
SELECT 'call_after_outcome', a.seq FROM attempt a JOIN outcome o ON o.intent = a.intent WHERE o.seq < a.seq;
SELECT 'belt', s.id FROM sweep s JOIN attempt a ON a.sweep = s.id
WHERE s.kind = 'act' GROUP BY s.id HAVING count(DISTINCT a.intent) > s.belt;

-- what is in doubt: a call without a readable answer, an intent found open after a death, an earlier one abandoned
SELECT 'doubt_carried', n.seq FROM intent n WHERE begins_in_doubt <> EXISTS (SELECT 1 FROM outcome o
    WHERE o.invitation = n.invitation AND o.seq < n.seq AND o.result = 'abandoned');
SELECT 'doubt_kept', n.seq FROM intent n WHERE n.doubt = 0 AND (n.begins_in_doubt = 1 OR EXISTS (SELECT 1 FROM attempt a
    WHERE a.intent = n.seq AND a.answer IN ('no_answer', 'bad_answer')));
SELECT 'doubt_after_death', n.seq FROM intent n JOIN decision d ON d.seq = n.decision JOIN sweep s ON s.id = d.sweep
WHERE n.open = 1 AND n.doubt = 0 AND EXISTS (SELECT 1 FROM run r WHERE r.id > s.run AND r.kind = 'act');
SELECT 'doubt_without_cause', n.seq FROM intent n JOIN decision d ON d.seq = n.decision JOIN sweep s ON s.id = d.sweep
WHERE n.doubt = 1 AND n.begins_in_doubt = 0
    AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.intent = n.seq AND a.answer IN ('no_answer', 'bad_answer'))
    AND NOT EXISTS (SELECT 1 FROM run r WHERE r.id > s.run AND r.kind = 'act');

-- what came of it is only what is known
SELECT 'open_cache', n.seq FROM intent n WHERE n.open <> (NOT EXISTS (SELECT 1 FROM outcome o WHERE o.intent = n.seq));
SELECT 'outcome_of_its_intent', o.seq FROM outcome o JOIN intent n ON n.seq = o.intent
WHERE o.invitation <> n.invitation OR o.doubt <> n.doubt OR o.seq < n.seq;
SELECT 'rejected_needs_ok', o.seq FROM outcome o WHERE o.result = 'rejected' AND o.inferred = 0
    AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.intent = o.intent AND a.answer = 'ok' AND a.seq < o.seq);
SELECT 'ok_is_rejected', a.seq FROM attempt a WHERE a.answer = 'ok' AND EXISTS (SELECT 1 FROM outcome o WHERE o.intent = a.intent)
    AND NOT EXISTS (SELECT 1 FROM outcome o WHERE o.intent = a.intent AND (o.result = 'rejected' AND o.inferred = 0
        OR o.result = 'already_rejected' AND EXISTS (SELECT 1 FROM outcome e
            WHERE e.invitation = o.invitation AND e.seq < o.seq AND e.result = 'rejected')));
SELECT 'inferred_needs_doubt', o.seq FROM outcome o WHERE o.inferred = 1 AND o.doubt = 0;
SELECT 'failed_without_doubt', o.seq FROM outcome o WHERE o.result = 'failed' AND o.doubt = 1;
SELECT 'abandoned_in_doubt', o.seq FROM outcome o WHERE o.result = 'abandoned' AND o.doubt = 0;
SELECT 'not_ours', o.seq FROM outcome o WHERE o.result = 'already_rejected' AND o.doubt = 1
    AND NOT EXISTS (SELECT 1 FROM outcome e WHERE e.invitation = o.invitation AND e.seq < o.seq AND e.result = 'rejected');
SELECT 'only_abandoned_amended', o.seq FROM outcome o JOIN outcome f ON f.intent = o.intent AND f.seq < o.seq
WHERE f.result <> 'abandoned' OR o.result <> 'rejected' OR o.inferred <> 1;
SELECT 'rejected_twice', max(seq) FROM outcome WHERE result = 'rejected' GROUP BY invitation HAVING count(*) > 1;

-- one acting run at a time, and none that ended leaves a sweep half-way
SELECT 'half_way', s.id FROM sweep s JOIN run r ON r.id = s.run
WHERE (r.ended_ms IS NOT NULL) <> (s.state IN ('done', 'held', 'cut')) OR (r.ended_ms IS NULL) <> (s.ended_ms IS NULL);
SELECT 'one_actor', b.id FROM run a JOIN run b ON b.id = (SELECT min(c.id) FROM run c WHERE c.id > a.id AND c.kind = 'act')
WHERE a.kind = 'act' AND (a.ended_ms IS NULL OR a.ended_ms > b.started_ms);
