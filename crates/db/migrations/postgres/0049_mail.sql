CREATE TABLE mail_place (
    place        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    uid_validity BIGINT NOT NULL,
    uid_last     BIGINT NOT NULL,
    visited_at   BIGINT NOT NULL,
    failure      TEXT COLLATE "C"
);

CREATE TABLE mail_item (
    id         UUID NOT NULL PRIMARY KEY,
    incoming   BOOLEAN NOT NULL,
    reference  TEXT COLLATE "C" NOT NULL,
    state      TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL,
    digest     BYTEA NOT NULL UNIQUE,
    message_id BYTEA,
    bytes      BIGINT NOT NULL,
    head       BYTEA NOT NULL,
    mail       BYTEA NOT NULL,
    by_whom    TEXT COLLATE "C",
    changed_at BIGINT NOT NULL
);

CREATE INDEX mail_item_reference ON mail_item (reference, id);
CREATE INDEX mail_item_message_id ON mail_item (message_id);
CREATE INDEX mail_item_incoming ON mail_item (incoming, id);

CREATE TABLE mail_thanks (
    reader BYTEA NOT NULL,
    day    BIGINT NOT NULL,
    PRIMARY KEY (day, reader)
);

CREATE TABLE mail_key (
    address     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    fingerprint TEXT COLLATE "C" NOT NULL,
    public_key  TEXT COLLATE "C" NOT NULL,
    secret_key  BYTEA NOT NULL,
    made_at     BIGINT NOT NULL
);

CREATE TABLE mail_sender (
    fingerprint TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    address     TEXT COLLATE "C" NOT NULL,
    public_key  TEXT COLLATE "C" NOT NULL,
    by_whom     TEXT COLLATE "C" NOT NULL,
    added_at    BIGINT NOT NULL
);
