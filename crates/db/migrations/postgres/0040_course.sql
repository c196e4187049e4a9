-- What is entered of the course of an incident: services, capacity, milestones, effects, and the boards of
-- health care. Rows are added and never changed; `body` is the JSON of the interface.
CREATE TABLE incident_course (
    incident   UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal    BIGINT NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    body       TEXT COLLATE "C" NOT NULL,
    source     TEXT COLLATE "C",
    corrects   BIGINT,
    correction TEXT COLLATE "C",
    entered_by TEXT COLLATE "C" NOT NULL,
    entered_at BIGINT NOT NULL,
    PRIMARY KEY (incident, ordinal)
);
