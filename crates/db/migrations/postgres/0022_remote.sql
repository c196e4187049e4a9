-- Servers of other makers with which a collection is exchanged. `label` is what comes unmarked is
-- marked with, or the strictest that goes out. `credentials` is sealed under the node's data key.
-- `running` is the run that may write `state`, until `claimed_until`.
CREATE TABLE intel_remote (
    id            UUID NOT NULL PRIMARY KEY,
    exercise      BOOLEAN NOT NULL,
    kind          TEXT COLLATE "C" NOT NULL,
    direction     TEXT COLLATE "C" NOT NULL,
    name          TEXT COLLATE "C" NOT NULL,
    address       TEXT NOT NULL,
    slot          BIGINT NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    selection     TEXT NOT NULL,
    label         INTEGER NOT NULL CHECK (label BETWEEN 0 AND 4),
    every_s       BIGINT NOT NULL,
    enabled       BOOLEAN NOT NULL,
    authority     TEXT,
    scheme        TEXT COLLATE "C" NOT NULL,
    credentials   BYTEA,
    state         TEXT NOT NULL,
    failures      BIGINT NOT NULL,
    due_at        BIGINT NOT NULL,
    running       UUID,
    claimed_until BIGINT NOT NULL,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    UNIQUE (exercise, name)
);
CREATE INDEX intel_remote_slot ON intel_remote (slot);

CREATE TABLE intel_remote_run (
    id         UUID NOT NULL PRIMARY KEY,
    remote     UUID NOT NULL REFERENCES intel_remote (id) ON DELETE CASCADE,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT,
    outcome    TEXT COLLATE "C" NOT NULL,
    code       TEXT,
    detail     TEXT,
    received   BIGINT NOT NULL,
    added      BIGINT NOT NULL,
    known      BIGINT NOT NULL,
    sent       BIGINT NOT NULL,
    refused    BIGINT NOT NULL,
    withdrawn  BIGINT NOT NULL,
    noted      BIGINT NOT NULL
);
CREATE INDEX intel_remote_run_order ON intel_remote_run (remote, started_at, id);

-- What a run tells one by one: the first so many; `noted` counts all.
CREATE TABLE intel_remote_note (
    run     UUID NOT NULL REFERENCES intel_remote_run (id) ON DELETE CASCADE,
    number  BIGINT NOT NULL,
    what    TEXT NOT NULL,
    subject TEXT NOT NULL,
    code    TEXT NOT NULL,
    detail  TEXT NOT NULL,
    PRIMARY KEY (run, number)
);
