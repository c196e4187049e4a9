-- That an authority asked for a report which is due only then: which one, when, who asked, until when it
-- asked for it, if it said so.
CREATE TABLE incident_request (
    incident   BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal    INTEGER NOT NULL,
    regime     TEXT    NOT NULL,
    stage      TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    authority  TEXT    NOT NULL,
    due_at     INTEGER,
    entered_by TEXT    NOT NULL,
    entered_at INTEGER NOT NULL,
    PRIMARY KEY (incident, ordinal)
) STRICT, WITHOUT ROWID;
