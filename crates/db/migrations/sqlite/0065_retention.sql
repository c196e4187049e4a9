-- After how long what is deleted. None is there until somebody sets one.
CREATE TABLE retention_rule (
    exercise INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    kind     TEXT    NOT NULL,
    since    TEXT    NOT NULL,
    period   TEXT    NOT NULL,
    basis    TEXT    NOT NULL,
    set_by   TEXT    NOT NULL,
    set_at   INTEGER NOT NULL,
    PRIMARY KEY (exercise, kind)
) STRICT, WITHOUT ROWID;

-- What was deleted: which, when, by whom, on what ground. Nothing of what it said.
CREATE TABLE retention_deletion (
    id       BLOB    NOT NULL PRIMARY KEY,
    exercise INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    kind     TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    who      TEXT    NOT NULL,
    ground   TEXT    NOT NULL,
    entries  INTEGER NOT NULL,
    reports  INTEGER NOT NULL,
    files    INTEGER NOT NULL,
    acts     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX retention_deletion_newest ON retention_deletion (exercise, id DESC);

-- Entries of which the personal data are gone.
CREATE TABLE incident_erased (
    incident BLOB    NOT NULL PRIMARY KEY REFERENCES incident (id) ON DELETE CASCADE,
    at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX report_incident ON report (incident) WHERE incident IS NOT NULL;
