CREATE TABLE access_user (
    id            BLOB    NOT NULL PRIMARY KEY,
    name          TEXT    NOT NULL UNIQUE,
    display       TEXT    NOT NULL,
    roles         TEXT    NOT NULL,
    status        TEXT    NOT NULL CHECK (status IN ('active', 'disabled')),
    language      TEXT    NOT NULL,
    password      TEXT,
    reset_sha256  BLOB,
    reset_expires INTEGER,
    version       INTEGER NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE access_session (
    id           BLOB    NOT NULL PRIMARY KEY,
    token_sha256 BLOB    NOT NULL UNIQUE,
    user_id      BLOB    NOT NULL REFERENCES access_user (id),
    exercise     INTEGER NOT NULL,
    language     TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    used_at      INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT;

CREATE INDEX access_session_of ON access_session (user_id);
CREATE INDEX access_session_end ON access_session (expires_at);

CREATE TABLE access_key (
    id            BLOB    NOT NULL PRIMARY KEY,
    user_id       BLOB    NOT NULL REFERENCES access_user (id),
    label         TEXT    NOT NULL,
    prefix        TEXT    NOT NULL UNIQUE,
    secret_sha256 BLOB    NOT NULL,
    scopes        TEXT    NOT NULL,
    exercise      INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    last_used_at  INTEGER,
    revoked_at    INTEGER
) STRICT;

CREATE INDEX access_key_of ON access_key (user_id);

CREATE TABLE access_attempt (
    subject     TEXT    NOT NULL PRIMARY KEY,
    attempts    INTEGER NOT NULL,
    window_from INTEGER NOT NULL
) STRICT;

CREATE INDEX access_attempt_age ON access_attempt (window_from);
