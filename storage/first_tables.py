"""The tables of the first three migrations, as they were first made; later files change them."""

from __future__ import annotations

FIRST_TABLES = """
CREATE TABLE texts (
    seq INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    text BLOB NOT NULL,
    fold TEXT NOT NULL
);
CREATE TABLE posts (
    id TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    native_id TEXT,
    url TEXT,
    author TEXT,
    author_name TEXT,
    publisher TEXT,
    posted_at TEXT,
    posted_at_basis TEXT NOT NULL,
    utc_offset INTEGER,
    text_sha256 TEXT NOT NULL REFERENCES texts (sha256),
    lang TEXT,
    status TEXT NOT NULL,
    status_reason TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    sort_at TEXT NOT NULL
);
CREATE INDEX posts_newest ON posts (sort_at, id);
CREATE TABLE captures (
    id TEXT PRIMARY KEY,
    post_id TEXT NOT NULL REFERENCES posts (id),
    sha256 TEXT NOT NULL,
    media_type TEXT NOT NULL,
    captured_at TEXT NOT NULL,
    route TEXT NOT NULL,
    source_url TEXT,
    text_sha256 TEXT NOT NULL REFERENCES texts (sha256)
);
CREATE INDEX captures_of_post ON captures (post_id, captured_at, id);
CREATE INDEX captures_of_text ON captures (text_sha256, post_id);
CREATE TABLE readings (
    post_id TEXT NOT NULL REFERENCES posts (id),
    text_sha256 TEXT NOT NULL REFERENCES texts (sha256),
    capture_id TEXT NOT NULL REFERENCES captures (id),
    read_with TEXT NOT NULL,
    PRIMARY KEY (post_id, text_sha256)
);
CREATE INDEX readings_by_version ON readings (read_with);
CREATE TABLE grants (
    post_id TEXT NOT NULL REFERENCES posts (id),
    workspace TEXT NOT NULL,
    audience TEXT NOT NULL,
    PRIMARY KEY (post_id, workspace, audience)
);
CREATE TABLE images (
    sha256 TEXT PRIMARY KEY,
    seq INTEGER NOT NULL UNIQUE,
    media_type TEXT NOT NULL,
    byte_size INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    usable INTEGER NOT NULL,
    why_not TEXT,
    phash BLOB,
    fingerprint_version TEXT NOT NULL,
    first_seen_at TEXT NOT NULL
);
CREATE TABLE appearances (
    id TEXT PRIMARY KEY,
    image_sha256 TEXT NOT NULL REFERENCES images (sha256),
    post_id TEXT NOT NULL REFERENCES posts (id),
    capture_id TEXT NOT NULL REFERENCES captures (id),
    position INTEGER NOT NULL,
    caption TEXT NOT NULL,
    source_url TEXT
);
CREATE INDEX appearances_of_image ON appearances (image_sha256, post_id);
CREATE INDEX appearances_of_post ON appearances (post_id, position);
CREATE TABLE reuses (
    query_sha256 TEXT NOT NULL REFERENCES images (sha256),
    match_sha256 TEXT NOT NULL REFERENCES images (sha256),
    relation TEXT NOT NULL,
    transform TEXT NOT NULL,
    region_query TEXT NOT NULL,
    region_match TEXT NOT NULL,
    score REAL NOT NULL,
    threshold REAL NOT NULL,
    certainty TEXT NOT NULL,
    version TEXT NOT NULL,
    PRIMARY KEY (query_sha256, match_sha256)
);
CREATE INDEX reuses_of_match ON reuses (match_sha256);
CREATE TABLE persons (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL
);
CREATE TABLE person_names (
    person_id TEXT NOT NULL REFERENCES persons (id),
    name TEXT NOT NULL,
    fold TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (person_id, name)
);
CREATE INDEX person_names_by_fold ON person_names (fold);
CREATE TABLE sightings (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL,
    person_name TEXT NOT NULL,
    post_id TEXT NOT NULL REFERENCES posts (id),
    capture_id TEXT NOT NULL REFERENCES captures (id),
    place_key TEXT NOT NULL,
    place_name TEXT NOT NULL,
    place_country TEXT,
    place_province TEXT,
    place_lat REAL,
    place_lon REAL,
    place_precision TEXT NOT NULL,
    stance TEXT NOT NULL,
    speaker_name TEXT NOT NULL,
    speaker_kind TEXT NOT NULL,
    time_start TEXT,
    time_end TEXT,
    time_precision TEXT NOT NULL,
    time_basis TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    end_at INTEGER NOT NULL,
    spans TEXT NOT NULL,
    rule TEXT NOT NULL,
    score REAL NOT NULL,
    matched_as TEXT NOT NULL,
    note TEXT NOT NULL,
    sort_at TEXT NOT NULL,
    posted_at TEXT NOT NULL
);
CREATE INDEX sightings_of_person ON sightings (person_id, sort_at, posted_at, id);
CREATE INDEX sightings_of_post ON sightings (post_id, start_at);
CREATE TABLE conflicts (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    why TEXT NOT NULL,
    image_sha256 TEXT
);
CREATE INDEX conflicts_of_image ON conflicts (image_sha256);
CREATE TABLE conflict_posts (
    conflict_id TEXT NOT NULL REFERENCES conflicts (id),
    post_id TEXT NOT NULL REFERENCES posts (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (conflict_id, post_id)
);
CREATE INDEX conflict_posts_by_post ON conflict_posts (post_id);
CREATE TABLE conflict_sightings (
    conflict_id TEXT NOT NULL REFERENCES conflicts (id),
    sighting_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (conflict_id, sighting_id)
);
CREATE TABLE custody (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX custody_of_subject ON custody (subject, action);
CREATE TABLE custody_head (
    name TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL
);
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
);
INSERT INTO counters (name, value) VALUES ('images', 0);
INSERT INTO counters (name, value) VALUES ('people', 0);
"""

GAPS = """
CREATE TABLE gaps (
    post_id TEXT NOT NULL REFERENCES posts (id),
    position INTEGER NOT NULL,
    url TEXT,
    why TEXT NOT NULL,
    PRIMARY KEY (post_id, position)
);
"""

DESK_TABLES = """
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    until TEXT NOT NULL
);
CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    verb TEXT NOT NULL,
    request TEXT NOT NULL,
    requester TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    owner TEXT NOT NULL,
    received_at TEXT NOT NULL,
    ended_at TEXT
);
CREATE INDEX jobs_by_state ON jobs (state, received_at, id);
CREATE INDEX jobs_of_requester ON jobs (requester, received_at, id);
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    lane INTEGER NOT NULL,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    target TEXT NOT NULL,
    root TEXT REFERENCES outbox (id),
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    owner TEXT NOT NULL,
    due_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    seq INTEGER NOT NULL UNIQUE,
    tries INTEGER NOT NULL,
    ts TEXT,
    problem TEXT NOT NULL
);
CREATE INDEX outbox_next ON outbox (state, workspace, channel, lane, seq);
CREATE TABLE pacing (
    channel TEXT PRIMARY KEY,
    free_at TEXT NOT NULL
);
CREATE TABLE subscriptions (
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    actor TEXT NOT NULL,
    since TEXT NOT NULL,
    PRIMARY KEY (workspace, channel)
);
CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    pair TEXT NOT NULL,
    post_id TEXT NOT NULL REFERENCES posts (id),
    image_sha256 TEXT NOT NULL REFERENCES images (sha256),
    match_sha256 TEXT NOT NULL REFERENCES images (sha256),
    match_post_id TEXT NOT NULL REFERENCES posts (id),
    raised_at TEXT NOT NULL,
    state TEXT NOT NULL
);
CREATE TABLE triage (
    alert_id TEXT NOT NULL REFERENCES alerts (id),
    step INTEGER NOT NULL,
    state TEXT NOT NULL,
    actor TEXT NOT NULL,
    at TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (alert_id, step)
);
CREATE INDEX alerts_of_channel ON alerts (workspace, channel, raised_at);
CREATE INDEX alerts_of_pair ON alerts (workspace, pair, state);
CREATE TABLE traced (
    workspace TEXT NOT NULL,
    user_id TEXT NOT NULL,
    post_id TEXT NOT NULL REFERENCES posts (id),
    at TEXT NOT NULL,
    PRIMARY KEY (workspace, user_id, post_id)
);
INSERT INTO counters (name, value) VALUES ('outbox', 0);
"""
