CREATE TABLE access_user (
    id            UUID NOT NULL PRIMARY KEY,
    name          TEXT COLLATE "C" NOT NULL UNIQUE,
    display       TEXT COLLATE "C" NOT NULL,
    roles         TEXT COLLATE "C" NOT NULL,
    status        TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'disabled')),
    language      TEXT COLLATE "C" NOT NULL,
    password      TEXT COLLATE "C",
    reset_sha256  BYTEA,
    reset_expires BIGINT,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL
);

CREATE TABLE access_session (
    id            UUID NOT NULL PRIMARY KEY,
    token_sha256  BYTEA NOT NULL UNIQUE,
    user_id       UUID NOT NULL REFERENCES access_user (id),
    exercise      BOOLEAN NOT NULL,
    language      TEXT COLLATE "C" NOT NULL,
    created_at    BIGINT NOT NULL,
    used_at       BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL
);

CREATE INDEX access_session_of ON access_session (user_id);
CREATE INDEX access_session_end ON access_session (expires_at);

CREATE TABLE access_key (
    id            UUID NOT NULL PRIMARY KEY,
    user_id       UUID NOT NULL REFERENCES access_user (id),
    label         TEXT COLLATE "C" NOT NULL,
    prefix        TEXT COLLATE "C" NOT NULL UNIQUE,
    secret_sha256 BYTEA NOT NULL,
    scopes        TEXT COLLATE "C" NOT NULL,
    exercise      BOOLEAN NOT NULL,
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    last_used_at  BIGINT,
    revoked_at    BIGINT
);

CREATE INDEX access_key_of ON access_key (user_id);

CREATE TABLE access_attempt (
    subject       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    attempts      BIGINT NOT NULL,
    window_from   BIGINT NOT NULL
);

CREATE INDEX access_attempt_age ON access_attempt (window_from);
