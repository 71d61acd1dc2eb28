-- The journal's schema. One acting run at a time (a kernel lock on PATH-lock), any number of readers and planners.
-- seq is one counter over decision, intent, attempt and outcome: append only, without gaps. A link seals the rows of one
-- transaction; the four tables' rows never change but for intent.open and intent.doubt, which are caches. A decision is
-- sealed with all that it stands on: its sweep's kind and digest, its target, its invitation's identity and its reading.
-- invitation.sender and invitation.rejected_ms are copies of what stands elsewhere, for the indexes of a sender's past.
-- References are for those who read, and for verify; they are not enforced, since each would be looked up at each insert.
-- Checks name each word with OR: for IN with more than two SQLite makes a table, anew for each row that is added.
PRAGMA application_id = 0x7370726e;  -- "sprn"
PRAGMA user_version = 3;

CREATE TABLE link (               -- the first row is the base: (0, 32 zero bytes), or what retention left
    upto INTEGER PRIMARY KEY,
    hash BLOB NOT NULL
) STRICT;
INSERT INTO link (upto, hash) VALUES (0, zeroblob(32));

CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('plan', 'act')),
    started_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    owner TEXT NOT NULL           -- "host:pid"
) STRICT;
CREATE INDEX run_open ON run (kind) WHERE ended_ms IS NULL;

CREATE TABLE sweep (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run,
    kind TEXT NOT NULL CHECK (kind = 'plan' OR kind = 'act' OR kind = 'file'),
    state TEXT NOT NULL CHECK (state = 'closing' OR state = 'listing' OR state = 'held' OR state = 'acting' OR state = 'done'
        OR state = 'cut'),
    digest TEXT NOT NULL,         -- of policies, lists and parameters
    belt INTEGER NOT NULL,        -- most rejections
    after_seq INTEGER NOT NULL,   -- the chain's end when it began: what it adds comes later
    started_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    CHECK (kind <> 'plan' OR state NOT IN ('closing', 'acting', 'held'))
) STRICT;
CREATE INDEX sweep_open ON sweep (run) WHERE ended_ms IS NULL;

CREATE TABLE trust (              -- digests that a person trusts, and how they said so
    digest TEXT PRIMARY KEY,
    how TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE target (
    id INTEGER PRIMARY KEY,
    cloud TEXT NOT NULL,
    account TEXT,
    region TEXT NOT NULL,
    endpoint TEXT NOT NULL,       -- '' is the cloud's own
    keys TEXT NOT NULL DEFAULT '' -- what tells accounts that are not known apart; '' where the account is known
) STRICT;
CREATE UNIQUE INDEX target_of ON target (region, ifnull(account, ''), cloud, endpoint, keys);

CREATE TABLE coverage (
    sweep INTEGER NOT NULL REFERENCES sweep,
    target INTEGER NOT NULL REFERENCES target,
    state TEXT NOT NULL CHECK (state = 'listing' OR state = 'listed' OR state = 'failed' OR state = 'skipped'),
    pages INTEGER NOT NULL,
    error TEXT,
    PRIMARY KEY (sweep, target)
) STRICT, WITHOUT ROWID;

CREATE TABLE reading (            -- what a cloud told of a pending invitation; a new row only when it tells something else
    id INTEGER PRIMARY KEY,
    sender TEXT, name TEXT, share TEXT, receiver TEXT, receiver_arn TEXT,
    status TEXT NOT NULL          -- as the cloud wrote it
) STRICT;

CREATE TABLE invitation (         -- one incarnation: the same id created at another time is another row
    id INTEGER PRIMARY KEY,
    target INTEGER NOT NULL REFERENCES target,
    cloud_id TEXT NOT NULL,
    created_ms INTEGER,
    identity BLOB NOT NULL,       -- creation time and half a hash of the three above: a third of the index that they would make
    reading INTEGER NOT NULL REFERENCES reading,  -- the latest
    sender TEXT,                  -- the reading's
    first_seen_ms INTEGER,        -- these six know of acting sweeps only
    times_seen INTEGER NOT NULL,
    last_sweep INTEGER REFERENCES sweep,
    last_seen_ms INTEGER NOT NULL,
    last_status TEXT NOT NULL,
    final_ms INTEGER,             -- since when another status than PENDING is read
    live INTEGER NOT NULL DEFAULT 1 CHECK (live IN (0, 1)),  -- 0: retired, and met again it is a new row
    noted INTEGER NOT NULL DEFAULT 0 CHECK (noted IN (0, 1)),  -- in its sender's past
    rejected_ms INTEGER           -- the time of its outcome "rejected"
) STRICT;
CREATE UNIQUE INDEX invitation_live ON invitation (identity) WHERE live = 1;
-- A sender's past. Senders come in no order: a page of an index of theirs would be written for each invitation. So what a sweep
-- meets waits, in the order in which it came, and is noted all at once when the next begins, which is the first to ask about it.
-- No id is an account's at two clouds: the cloud is looked at, but need not stand in the index.
CREATE INDEX invitation_new ON invitation (id) WHERE noted = 0 AND first_seen_ms IS NOT NULL;
CREATE INDEX invitation_seen ON invitation (sender, first_seen_ms) WHERE noted = 1;
CREATE INDEX invitation_rejected ON invitation (sender, rejected_ms) WHERE noted = 1 AND rejected_ms IS NOT NULL;

CREATE TABLE decision (           -- with the facts that it stood on
    seq INTEGER PRIMARY KEY,
    sweep INTEGER NOT NULL REFERENCES sweep,
    invitation INTEGER NOT NULL REFERENCES invitation,
    reading INTEGER NOT NULL REFERENCES reading,
    age_s INTEGER, first_seen_ms INTEGER NOT NULL, times_seen INTEGER NOT NULL,  -- as the policies were told
    resources TEXT,               -- NULL: not asked for; '': not known; else a JSON array
    verdict TEXT NOT NULL CHECK (verdict = 'reject' OR verdict = 'keep' OR verdict = 'none' OR verdict = 'undecided'),
    policy TEXT, rule TEXT, line INTEGER NOT NULL, reason TEXT, matches TEXT,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_of ON decision (invitation, sweep);

CREATE TABLE fault (              -- what went wrong in policies
    id INTEGER PRIMARY KEY,
    sweep INTEGER NOT NULL REFERENCES sweep,
    policy TEXT, rule TEXT, line INTEGER NOT NULL, cause TEXT,
    observed INTEGER NOT NULL CHECK (observed IN (0, 1)),
    count INTEGER NOT NULL
) STRICT;

CREATE TABLE rule_count (         -- how a rule fared
    id INTEGER PRIMARY KEY,
    sweep INTEGER NOT NULL REFERENCES sweep,
    policy TEXT, rule TEXT, line INTEGER NOT NULL,
    keeps INTEGER NOT NULL CHECK (keeps IN (0, 1)),
    observes INTEGER NOT NULL CHECK (observes IN (0, 1)),
    asked INTEGER NOT NULL, held INTEGER NOT NULL, undecided INTEGER NOT NULL, decided INTEGER NOT NULL,
    faults INTEGER NOT NULL,
    timed INTEGER NOT NULL, time_ns INTEGER NOT NULL  -- calls that were timed, and what they took
) STRICT;
CREATE INDEX rule_count_of ON rule_count (sweep);

CREATE TABLE intent (
    seq INTEGER PRIMARY KEY,
    invitation INTEGER NOT NULL REFERENCES invitation,
    decision INTEGER NOT NULL REFERENCES decision (seq),
    generation INTEGER NOT NULL CHECK (generation >= 1),  -- 1 + final outcomes so far; in the token
    token TEXT,
    begins_in_doubt INTEGER NOT NULL CHECK (begins_in_doubt IN (0, 1)),
    at_ms INTEGER NOT NULL,
    open INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1)),  -- no outcome yet
    doubt INTEGER NOT NULL CHECK (doubt IN (0, 1))           -- some call may have been done unanswered
) STRICT;
CREATE UNIQUE INDEX intent_open ON intent (invitation) WHERE open = 1;
CREATE INDEX intent_of ON intent (invitation);
CREATE INDEX intent_at ON intent (at_ms);

CREATE TABLE attempt (
    seq INTEGER PRIMARY KEY,
    intent INTEGER NOT NULL REFERENCES intent (seq),
    sweep INTEGER NOT NULL REFERENCES sweep,
    answer TEXT NOT NULL CHECK (answer = 'ok' OR answer = 'already_rejected' OR answer = 'already_accepted' OR answer = 'expired'
        OR answer = 'cancelled' OR answer = 'not_found' OR answer = 'refused'
        OR answer = 'throttled' OR answer = 'no_answer' OR answer = 'bad_answer'
        OR answer = 'not_sent'),
    sent_ms INTEGER NOT NULL,
    code TEXT, request_id TEXT
) STRICT;
CREATE INDEX attempt_of ON attempt (intent);

CREATE TABLE outcome (
    seq INTEGER PRIMARY KEY,
    intent INTEGER NOT NULL REFERENCES intent (seq),
    invitation INTEGER NOT NULL REFERENCES invitation,
    result TEXT NOT NULL CHECK (result = 'rejected' OR result = 'already_rejected' OR result = 'already_accepted'
        OR result = 'expired' OR result = 'cancelled' OR result = 'gone' OR result = 'failed'
        OR result = 'abandoned'),
    inferred INTEGER NOT NULL CHECK (inferred IN (0, 1) AND (inferred = 0 OR result = 'rejected')),
    doubt INTEGER NOT NULL CHECK (doubt IN (0, 1)),  -- the intent's, when it was closed
    at_ms INTEGER NOT NULL
) STRICT;
-- One outcome each; only 'abandoned' may be followed, by 'rejected' inferred. An invitation is rejected once.
CREATE UNIQUE INDEX outcome_first ON outcome (intent) WHERE result <> 'rejected' OR inferred = 0;
CREATE UNIQUE INDEX outcome_rejected ON outcome (invitation) WHERE result = 'rejected';
CREATE INDEX outcome_of ON outcome (invitation);
CREATE INDEX outcome_for ON outcome (intent);

-- A decision with where it was made, about whom, and what came of it.
CREATE VIEW history AS
SELECT d.sweep, d.seq, d.at_ms, s.kind = 'plan' AS plan, t.cloud, t.account, t.region, i.cloud_id, d.invitation,
    r.sender, r.name, d.age_s, d.verdict, d.policy, d.rule, d.line, d.reason, d.matches,
    CASE WHEN n.seq IS NULL THEN NULL ELSE ifnull(o.result, 'open') END AS outcome,
    ifnull(o.inferred, 0) AS inferred, ifnull(o.at_ms, 0) AS outcome_ms,
    (SELECT a.code FROM attempt a WHERE a.intent = n.seq AND a.code IS NOT NULL ORDER BY a.seq DESC LIMIT 1) AS code
FROM decision d
JOIN sweep s ON s.id = d.sweep
JOIN invitation i ON i.id = d.invitation
JOIN reading r ON r.id = d.reading
JOIN target t ON t.id = i.target
LEFT JOIN intent n ON n.invitation = d.invitation AND n.decision = d.seq
LEFT JOIN outcome o ON o.seq = (SELECT max(x.seq) FROM outcome x WHERE x.invitation = n.invitation AND x.intent = n.seq);
