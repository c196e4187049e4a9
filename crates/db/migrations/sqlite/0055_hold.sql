-- Legal holds: while one lasts, nothing of the incident is destroyed or erased. Rows are added, and
-- lifted once.
CREATE TABLE incident_hold (
    incident   BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal    INTEGER NOT NULL,
    placed_by  TEXT    NOT NULL,
    placed_at  INTEGER NOT NULL,
    reason     TEXT    NOT NULL,
    until      INTEGER,
    lifted_by  TEXT,
    lifted_at  INTEGER,
    lifted_why TEXT,
    PRIMARY KEY (incident, ordinal)
) STRICT, WITHOUT ROWID;
