CREATE TABLE incident_assessment (
    incident  UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal   BIGINT NOT NULL,
    emergency BOOLEAN NOT NULL,
    note      TEXT COLLATE "C",
    made_by   TEXT COLLATE "C" NOT NULL,
    made_at   BIGINT NOT NULL,
    PRIMARY KEY (incident, ordinal)
);

CREATE TABLE incident_factor (
    incident  UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal   BIGINT NOT NULL,
    factor    TEXT COLLATE "C" NOT NULL,
    points    INTEGER CHECK (points BETWEEN 0 AND 4),
    reason    TEXT COLLATE "C",
    evidence  TEXT COLLATE "C" NOT NULL,
    judged_by TEXT COLLATE "C" NOT NULL,
    judged_at BIGINT NOT NULL,
    PRIMARY KEY (incident, ordinal, factor)
);

CREATE TABLE incident_rating (
    incident   UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal    BIGINT NOT NULL,
    scale      TEXT COLLATE "C" NOT NULL,
    name       TEXT COLLATE "C",
    value      TEXT COLLATE "C" NOT NULL,
    said_by    TEXT COLLATE "C" NOT NULL,
    country    TEXT COLLATE "C",
    at         BIGINT,
    fidelity   TEXT COLLATE "C",
    source     TEXT COLLATE "C",
    note       TEXT COLLATE "C",
    entered_by TEXT COLLATE "C" NOT NULL,
    entered_at BIGINT NOT NULL,
    PRIMARY KEY (incident, ordinal)
);

-- The level of the assessment that holds, for lists.
ALTER TABLE incident ADD COLUMN level INTEGER CHECK (level BETWEEN 0 AND 5);

CREATE INDEX incident_level ON incident (exercise, level, sort_at, id, tlp) WHERE level IS NOT NULL;
