-- What is entered of the course of an incident: services, capacity, milestones, effects, and the boards of
-- health care. Rows are added and never changed; `body` is the JSON of the interface.
CREATE TABLE incident_course (
    incident   BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal    INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    source     TEXT,
    corrects   INTEGER,
    correction TEXT,
    entered_by TEXT    NOT NULL,
    entered_at INTEGER NOT NULL,
    PRIMARY KEY (incident, ordinal)
) STRICT, WITHOUT ROWID;
