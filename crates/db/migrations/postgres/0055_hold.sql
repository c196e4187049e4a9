-- Legal holds: while one lasts, nothing of the incident is destroyed or erased. Rows are added, and
-- lifted once.
CREATE TABLE incident_hold (
    incident   UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal    BIGINT NOT NULL,
    placed_by  TEXT COLLATE "C" NOT NULL,
    placed_at  BIGINT NOT NULL,
    reason     TEXT COLLATE "C" NOT NULL,
    until      BIGINT,
    lifted_by  TEXT COLLATE "C",
    lifted_at  BIGINT,
    lifted_why TEXT COLLATE "C",
    PRIMARY KEY (incident, ordinal)
);
