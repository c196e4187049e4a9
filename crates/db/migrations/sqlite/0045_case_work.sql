CREATE TABLE incident_task (
    incident      BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    number        INTEGER NOT NULL,
    title         TEXT    NOT NULL,
    detail        TEXT    NOT NULL,
    assignee      BLOB,
    assignee_name TEXT,
    due           INTEGER,
    state         TEXT    NOT NULL,
    version       INTEGER NOT NULL,
    made_by       TEXT    NOT NULL,
    made_at       INTEGER NOT NULL,
    changed_by    TEXT    NOT NULL,
    changed_at    INTEGER NOT NULL,
    PRIMARY KEY (incident, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_task_assignee ON incident_task (assignee, state);

CREATE TABLE incident_note (
    incident   BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal    INTEGER NOT NULL,
    body       TEXT    NOT NULL,
    written_by TEXT    NOT NULL,
    written_at INTEGER NOT NULL,
    PRIMARY KEY (incident, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_mention (
    user_id  BLOB    NOT NULL,
    incident BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal  INTEGER NOT NULL,
    seen_at  INTEGER,
    PRIMARY KEY (user_id, incident, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_mention_incident ON incident_mention (incident);

CREATE TABLE incident_watch (
    user_id  BLOB    NOT NULL,
    incident BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    since    INTEGER NOT NULL,
    PRIMARY KEY (user_id, incident)
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_watch_incident ON incident_watch (incident);

CREATE TABLE incident_indicator (
    incident BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal  INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    value    TEXT    NOT NULL,
    added_by TEXT    NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (incident, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_change (
    incident BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    version  INTEGER NOT NULL,
    field    TEXT    NOT NULL,
    before   TEXT    NOT NULL,
    after    TEXT    NOT NULL,
    PRIMARY KEY (incident, version, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_lesson (
    incident   BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal    INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    written_by TEXT    NOT NULL,
    written_at INTEGER NOT NULL,
    PRIMARY KEY (incident, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_template (
    incident   BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    name       TEXT    NOT NULL,
    applied_by TEXT    NOT NULL,
    applied_at INTEGER NOT NULL,
    PRIMARY KEY (incident, name)
) STRICT, WITHOUT ROWID;
