CREATE TABLE job (
    id          BLOB    NOT NULL PRIMARY KEY,
    kind        TEXT    NOT NULL,
    payload     TEXT    NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('waiting', 'running', 'dead')),
    attempts    INTEGER NOT NULL,
    run_at      INTEGER NOT NULL,
    lease_until INTEGER,
    created_at  INTEGER NOT NULL,
    last_error  TEXT
) STRICT;

CREATE INDEX job_due ON job (state, run_at);

CREATE TABLE search_token (
    area  INTEGER NOT NULL,
    token TEXT    NOT NULL,
    rank  INTEGER NOT NULL,
    id    BLOB    NOT NULL,
    PRIMARY KEY (area, token, rank, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX search_token_of ON search_token (area, id);

CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
