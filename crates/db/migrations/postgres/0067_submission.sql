-- Reports as they were written for authorities, part by part. Neither a report nor a part ever changes:
-- what has to be corrected or added is a report of its own that names the one before.
CREATE TABLE incident_submission (
    incident   UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal    BIGINT NOT NULL,
    regime     TEXT COLLATE "C" NOT NULL,
    stage      TEXT COLLATE "C" NOT NULL,
    nature     TEXT COLLATE "C" NOT NULL,
    corrects   BIGINT,
    written_by TEXT COLLATE "C" NOT NULL,
    written_at BIGINT NOT NULL,
    PRIMARY KEY (incident, ordinal)
);

CREATE TABLE incident_submission_part (
    incident UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal  BIGINT NOT NULL,
    part     TEXT COLLATE "C" NOT NULL,
    body     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (incident, ordinal, part)
);

-- Which part is meant for which authority, and who released it to it when. Set once.
CREATE TABLE incident_submission_copy (
    incident    UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal     BIGINT NOT NULL,
    place       BIGINT NOT NULL,
    part        TEXT COLLATE "C" NOT NULL,
    authority   TEXT COLLATE "C" NOT NULL,
    released_by TEXT COLLATE "C",
    released_at BIGINT,
    PRIMARY KEY (incident, ordinal, place, part)
);
