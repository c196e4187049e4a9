CREATE TABLE directory_party (
    id          UUID    NOT NULL PRIMARY KEY,
    code        TEXT    COLLATE "C" NOT NULL,
    exercise    BOOLEAN NOT NULL,
    own         BOOLEAN NOT NULL,
    title       TEXT    NOT NULL,
    trust       TEXT    COLLATE "C" NOT NULL CHECK (trust IN ('trusted', 'frozen', 'removed')),
    trust_at    BIGINT  NOT NULL,
    fingerprint BYTEA   NOT NULL,
    federation  TEXT,
    web         TEXT,
    version     BIGINT  NOT NULL,
    created_at  BIGINT  NOT NULL,
    UNIQUE (code, exercise)
);

CREATE TABLE directory_key_set (
    party       UUID   NOT NULL REFERENCES directory_party (id),
    fingerprint BYTEA  NOT NULL,
    seq         BIGINT NOT NULL,
    document    BYTEA  NOT NULL,
    accepted_at BIGINT NOT NULL,
    PRIMARY KEY (party, fingerprint, seq)
);

CREATE TABLE directory_contact (
    id          UUID   NOT NULL PRIMARY KEY,
    party       UUID   NOT NULL REFERENCES directory_party (id),
    kind        TEXT   COLLATE "C" NOT NULL CHECK (kind IN ('diplomatic', 'technical')),
    standing    TEXT   COLLATE "C" NOT NULL CHECK (standing IN ('active', 'stale', 'suspended', 'removed')),
    profile     TEXT   NOT NULL,
    reach       BYTEA,
    verified_at BIGINT,
    verified_by TEXT,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);

CREATE INDEX directory_contact_of ON directory_contact (party, created_at, id);
