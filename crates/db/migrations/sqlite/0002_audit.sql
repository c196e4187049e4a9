-- A leaf's id is its ledger's number, shifted left by 40 bits, plus its index: one key, which
-- SQLite keeps without an index of its own and fills page by page.
CREATE TABLE ledger_leaf (
    id      INTEGER PRIMARY KEY,
    act     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    subject BLOB    NOT NULL,
    sha256  BLOB,
    salt    BLOB,
    entry   BLOB
) STRICT;

-- The codes of local acts, by the number under which leaves name them.
CREATE TABLE ledger_act (
    id   INTEGER PRIMARY KEY,
    code TEXT    NOT NULL
) STRICT;

-- Hashes of every fourth level of the tree above the leaves; all others follow from them.
CREATE TABLE ledger_node (
    log   INTEGER NOT NULL,
    level INTEGER NOT NULL,
    idx   INTEGER NOT NULL,
    hash  BLOB    NOT NULL,
    PRIMARY KEY (log, level, idx)
) STRICT, WITHOUT ROWID;

-- How far the tree has been built, and its right edge.
CREATE TABLE ledger_head (
    log      INTEGER PRIMARY KEY,
    frontier BLOB    NOT NULL
) STRICT;

INSERT INTO ledger_head (log, frontier)
VALUES (0, x'0000000000000000'), (1, x'0000000000000000'), (2, x'0000000000000000');

-- What was signed, and the right edge of its tree, so that proofs need not read there.
CREATE TABLE ledger_checkpoint (
    log  INTEGER NOT NULL,
    size INTEGER NOT NULL,
    at   INTEGER NOT NULL,
    note TEXT    NOT NULL,
    edge BLOB    NOT NULL,
    PRIMARY KEY (log, size)
) STRICT, WITHOUT ROWID;

CREATE TABLE act (
    leaf     INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    who      TEXT    NOT NULL,
    code     TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    exercise INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    body     TEXT
) STRICT;

CREATE INDEX act_subject ON act (subject, leaf);

CREATE TABLE witnessed (
    origin    TEXT    NOT NULL PRIMARY KEY,
    size      INTEGER NOT NULL,
    root      BLOB    NOT NULL,
    note      TEXT    NOT NULL,
    seen_at   INTEGER NOT NULL,
    frozen_at INTEGER
) STRICT;

CREATE TABLE witness_conflict (
    id     BLOB    NOT NULL PRIMARY KEY,
    origin TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    reason TEXT    NOT NULL,
    kept   TEXT    NOT NULL,
    shown  TEXT    NOT NULL
) STRICT;

CREATE INDEX witness_conflict_origin ON witness_conflict (origin, id);
