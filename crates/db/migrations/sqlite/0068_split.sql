-- Which incident was made of parts of which. The parts themselves say nothing of it: they stand in one
-- incident, and go back by a merge.
CREATE TABLE incident_split (
    target  BLOB    NOT NULL PRIMARY KEY REFERENCES incident (id) ON DELETE CASCADE,
    source  BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    by_whom TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    reason  TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX incident_split_source ON incident_split (source, at);
