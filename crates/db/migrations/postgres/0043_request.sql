-- That an authority asked for a report which is due only then: which one, when, who asked, until when it
-- asked for it, if it said so.
CREATE TABLE incident_request (
    incident   UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal    BIGINT NOT NULL,
    regime     TEXT COLLATE "C" NOT NULL,
    stage      TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL,
    authority  TEXT COLLATE "C" NOT NULL,
    due_at     BIGINT,
    entered_by TEXT COLLATE "C" NOT NULL,
    entered_at BIGINT NOT NULL,
    PRIMARY KEY (incident, ordinal)
);
