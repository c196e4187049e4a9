CREATE TABLE incident_assessment (
    incident  BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal   INTEGER NOT NULL,
    emergency INTEGER NOT NULL CHECK (emergency IN (0, 1)),
    note      TEXT,
    made_by   TEXT    NOT NULL,
    made_at   INTEGER NOT NULL,
    PRIMARY KEY (incident, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_factor (
    incident  BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal   INTEGER NOT NULL,
    factor    TEXT    NOT NULL,
    points    INTEGER CHECK (points BETWEEN 0 AND 4),
    reason    TEXT,
    evidence  TEXT    NOT NULL,
    judged_by TEXT    NOT NULL,
    judged_at INTEGER NOT NULL,
    PRIMARY KEY (incident, ordinal, factor)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_rating (
    incident   BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal    INTEGER NOT NULL,
    scale      TEXT    NOT NULL,
    name       TEXT,
    value      TEXT    NOT NULL,
    said_by    TEXT    NOT NULL,
    country    TEXT,
    at         INTEGER,
    fidelity   TEXT,
    source     TEXT,
    note       TEXT,
    entered_by TEXT    NOT NULL,
    entered_at INTEGER NOT NULL,
    PRIMARY KEY (incident, ordinal)
) STRICT, WITHOUT ROWID;

-- The level of the assessment that holds, for lists.
ALTER TABLE incident ADD COLUMN level INTEGER CHECK (level BETWEEN 0 AND 5);

CREATE INDEX incident_level ON incident (exercise, level, sort_at, id, tlp) WHERE level IS NOT NULL;
