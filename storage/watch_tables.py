"""The tables of the fourth migration: watches and their runs, alerts of every kind, snoozes, digests, channels.

An alert of the third migration was about a picture; it keeps its id and everything that was decided about it.
"""

from __future__ import annotations

WATCH_TABLES = """
CREATE TABLE watches (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    private INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    label TEXT NOT NULL,
    schedule TEXT NOT NULL,
    zone TEXT NOT NULL,
    quiet TEXT NOT NULL,
    bypass INTEGER NOT NULL,
    budget INTEGER,
    owner TEXT NOT NULL,
    reason TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    state TEXT NOT NULL,
    since TEXT NOT NULL,
    next_due TEXT
);
CREATE INDEX watches_due ON watches (state, next_due);
CREATE INDEX watches_of_channel ON watches (workspace, channel);
CREATE TABLE watch_sources (
    watch_id TEXT NOT NULL REFERENCES watches (id),
    position INTEGER NOT NULL,
    source TEXT NOT NULL,
    cursor TEXT,
    last_ok TEXT,
    failing_since TEXT,
    failures INTEGER NOT NULL,
    not_before TEXT,
    problem TEXT NOT NULL,
    PRIMARY KEY (watch_id, source)
);
CREATE TABLE watch_runs (
    watch_id TEXT NOT NULL,
    due_at TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    state TEXT NOT NULL,
    owner TEXT NOT NULL,
    late INTEGER NOT NULL,
    missed INTEGER NOT NULL,
    begun_at TEXT NOT NULL,
    ended_at TEXT,
    posts INTEGER NOT NULL,
    fresh INTEGER NOT NULL,
    alerts INTEGER NOT NULL,
    problem TEXT NOT NULL,
    PRIMARY KEY (watch_id, due_at)
);
CREATE INDEX watch_runs_by_state ON watch_runs (state, begun_at);
CREATE INDEX watch_runs_by_begin ON watch_runs (watch_id, begun_at);
CREATE INDEX watch_runs_by_end ON watch_runs (ended_at);
CREATE INDEX watch_runs_by_due ON watch_runs (due_at);
CREATE TABLE watch_costs (
    watch_id TEXT NOT NULL,
    day TEXT NOT NULL,
    posts INTEGER NOT NULL,
    PRIMARY KEY (watch_id, day)
);
CREATE TABLE channel_settings (
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    blur INTEGER NOT NULL,
    PRIMARY KEY (workspace, channel)
);
CREATE TABLE workspace_settings (
    workspace TEXT PRIMARY KEY,
    paused_by TEXT NOT NULL,
    paused_at TEXT,
    duty_group TEXT NOT NULL,
    escalate_after INTEGER,
    duty_since TEXT
);
CREATE TABLE snoozes (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    scope TEXT NOT NULL,
    subject TEXT NOT NULL,
    label TEXT NOT NULL,
    until TEXT NOT NULL,
    actor TEXT NOT NULL,
    at TEXT NOT NULL,
    ended_at TEXT
);
CREATE INDEX snoozes_running ON snoozes (ended_at, until);
CREATE TABLE rolls (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    scope TEXT NOT NULL,
    why TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    last_at TEXT NOT NULL
);
CREATE INDEX rolls_of_scope ON rolls (workspace, channel, scope, last_at);
CREATE TABLE news (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    ref TEXT NOT NULL,
    at TEXT NOT NULL,
    UNIQUE (kind, ref)
);
CREATE TABLE digest_plans (
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    schedule TEXT NOT NULL,
    zone TEXT NOT NULL,
    sections TEXT NOT NULL,
    silent INTEGER NOT NULL,
    owner TEXT NOT NULL,
    since TEXT NOT NULL,
    next_due TEXT,
    planned_at TEXT NOT NULL,
    upto INTEGER NOT NULL,
    upto_at TEXT NOT NULL,
    PRIMARY KEY (workspace, channel)
);
CREATE INDEX digest_plans_due ON digest_plans (next_due);
CREATE INDEX digest_plans_planned ON digest_plans (planned_at);
CREATE TABLE digest_runs (
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    due_at TEXT NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    since_at TEXT NOT NULL,
    late INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (workspace, channel, due_at)
);
CREATE TABLE new_alerts (
    id TEXT PRIMARY KEY,
    seq INTEGER NOT NULL UNIQUE,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    case_key TEXT NOT NULL,
    root TEXT NOT NULL,
    roll TEXT NOT NULL,
    watch_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    author TEXT NOT NULL,
    pair TEXT NOT NULL,
    post_id TEXT REFERENCES posts (id),
    image_sha256 TEXT,
    match_sha256 TEXT,
    match_post_id TEXT,
    raised_at TEXT NOT NULL,
    evidence_at TEXT NOT NULL,
    late INTEGER NOT NULL,
    state TEXT NOT NULL,
    assignee TEXT NOT NULL,
    snooze TEXT NOT NULL,
    escalated_at TEXT
);
INSERT INTO new_alerts
    SELECT id, (SELECT count(*) FROM alerts earlier WHERE (earlier.raised_at, earlier.id) <= (a.raised_at, a.id)),
        workspace, channel, kind, 'picture/' || post_id || '/' || image_sha256, 'picture/' || match_sha256,
        '', '', '', '', '', pair, post_id, image_sha256, match_sha256, match_post_id, raised_at, raised_at,
        0, state, '', '', NULL
    FROM alerts a;
CREATE TABLE new_triage (
    alert_id TEXT NOT NULL REFERENCES new_alerts (id),
    step INTEGER NOT NULL,
    act TEXT NOT NULL,
    state TEXT NOT NULL,
    assignee TEXT NOT NULL,
    actor TEXT NOT NULL,
    at TEXT NOT NULL,
    reason TEXT NOT NULL,
    until TEXT NOT NULL,
    PRIMARY KEY (alert_id, step)
);
INSERT INTO new_triage
    SELECT alert_id, step, CASE state WHEN 'open' THEN 'undo' WHEN 'dismissed' THEN 'dismiss' ELSE 'acknowledge' END,
        state, '', actor, at, reason, ''
    FROM triage;
DROP TABLE triage;
DROP TABLE alerts;
ALTER TABLE new_alerts RENAME TO alerts;
ALTER TABLE new_triage RENAME TO triage;
CREATE INDEX alerts_of_channel ON alerts (workspace, channel, raised_at);
CREATE INDEX alerts_of_pair ON alerts (workspace, pair, state);
CREATE INDEX alerts_of_subject ON alerts (workspace, channel, subject, evidence_at);
CREATE INDEX alerts_of_case ON alerts (workspace, channel, case_key, raised_at);
CREATE INDEX alerts_of_person ON alerts (workspace, channel, person_id, evidence_at);
CREATE INDEX alerts_of_roll ON alerts (roll);
CREATE INDEX alerts_of_root ON alerts (root);
CREATE INDEX alerts_of_post ON alerts (post_id);
CREATE INDEX alerts_of_watch ON alerts (watch_id, raised_at);
CREATE INDEX alerts_unattended ON alerts (workspace, state, escalated_at, raised_at);
CREATE INDEX alerts_open ON alerts (state, raised_at);
CREATE TABLE alert_evidence (
    alert_id TEXT NOT NULL REFERENCES alerts (id),
    ref TEXT NOT NULL,
    post_id TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (alert_id, ref)
);
CREATE INDEX alert_evidence_of_post ON alert_evidence (post_id);
CREATE INDEX traced_of_post ON traced (post_id);
ALTER TABLE traced ADD COLUMN audience TEXT NOT NULL DEFAULT 'everyone';
ALTER TABLE traced ADD COLUMN message TEXT NOT NULL DEFAULT '';
ALTER TABLE traced ADD COLUMN earliest TEXT NOT NULL DEFAULT '';
INSERT INTO counters (name, value) SELECT 'news', count(*) FROM alerts;
INSERT INTO news (seq, kind, ref, at) SELECT seq, 'alert', id, raised_at FROM alerts;
INSERT INTO counters (name, value) VALUES ('watches', 0);
"""
