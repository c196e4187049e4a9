CREATE TABLE job (
    id          UUID   NOT NULL PRIMARY KEY,
    kind        TEXT   COLLATE "C" NOT NULL,
    payload     TEXT   NOT NULL,
    state       TEXT   COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'running', 'dead')),
    attempts    BIGINT NOT NULL,
    run_at      BIGINT NOT NULL,
    lease_until BIGINT,
    created_at  BIGINT NOT NULL,
    last_error  TEXT
);

CREATE INDEX job_due ON job (state, run_at);

CREATE TABLE search_token (
    area  BIGINT NOT NULL,
    token TEXT   COLLATE "C" NOT NULL,
    rank  BIGINT NOT NULL,
    id    UUID   NOT NULL,
    PRIMARY KEY (area, token, rank, id)
);

CREATE INDEX search_token_of ON search_token (area, id);

CREATE TABLE setting (
    name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
