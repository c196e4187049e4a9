-- Which incident was made of parts of which. The parts themselves say nothing of it: they stand in one
-- incident, and go back by a merge.
CREATE TABLE incident_split (
    target  UUID NOT NULL PRIMARY KEY REFERENCES incident (id) ON DELETE CASCADE,
    source  UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    by_whom TEXT COLLATE "C" NOT NULL,
    at      BIGINT NOT NULL,
    reason  TEXT COLLATE "C" NOT NULL
);

CREATE INDEX incident_split_source ON incident_split (source, at);
