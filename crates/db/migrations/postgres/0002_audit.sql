-- A leaf's id is its ledger's number, shifted left by 40 bits, plus its index.
CREATE TABLE ledger_leaf (
    id      BIGINT  NOT NULL PRIMARY KEY,
    act     BIGINT  NOT NULL,
    at      BIGINT  NOT NULL,
    subject BYTEA   NOT NULL,
    sha256  BYTEA,
    salt    BYTEA,
    entry   BYTEA
);

-- Hashes and random bytes do not compress, and would only be tried.
ALTER TABLE ledger_leaf ALTER COLUMN subject SET STORAGE PLAIN;
ALTER TABLE ledger_leaf ALTER COLUMN sha256 SET STORAGE PLAIN;
ALTER TABLE ledger_leaf ALTER COLUMN salt SET STORAGE PLAIN;

-- The codes of local acts, by the number under which leaves name them.
CREATE TABLE ledger_act (
    id   BIGINT NOT NULL PRIMARY KEY,
    code TEXT   COLLATE "C" NOT NULL
);

-- Hashes of every fourth level of the tree above the leaves; all others follow from them.
CREATE TABLE ledger_node (
    log   BIGINT NOT NULL,
    level BIGINT NOT NULL,
    idx   BIGINT NOT NULL,
    hash  BYTEA  NOT NULL,
    PRIMARY KEY (log, level, idx)
);

-- How far the tree has been built, and its right edge.
CREATE TABLE ledger_head (
    log      BIGINT NOT NULL PRIMARY KEY,
    frontier BYTEA  NOT NULL
);

INSERT INTO ledger_head (log, frontier)
VALUES (0, '\x0000000000000000'), (1, '\x0000000000000000'), (2, '\x0000000000000000');

-- The id of the next leaf, with all others kept from asking until the transaction ends. Who appends
-- a single leaf does not ask: he tries the id that he sees, and comes here when he was late. The
-- lock is one of memory alone; looking after it, in a statement of its own, sees what the holder
-- before committed.
CREATE FUNCTION ledger_next(number BIGINT) RETURNS BIGINT LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock('ledger_head'::regclass::oid::int, number::int);
    RETURN coalesce(
        (SELECT max(id) + 1 FROM ledger_leaf
            WHERE id >= number << 40 AND id < (number + 1) << 40),
        number << 40);
END
$$;

-- What was signed, and the right edge of its tree, so that proofs need not read there.
CREATE TABLE ledger_checkpoint (
    log  BIGINT NOT NULL,
    size BIGINT NOT NULL,
    at   BIGINT NOT NULL,
    note TEXT   NOT NULL,
    edge BYTEA  NOT NULL,
    PRIMARY KEY (log, size)
);

CREATE TABLE act (
    leaf     BIGINT  NOT NULL PRIMARY KEY,
    at       BIGINT  NOT NULL,
    who      TEXT    COLLATE "C" NOT NULL,
    code     TEXT    COLLATE "C" NOT NULL,
    subject  TEXT    COLLATE "C" NOT NULL,
    exercise BOOLEAN NOT NULL,
    body     TEXT
);

CREATE INDEX act_subject ON act (subject, leaf);

CREATE TABLE witnessed (
    origin    TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
    size      BIGINT NOT NULL,
    root      BYTEA  NOT NULL,
    note      TEXT   NOT NULL,
    seen_at   BIGINT NOT NULL,
    frozen_at BIGINT
);

CREATE TABLE witness_conflict (
    id     UUID   NOT NULL PRIMARY KEY,
    origin TEXT   COLLATE "C" NOT NULL,
    at     BIGINT NOT NULL,
    reason TEXT   COLLATE "C" NOT NULL,
    kept   TEXT   NOT NULL,
    shown  TEXT   NOT NULL
);

CREATE INDEX witness_conflict_origin ON witness_conflict (origin, id);
