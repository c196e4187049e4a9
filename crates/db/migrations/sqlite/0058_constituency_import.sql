CREATE TABLE constituency_import (
    number       INTEGER NOT NULL PRIMARY KEY,
    id           BLOB    NOT NULL UNIQUE,
    exercise     INTEGER NOT NULL,
    source       TEXT    NOT NULL,
    form         TEXT    NOT NULL,
    delimiter    INTEGER NOT NULL,
    columns      TEXT    NOT NULL,
    organisation TEXT    NOT NULL,
    stage        TEXT    NOT NULL,
    bytes        INTEGER NOT NULL,
    place        INTEGER NOT NULL,
    line         INTEGER NOT NULL,
    taken        INTEGER NOT NULL,
    changed      INTEGER NOT NULL,
    unchanged    INTEGER NOT NULL,
    refused      INTEGER NOT NULL,
    by_whom      TEXT    NOT NULL,
    requested_at INTEGER NOT NULL,
    ended_at     INTEGER
) STRICT;

CREATE TABLE constituency_import_part (
    import INTEGER NOT NULL,
    part   INTEGER NOT NULL,
    bytes  BLOB    NOT NULL,
    PRIMARY KEY (import, part)
) STRICT;

CREATE TABLE constituency_refused (
    import INTEGER NOT NULL,
    line   INTEGER NOT NULL,
    field  TEXT    NOT NULL,
    reason TEXT    NOT NULL,
    PRIMARY KEY (import, line)
) STRICT, WITHOUT ROWID;
