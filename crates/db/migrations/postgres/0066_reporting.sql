-- A rule by which an incident is not to be reported after all: who said so, when, and why.
ALTER TABLE incident_duty ADD COLUMN dropped_by TEXT COLLATE "C";
ALTER TABLE incident_duty ADD COLUMN dropped_at BIGINT;
ALTER TABLE incident_duty ADD COLUMN dropped_why TEXT COLLATE "C";

-- The job that looks next whether something of an incident is to be reminded of.
CREATE TABLE incident_remind (
    incident UUID   NOT NULL PRIMARY KEY REFERENCES incident (id) ON DELETE CASCADE,
    job      UUID   NOT NULL,
    run_at   BIGINT NOT NULL
);

-- What was reminded of, each once: so many hours before it was due, or with 0 that it is late.
CREATE TABLE incident_reminder (
    incident UUID   NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    regime   TEXT COLLATE "C" NOT NULL,
    stage    TEXT COLLATE "C" NOT NULL,
    due_at   BIGINT NOT NULL,
    hours    BIGINT NOT NULL,
    told_at  BIGINT NOT NULL,
    PRIMARY KEY (incident, regime, stage, due_at, hours)
);
CREATE INDEX incident_reminder_told ON incident_reminder (told_at);

-- What a single point of contact looks at.
CREATE INDEX incident_crossing ON incident (sort_at, id) WHERE cross_border IS TRUE;
