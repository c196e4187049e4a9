CREATE TABLE incident_task (
    incident      UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    number        BIGINT NOT NULL,
    title         TEXT COLLATE "C" NOT NULL,
    detail        TEXT COLLATE "C" NOT NULL,
    assignee      UUID,
    assignee_name TEXT COLLATE "C",
    due           BIGINT,
    state         TEXT COLLATE "C" NOT NULL,
    version       BIGINT NOT NULL,
    made_by       TEXT COLLATE "C" NOT NULL,
    made_at       BIGINT NOT NULL,
    changed_by    TEXT COLLATE "C" NOT NULL,
    changed_at    BIGINT NOT NULL,
    PRIMARY KEY (incident, number)
);
CREATE INDEX incident_task_assignee ON incident_task (assignee, state);

CREATE TABLE incident_note (
    incident   UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal    BIGINT NOT NULL,
    body       TEXT COLLATE "C" NOT NULL,
    written_by TEXT COLLATE "C" NOT NULL,
    written_at BIGINT NOT NULL,
    PRIMARY KEY (incident, ordinal)
);

CREATE TABLE incident_mention (
    user_id  UUID NOT NULL,
    incident UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal  BIGINT NOT NULL,
    seen_at  BIGINT,
    PRIMARY KEY (user_id, incident, ordinal)
);
CREATE INDEX incident_mention_incident ON incident_mention (incident);

CREATE TABLE incident_watch (
    user_id  UUID NOT NULL,
    incident UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    since    BIGINT NOT NULL,
    PRIMARY KEY (user_id, incident)
);
CREATE INDEX incident_watch_incident ON incident_watch (incident);

CREATE TABLE incident_indicator (
    incident UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal  BIGINT NOT NULL,
    kind     TEXT COLLATE "C" NOT NULL,
    value    TEXT COLLATE "C" NOT NULL,
    added_by TEXT COLLATE "C" NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (incident, ordinal)
);

CREATE TABLE incident_change (
    incident UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    version  BIGINT NOT NULL,
    field    TEXT COLLATE "C" NOT NULL,
    before   TEXT COLLATE "C" NOT NULL,
    after    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (incident, version, field)
);

CREATE TABLE incident_lesson (
    incident   UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal    BIGINT NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    body       TEXT COLLATE "C" NOT NULL,
    written_by TEXT COLLATE "C" NOT NULL,
    written_at BIGINT NOT NULL,
    PRIMARY KEY (incident, ordinal)
);

CREATE TABLE incident_template (
    incident   UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    name       TEXT COLLATE "C" NOT NULL,
    applied_by TEXT COLLATE "C" NOT NULL,
    applied_at BIGINT NOT NULL,
    PRIMARY KEY (incident, name)
);
