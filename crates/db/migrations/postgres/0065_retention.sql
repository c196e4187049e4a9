-- After how long what is deleted. None is there until somebody sets one.
CREATE TABLE retention_rule (
    exercise BOOLEAN NOT NULL,
    kind     TEXT COLLATE "C" NOT NULL,
    since    TEXT COLLATE "C" NOT NULL,
    period   TEXT COLLATE "C" NOT NULL,
    basis    TEXT COLLATE "C" NOT NULL,
    set_by   TEXT COLLATE "C" NOT NULL,
    set_at   BIGINT NOT NULL,
    PRIMARY KEY (exercise, kind)
);

-- What was deleted: which, when, by whom, on what ground. Nothing of what it said.
CREATE TABLE retention_deletion (
    id       UUID NOT NULL PRIMARY KEY,
    exercise BOOLEAN NOT NULL,
    kind     TEXT COLLATE "C" NOT NULL,
    subject  TEXT COLLATE "C" NOT NULL,
    at       BIGINT NOT NULL,
    who      TEXT COLLATE "C" NOT NULL,
    ground   TEXT COLLATE "C" NOT NULL,
    entries  BIGINT NOT NULL,
    reports  BIGINT NOT NULL,
    files    BIGINT NOT NULL,
    acts     BIGINT NOT NULL
);

CREATE INDEX retention_deletion_newest ON retention_deletion (exercise, id DESC);

-- Entries of which the personal data are gone.
CREATE TABLE incident_erased (
    incident UUID NOT NULL PRIMARY KEY REFERENCES incident (id) ON DELETE CASCADE,
    at       BIGINT NOT NULL
);

CREATE INDEX report_incident ON report (incident) WHERE incident IS NOT NULL;
