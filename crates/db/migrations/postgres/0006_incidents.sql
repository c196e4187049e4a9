CREATE TABLE incident (
    id               UUID NOT NULL PRIMARY KEY,
    public_id        UUID NOT NULL UNIQUE,
    exercise         BOOLEAN NOT NULL,
    tlp              INTEGER NOT NULL CHECK (tlp BETWEEN 0 AND 4),
    sort_at          BIGINT NOT NULL,
    status           TEXT COLLATE "C" NOT NULL CHECK (status IN ('open', 'investigating', 'contained', 'closed')),
    status_at        BIGINT NOT NULL,
    status_by        TEXT COLLATE "C",
    kind             TEXT COLLATE "C" NOT NULL,
    title            TEXT COLLATE "C" NOT NULL,
    organisation     TEXT COLLATE "C",
    victims          TEXT COLLATE "C" NOT NULL,
    worldwide        BOOLEAN NOT NULL,
    sectors          TEXT COLLATE "C" NOT NULL,
    sector_text      TEXT COLLATE "C",
    rsit_class       TEXT COLLATE "C",
    rsit_type        TEXT COLLATE "C",
    rsit_version     TEXT COLLATE "C",
    from_at          BIGINT,
    from_fidelity    TEXT COLLATE "C",
    to_at            BIGINT,
    to_fidelity      TEXT COLLATE "C",
    period_text      TEXT COLLATE "C",
    period_first     BIGINT,
    period_last      BIGINT,
    detected_at      BIGINT,
    detected_fidelity TEXT COLLATE "C",
    reported_at      BIGINT,
    reported_fidelity TEXT COLLATE "C",
    determination    TEXT COLLATE "C" NOT NULL,
    pap              INTEGER,
    cross_border     BOOLEAN,
    version          BIGINT NOT NULL,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    shipped_key      TEXT COLLATE "C" UNIQUE,
    shipped_sha256   BYTEA,
    shipped_version  BIGINT,
    description      TEXT COLLATE "C" NOT NULL
);

CREATE INDEX incident_order  ON incident (exercise, sort_at, id, tlp, period_last);
CREATE INDEX incident_status ON incident (exercise, status, sort_at, id, tlp);
CREATE INDEX incident_rsit   ON incident (exercise, rsit_class, sort_at, id, tlp);

CREATE TABLE incident_victim (
    country  TEXT COLLATE "C" NOT NULL,
    sort_at  BIGINT NOT NULL,
    incident UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    PRIMARY KEY (country, sort_at, incident)
);

CREATE INDEX incident_victim_of ON incident_victim (incident);

CREATE TABLE incident_sector (
    sector   TEXT COLLATE "C" NOT NULL,
    sort_at  BIGINT NOT NULL,
    incident UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    PRIMARY KEY (sector, sort_at, incident)
);

CREATE INDEX incident_sector_of ON incident_sector (incident);

CREATE TABLE incident_named (
    incident UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    user_id  UUID NOT NULL,
    PRIMARY KEY (incident, user_id)
);

CREATE TABLE incident_timeline (
    incident UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal  BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    fidelity TEXT COLLATE "C" NOT NULL,
    what     TEXT COLLATE "C" NOT NULL,
    source   TEXT COLLATE "C",
    PRIMARY KEY (incident, ordinal)
);

CREATE TABLE incident_harm (
    incident        UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal         BIGINT NOT NULL,
    what            TEXT COLLATE "C" NOT NULL,
    measure         TEXT COLLATE "C",
    bound           TEXT COLLATE "C" NOT NULL,
    low_thousandth  BIGINT NOT NULL,
    high_thousandth BIGINT NOT NULL,
    unit            TEXT COLLATE "C" NOT NULL,
    grade           TEXT COLLATE "C" NOT NULL,
    source          TEXT COLLATE "C",
    note            TEXT COLLATE "C",
    PRIMARY KEY (incident, ordinal)
);

CREATE TABLE incident_statement (
    incident UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal  BIGINT NOT NULL,
    kind     TEXT COLLATE "C" NOT NULL,
    said_by  TEXT COLLATE "C" NOT NULL,
    country  TEXT COLLATE "C",
    role     TEXT COLLATE "C",
    actor    TEXT COLLATE "C",
    says     TEXT COLLATE "C" NOT NULL,
    cites    TEXT COLLATE "C",
    document TEXT COLLATE "C",
    line     BIGINT,
    at       BIGINT,
    fidelity TEXT COLLATE "C",
    note     TEXT COLLATE "C",
    PRIMARY KEY (incident, ordinal)
);

CREATE TABLE incident_link (
    incident UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    kind     TEXT COLLATE "C" NOT NULL,
    target   TEXT COLLATE "C" NOT NULL,
    label    TEXT COLLATE "C" NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (incident, kind, target)
);

CREATE INDEX incident_link_to ON incident_link (kind, target);

CREATE TABLE incident_attachment (
    incident   UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    sha256     BYTEA NOT NULL,
    size       BIGINT NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    media_type TEXT COLLATE "C" NOT NULL,
    added_at   BIGINT NOT NULL,
    PRIMARY KEY (incident, sha256)
);

-- A row of search_token shares its id with some forty others. A sample of a large table does not
-- show that, and a planner that takes ids for unique reads a token by the wrong index.
ALTER TABLE search_token ALTER COLUMN id SET (n_distinct = -0.025);
