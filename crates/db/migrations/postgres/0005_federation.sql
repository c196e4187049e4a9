-- What is known of a peer's ledger and of the traffic with it, in one mode.
CREATE TABLE peer (
    party        TEXT COLLATE "C"    NOT NULL,
    exercise     BOOLEAN NOT NULL,
    standing     TEXT    NOT NULL,
    head         TEXT,
    holdings     TEXT    NOT NULL,
    heard_at     BIGINT,
    failed_at    BIGINT,
    failure      TEXT,
    PRIMARY KEY (party, exercise)
);

CREATE TABLE outbox (
    id        UUID    NOT NULL PRIMARY KEY,
    party     TEXT COLLATE "C"    NOT NULL,
    exercise  BOOLEAN NOT NULL,
    code      TEXT COLLATE "C"    NOT NULL,
    outgoing  TEXT    NOT NULL,
    envelope  BYTEA    NOT NULL,
    queued_at BIGINT NOT NULL,
    sent_leaf BIGINT
);

CREATE INDEX outbox_peer ON outbox (party, exercise, id);
CREATE INDEX outbox_code ON outbox (code, queued_at);

CREATE TABLE inbox (
    party       TEXT COLLATE "C"    NOT NULL,
    exercise    BOOLEAN NOT NULL,
    id          UUID    NOT NULL,
    code        TEXT COLLATE "C"    NOT NULL,
    incoming    TEXT    NOT NULL,
    envelope    BYTEA,
    arrived_at  BIGINT NOT NULL,
    leaf        BIGINT,
    PRIMARY KEY (party, exercise, id)
);

CREATE INDEX inbox_code ON inbox (code, arrived_at);
CREATE INDEX inbox_id ON inbox (id);

-- Receipts that peers gave us.
CREATE TABLE receipt (
    id      UUID    NOT NULL PRIMARY KEY,
    grade   TEXT COLLATE "C"    NOT NULL CHECK (grade IN ('own', 'witnessed')),
    receipt TEXT    NOT NULL,
    at      BIGINT NOT NULL
);

-- Files that messages name and that are yet to come, and from whom.
CREATE TABLE wanted_file (
    party    TEXT COLLATE "C"    NOT NULL,
    sha256   BYTEA    NOT NULL,
    size     BIGINT NOT NULL,
    PRIMARY KEY (party, sha256)
);

CREATE TABLE gap (
    party    TEXT COLLATE "C"    NOT NULL,
    exercise BOOLEAN NOT NULL,
    id       UUID    NOT NULL,
    gap      TEXT COLLATE "C"    NOT NULL,
    since    BIGINT NOT NULL,
    PRIMARY KEY (party, exercise, id)
);

-- What a duty officer has to know about peers, until somebody says that he does.
CREATE TABLE alarm (
    id       UUID    NOT NULL PRIMARY KEY,
    party    TEXT COLLATE "C"    NOT NULL,
    exercise BOOLEAN NOT NULL,
    at       BIGINT NOT NULL,
    code     TEXT COLLATE "C"    NOT NULL,
    message  UUID,
    detail   TEXT    NOT NULL,
    seen_at  BIGINT,
    seen_by  TEXT
);

CREATE INDEX alarm_open ON alarm (exercise, seen_at, at);

-- What is kept for a third party to judge.
CREATE TABLE evidence (
    id       UUID    NOT NULL PRIMARY KEY,
    party    TEXT COLLATE "C"    NOT NULL,
    exercise BOOLEAN NOT NULL,
    at       BIGINT NOT NULL,
    code     TEXT COLLATE "C"    NOT NULL,
    detail   TEXT    NOT NULL,
    held     BYTEA,
    shown    BYTEA
);

CREATE INDEX evidence_peer ON evidence (party, exercise, at);

-- The newest signed checkpoint that a peer showed us, as its note.
CREATE TABLE peer_checkpoint (
    party    TEXT COLLATE "C"    NOT NULL,
    exercise BOOLEAN NOT NULL,
    size     BIGINT NOT NULL,
    root     BYTEA    NOT NULL,
    note     TEXT    NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (party, exercise, size, root)
);
