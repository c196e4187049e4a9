-- On which days of the week people rest, by the State for whose rules it counts, or 'all'.
CREATE TABLE reporting_calendar (
    reach      TEXT    NOT NULL PRIMARY KEY,
    weekend    TEXT    NOT NULL,
    changed_by TEXT    NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Other days on which they do.
CREATE TABLE reporting_day_off (
    reach TEXT NOT NULL REFERENCES reporting_calendar (reach) ON DELETE CASCADE,
    day   TEXT NOT NULL,
    name  TEXT NOT NULL,
    PRIMARY KEY (reach, day)
) STRICT, WITHOUT ROWID;

-- Until when a report was due by business days when that was last said, and after how many changes of
-- the calendars: so that a change of a calendar is told of the reports that it moves.
CREATE TABLE incident_due (
    incident BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    regime   TEXT    NOT NULL,
    stage    TEXT    NOT NULL,
    due_at   INTEGER NOT NULL,
    changes  INTEGER NOT NULL,
    PRIMARY KEY (incident, regime, stage)
) STRICT, WITHOUT ROWID;
