-- Which incident was merged into which, and what went over, so that it can be taken back: `moved` is
-- JSON that only the program reads.
CREATE TABLE incident_merge (
    source  BLOB    NOT NULL PRIMARY KEY REFERENCES incident (id) ON DELETE CASCADE,
    target  BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    by_whom TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    reason  TEXT    NOT NULL,
    moved   TEXT    NOT NULL,
    UNIQUE (target, ordinal)
) STRICT, WITHOUT ROWID;
