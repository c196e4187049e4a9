-- What is known of a peer's ledger and of the traffic with it, in one mode.
CREATE TABLE peer (
    party        TEXT    NOT NULL,
    exercise     INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    standing     TEXT    NOT NULL,
    head         TEXT,
    holdings     TEXT    NOT NULL,
    heard_at     INTEGER,
    failed_at    INTEGER,
    failure      TEXT,
    PRIMARY KEY (party, exercise)
) STRICT;

CREATE TABLE outbox (
    id        BLOB    NOT NULL PRIMARY KEY,
    party     TEXT    NOT NULL,
    exercise  INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    code      TEXT    NOT NULL,
    outgoing  TEXT    NOT NULL,
    envelope  BLOB    NOT NULL,
    queued_at INTEGER NOT NULL,
    sent_leaf INTEGER
) STRICT;

CREATE INDEX outbox_peer ON outbox (party, exercise, id);
CREATE INDEX outbox_code ON outbox (code, queued_at);

CREATE TABLE inbox (
    party       TEXT    NOT NULL,
    exercise    INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    id          BLOB    NOT NULL,
    code        TEXT    NOT NULL,
    incoming    TEXT    NOT NULL,
    envelope    BLOB,
    arrived_at  INTEGER NOT NULL,
    leaf        INTEGER,
    PRIMARY KEY (party, exercise, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX inbox_code ON inbox (code, arrived_at);
CREATE INDEX inbox_id ON inbox (id);

-- Receipts that peers gave us.
CREATE TABLE receipt (
    id      BLOB    NOT NULL PRIMARY KEY,
    grade   TEXT    NOT NULL CHECK (grade IN ('own', 'witnessed')),
    receipt TEXT    NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

-- Files that messages name and that are yet to come, and from whom.
CREATE TABLE wanted_file (
    party    TEXT    NOT NULL,
    sha256   BLOB    NOT NULL,
    size     INTEGER NOT NULL,
    PRIMARY KEY (party, sha256)
) STRICT, WITHOUT ROWID;

CREATE TABLE gap (
    party    TEXT    NOT NULL,
    exercise INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    id       BLOB    NOT NULL,
    gap      TEXT    NOT NULL,
    since    INTEGER NOT NULL,
    PRIMARY KEY (party, exercise, id)
) STRICT, WITHOUT ROWID;

-- What a duty officer has to know about peers, until somebody says that he does.
CREATE TABLE alarm (
    id       BLOB    NOT NULL PRIMARY KEY,
    party    TEXT    NOT NULL,
    exercise INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    at       INTEGER NOT NULL,
    code     TEXT    NOT NULL,
    message  BLOB,
    detail   TEXT    NOT NULL,
    seen_at  INTEGER,
    seen_by  TEXT
) STRICT;

CREATE INDEX alarm_open ON alarm (exercise, seen_at, at);

-- What is kept for a third party to judge.
CREATE TABLE evidence (
    id       BLOB    NOT NULL PRIMARY KEY,
    party    TEXT    NOT NULL,
    exercise INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    at       INTEGER NOT NULL,
    code     TEXT    NOT NULL,
    detail   TEXT    NOT NULL,
    held     BLOB,
    shown    BLOB
) STRICT;

CREATE INDEX evidence_peer ON evidence (party, exercise, at);

-- The newest signed checkpoint that a peer showed us, as its note.
CREATE TABLE peer_checkpoint (
    party    TEXT    NOT NULL,
    exercise INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    size     INTEGER NOT NULL,
    root     BLOB    NOT NULL,
    note     TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (party, exercise, size, root)
) STRICT, WITHOUT ROWID;
