-- Servers of other makers with which a collection is exchanged. `label` is what comes unmarked is
-- marked with, or the strictest that goes out. `credentials` is sealed under the node's data key.
-- `running` is the run that may write `state`, until `claimed_until`.
CREATE TABLE intel_remote (
    id            BLOB NOT NULL PRIMARY KEY,
    exercise      INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    kind          TEXT NOT NULL,
    direction     TEXT NOT NULL,
    name          TEXT NOT NULL,
    address       TEXT NOT NULL,
    slot          INTEGER NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    selection     TEXT NOT NULL,
    label         INTEGER NOT NULL CHECK (label BETWEEN 0 AND 4),
    every_s       INTEGER NOT NULL,
    enabled       INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    authority     TEXT,
    scheme        TEXT NOT NULL,
    credentials   BLOB,
    state         TEXT NOT NULL,
    failures      INTEGER NOT NULL,
    due_at        INTEGER NOT NULL,
    running       BLOB,
    claimed_until INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    UNIQUE (exercise, name)
) STRICT;
CREATE INDEX intel_remote_slot ON intel_remote (slot);

CREATE TABLE intel_remote_run (
    id         BLOB NOT NULL PRIMARY KEY,
    remote     BLOB NOT NULL REFERENCES intel_remote (id) ON DELETE CASCADE,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    outcome    TEXT NOT NULL,
    code       TEXT,
    detail     TEXT,
    received   INTEGER NOT NULL,
    added      INTEGER NOT NULL,
    known      INTEGER NOT NULL,
    sent       INTEGER NOT NULL,
    refused    INTEGER NOT NULL,
    withdrawn  INTEGER NOT NULL,
    noted      INTEGER NOT NULL
) STRICT;
CREATE INDEX intel_remote_run_order ON intel_remote_run (remote, started_at, id);

-- What a run tells one by one: the first so many; `noted` counts all.
CREATE TABLE intel_remote_note (
    run     BLOB NOT NULL REFERENCES intel_remote_run (id) ON DELETE CASCADE,
    number  INTEGER NOT NULL,
    what    TEXT NOT NULL,
    subject TEXT NOT NULL,
    code    TEXT NOT NULL,
    detail  TEXT NOT NULL,
    PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;
