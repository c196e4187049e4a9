CREATE TABLE mail_place (
    place        TEXT    NOT NULL PRIMARY KEY,
    uid_validity INTEGER NOT NULL,
    uid_last     INTEGER NOT NULL,
    visited_at   INTEGER NOT NULL,
    failure      TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE mail_item (
    id         BLOB    NOT NULL PRIMARY KEY,
    incoming   INTEGER NOT NULL,
    reference  TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    digest     BLOB    NOT NULL UNIQUE,
    message_id BLOB,
    bytes      INTEGER NOT NULL,
    head       BLOB    NOT NULL,
    mail       BLOB    NOT NULL,
    by_whom    TEXT,
    changed_at INTEGER NOT NULL
) STRICT;

CREATE INDEX mail_item_reference ON mail_item (reference, id);
CREATE INDEX mail_item_message_id ON mail_item (message_id);
CREATE INDEX mail_item_incoming ON mail_item (incoming, id);

CREATE TABLE mail_thanks (
    reader BLOB    NOT NULL,
    day    INTEGER NOT NULL,
    PRIMARY KEY (day, reader)
) STRICT, WITHOUT ROWID;

CREATE TABLE mail_key (
    address     TEXT    NOT NULL PRIMARY KEY,
    fingerprint TEXT    NOT NULL,
    public_key  TEXT    NOT NULL,
    secret_key  BLOB    NOT NULL,
    made_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE mail_sender (
    fingerprint TEXT    NOT NULL PRIMARY KEY,
    address     TEXT    NOT NULL,
    public_key  TEXT    NOT NULL,
    by_whom     TEXT    NOT NULL,
    added_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
