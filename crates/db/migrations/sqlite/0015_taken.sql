CREATE TABLE incident_taken (
    incident BLOB    NOT NULL PRIMARY KEY REFERENCES incident (id) ON DELETE CASCADE,
    sha256   BLOB    NOT NULL,
    version  INTEGER NOT NULL,
    kept     TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_unread (
    sha256   BLOB    NOT NULL PRIMARY KEY,
    exercise INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    tlp      INTEGER NOT NULL CHECK (tlp BETWEEN 0 AND 4),
    line     TEXT    NOT NULL,
    kept_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
