-- Cross-walks that were imported; those that ship with the program are not here.
CREATE TABLE crosswalk (
    number       INTEGER NOT NULL PRIMARY KEY,
    name         TEXT    NOT NULL,
    version      TEXT    NOT NULL,
    from_name    TEXT    NOT NULL,
    from_version TEXT,
    to_name      TEXT    NOT NULL,
    to_version   TEXT,
    source       TEXT,
    licence      TEXT,
    entries      INTEGER NOT NULL,
    imported_by  TEXT    NOT NULL,
    imported_at  INTEGER NOT NULL,
    UNIQUE (name, version)
) STRICT;

CREATE TABLE crosswalk_row (
    crosswalk INTEGER NOT NULL REFERENCES crosswalk (number) ON DELETE CASCADE,
    from_code TEXT    NOT NULL,
    to_code   TEXT    NOT NULL,
    relation  TEXT    NOT NULL,
    note      TEXT,
    PRIMARY KEY (crosswalk, from_code, to_code)
) STRICT, WITHOUT ROWID;
