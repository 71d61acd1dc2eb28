"""by_hand.py URL DATA SCHEMA JOURNAL - a plan as somebody would write it who needs just this one: pages by http.client, json.loads, a set of
senders, one compiled regex, and rows into the same tables by executemany, a transaction a page. Nothing is signed or checked, no
chain is kept, no invitation is looked up: the journal is new."""
import hashlib
import http.client
import json
import re
import sqlite3
import sys
import time
from urllib.parse import urlsplit

url, data, schema, journal = sys.argv[1:]
WEEK_S = 7 * 86400

trusted = set(open(f"{data}/senders.txt").read().split())
globs = open(f"{data}/globs.txt").read().split()
hits = re.compile("|".join(".*".join(map(re.escape, glob.split("*"))) for glob in globs), re.I | re.S).fullmatch

db = sqlite3.connect(journal, isolation_level=None)
db.executescript(open(schema).read())
db.execute("PRAGMA journal_mode = WAL")
db.execute("PRAGMA synchronous = NORMAL")
now_s = time.time()
now_ms = int(now_s * 1000)
db.execute("INSERT INTO run (id, kind, started_ms, owner) VALUES (1, 'plan', ?, 'by-hand:1')", (now_ms,))
db.execute("INSERT INTO sweep (id, run, kind, state, digest, belt, after_seq, started_ms)"
           " VALUES (1, 1, 'plan', 'listing', '', 0, 0, ?)", (now_ms,))
db.execute("INSERT INTO target (id, cloud, account, region, endpoint) VALUES (1, 'aws', '111122223333', 'us-east-1', ?)", (url,))

connection = http.client.HTTPConnection(urlsplit(url).netloc)


def ask(token):
    body = {"maxResults": 500}
    if token:
        body["nextToken"] = token
    connection.request("POST", "/getresourceshareinvitations", json.dumps(body), {"Content-Type": "application/json"})
    return json.loads(connection.getresponse().read())


def decide(sender, name, age_s):
    """Every rule is asked: a verdict names all that matched."""
    matched = []
    if sender not in trusted:
        matched.append("stranger")
    if hits(name):
        matched.append("name")
    if age_s >= WEEK_S:
        matched.append("a week old")
    return matched


seq, rejected, token, pages = 0, 0, None, 0
while True:
    page = ask(token)
    pages += 1
    readings, invitations, decisions = [], [], []
    for item in page["resourceShareInvitations"]:
        if item["status"] != "PENDING":
            continue
        seq += 1
        arn, sender, name = item["resourceShareInvitationArn"], item["senderAccountId"], item["resourceShareName"]
        created_s = item["invitationTimestamp"]
        created_ms = int(created_s * 1000)
        age_s = int(now_s - created_s)
        matched = decide(sender, name, age_s)
        rejected += bool(matched)
        identity = created_ms.to_bytes(8, "big") + hashlib.sha256(arn.encode()).digest()[:8]
        readings.append((seq, sender, name, item["resourceShareArn"], item["receiverAccountId"], item["status"]))
        invitations.append((seq, arn, created_ms, identity, seq, sender, now_ms))
        decisions.append((seq, seq, seq, age_s, now_ms, "reject" if matched else "none",
                          "policy" if matched else None, matched[0] if matched else None, ",".join(matched) or None, now_ms))
    db.execute("BEGIN IMMEDIATE")
    db.executemany("INSERT INTO reading (id, sender, name, share, receiver, status) VALUES (?, ?, ?, ?, ?, ?)", readings)
    db.executemany("INSERT INTO invitation (id, target, cloud_id, created_ms, identity, reading, sender, times_seen, last_seen_ms, last_status)"
                   " VALUES (?, 1, ?, ?, ?, ?, ?, 0, ?, 'PENDING')", invitations)
    db.executemany("INSERT INTO decision (seq, sweep, invitation, reading, age_s, first_seen_ms, times_seen, verdict, policy, rule, line, matches,"
                   " at_ms) VALUES (?, 1, ?, ?, ?, ?, 1, ?, ?, ?, 1, ?, ?)", decisions)
    db.execute("COMMIT")
    token = page.get("nextToken")
    if not token:
        break
db.execute("INSERT INTO coverage (sweep, target, state, pages) VALUES (1, 1, 'listed', ?)", (pages,))
db.execute("UPDATE sweep SET state = 'done', ended_ms = ? WHERE id = 1", (now_ms,))
db.close()
