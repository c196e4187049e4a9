-- Which incident was merged into which, and what went over, so that it can be taken back: `moved` is
-- JSON that only the program reads.
CREATE TABLE incident_merge (
    source  UUID NOT NULL PRIMARY KEY REFERENCES incident (id) ON DELETE CASCADE,
    target  UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal BIGINT NOT NULL,
    by_whom TEXT COLLATE "C" NOT NULL,
    at      BIGINT NOT NULL,
    reason  TEXT COLLATE "C" NOT NULL,
    moved   TEXT COLLATE "C" NOT NULL,
    UNIQUE (target, ordinal)
);
