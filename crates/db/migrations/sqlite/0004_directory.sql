CREATE TABLE directory_party (
    id          BLOB    NOT NULL PRIMARY KEY,
    code        TEXT    NOT NULL,
    exercise    INTEGER NOT NULL,
    own         INTEGER NOT NULL,
    title       TEXT    NOT NULL,
    trust       TEXT    NOT NULL CHECK (trust IN ('trusted', 'frozen', 'removed')),
    trust_at    INTEGER NOT NULL,
    fingerprint BLOB    NOT NULL,
    federation  TEXT,
    web         TEXT,
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    UNIQUE (code, exercise)
) STRICT;

CREATE TABLE directory_key_set (
    party       BLOB    NOT NULL REFERENCES directory_party (id),
    fingerprint BLOB    NOT NULL,
    seq         INTEGER NOT NULL,
    document    BLOB    NOT NULL,
    accepted_at INTEGER NOT NULL,
    PRIMARY KEY (party, fingerprint, seq)
) STRICT;

CREATE TABLE directory_contact (
    id          BLOB    NOT NULL PRIMARY KEY,
    party       BLOB    NOT NULL REFERENCES directory_party (id),
    kind        TEXT    NOT NULL CHECK (kind IN ('diplomatic', 'technical')),
    standing    TEXT    NOT NULL CHECK (standing IN ('active', 'stale', 'suspended', 'removed')),
    profile     TEXT    NOT NULL,
    reach       BLOB,
    verified_at INTEGER,
    verified_by TEXT,
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX directory_contact_of ON directory_contact (party, created_at, id);
