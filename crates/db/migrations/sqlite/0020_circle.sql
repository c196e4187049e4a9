CREATE TABLE circle (
    id         BLOB    NOT NULL PRIMARY KEY,
    exercise   INTEGER NOT NULL,
    steward    TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX circle_of ON circle (exercise, created_at, id);

-- A version that came before the one that it follows is kept and not in force.
CREATE TABLE circle_version (
    circle     BLOB    NOT NULL,
    version    INTEGER NOT NULL,
    exercise   INTEGER NOT NULL,
    steward    TEXT    NOT NULL,
    sha256     BLOB    NOT NULL,
    envelope   BLOB    NOT NULL,
    in_force   INTEGER NOT NULL,
    arrived_at INTEGER NOT NULL,
    PRIMARY KEY (circle, version)
) STRICT;

-- Who has joined by the newest version; nobody once it is dissolved.
CREATE TABLE circle_member (
    circle BLOB NOT NULL REFERENCES circle (id),
    party  TEXT NOT NULL,
    PRIMARY KEY (circle, party)
) STRICT;

CREATE INDEX circle_member_of ON circle_member (party, circle);

CREATE TABLE circle_refused (
    circle     BLOB    NOT NULL,
    sha256     BLOB    NOT NULL,
    party      TEXT    NOT NULL,
    exercise   INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    code       TEXT    NOT NULL,
    envelope   BLOB    NOT NULL,
    refused_at INTEGER NOT NULL,
    PRIMARY KEY (circle, sha256, party)
) STRICT;

-- A steward's version on its way to one party; message is empty until its envelope is made.
CREATE TABLE circle_copy (
    circle  BLOB    NOT NULL REFERENCES circle (id),
    version INTEGER NOT NULL,
    party   TEXT    NOT NULL,
    message BLOB,
    PRIMARY KEY (circle, version, party)
) STRICT;

-- Parties that ask the steward to be let in.
CREATE TABLE circle_request (
    circle   BLOB    NOT NULL REFERENCES circle (id),
    party    TEXT    NOT NULL,
    asked_at INTEGER NOT NULL,
    PRIMARY KEY (circle, party)
) STRICT;

-- What this party last asked a steward for; message is empty until its envelope is made.
CREATE TABLE circle_asked (
    circle   BLOB    NOT NULL PRIMARY KEY,
    exercise INTEGER NOT NULL,
    steward  TEXT    NOT NULL,
    wish     TEXT    NOT NULL CHECK (wish IN ('join', 'leave')),
    version  INTEGER,
    message  BLOB,
    asked_at INTEGER NOT NULL
) STRICT;
