-- On which days of the week people rest, by the State for whose rules it counts, or 'all'.
CREATE TABLE reporting_calendar (
    reach      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    weekend    TEXT COLLATE "C" NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL,
    changed_at BIGINT NOT NULL
);

-- Other days on which they do.
CREATE TABLE reporting_day_off (
    reach TEXT COLLATE "C" NOT NULL REFERENCES reporting_calendar (reach) ON DELETE CASCADE,
    day   TEXT COLLATE "C" NOT NULL,
    name  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (reach, day)
);

-- Until when a report was due by business days when that was last said, and after how many changes of
-- the calendars: so that a change of a calendar is told of the reports that it moves.
CREATE TABLE incident_due (
    incident UUID   NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    regime   TEXT COLLATE "C" NOT NULL,
    stage    TEXT COLLATE "C" NOT NULL,
    due_at   BIGINT NOT NULL,
    changes  BIGINT NOT NULL,
    PRIMARY KEY (incident, regime, stage)
);
