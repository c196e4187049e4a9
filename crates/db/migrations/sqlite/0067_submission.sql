-- Reports as they were written for authorities, part by part. Neither a report nor a part ever changes:
-- what has to be corrected or added is a report of its own that names the one before.
CREATE TABLE incident_submission (
    incident   BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal    INTEGER NOT NULL,
    regime     TEXT    NOT NULL,
    stage      TEXT    NOT NULL,
    nature     TEXT    NOT NULL,
    corrects   INTEGER,
    written_by TEXT    NOT NULL,
    written_at INTEGER NOT NULL,
    PRIMARY KEY (incident, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_submission_part (
    incident BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal  INTEGER NOT NULL,
    part     TEXT    NOT NULL,
    body     TEXT    NOT NULL,
    PRIMARY KEY (incident, ordinal, part)
) STRICT, WITHOUT ROWID;

-- Which part is meant for which authority, and who released it to it when. Set once.
CREATE TABLE incident_submission_copy (
    incident    BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL,
    place       INTEGER NOT NULL,
    part        TEXT    NOT NULL,
    authority   TEXT    NOT NULL,
    released_by TEXT,
    released_at INTEGER,
    PRIMARY KEY (incident, ordinal, place, part)
) STRICT, WITHOUT ROWID;
