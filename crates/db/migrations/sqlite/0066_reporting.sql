-- A rule by which an incident is not to be reported after all: who said so, when, and why.
ALTER TABLE incident_duty ADD COLUMN dropped_by TEXT;
ALTER TABLE incident_duty ADD COLUMN dropped_at INTEGER;
ALTER TABLE incident_duty ADD COLUMN dropped_why TEXT;

-- The job that looks next whether something of an incident is to be reminded of.
CREATE TABLE incident_remind (
    incident BLOB    NOT NULL PRIMARY KEY REFERENCES incident (id) ON DELETE CASCADE,
    job      BLOB    NOT NULL,
    run_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was reminded of, each once: so many hours before it was due, or with 0 that it is late.
CREATE TABLE incident_reminder (
    incident BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    regime   TEXT    NOT NULL,
    stage    TEXT    NOT NULL,
    due_at   INTEGER NOT NULL,
    hours    INTEGER NOT NULL,
    told_at  INTEGER NOT NULL,
    PRIMARY KEY (incident, regime, stage, due_at, hours)
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_reminder_told ON incident_reminder (told_at);

-- What a single point of contact looks at.
CREATE INDEX incident_crossing ON incident (sort_at, id) WHERE cross_border IS TRUE;
