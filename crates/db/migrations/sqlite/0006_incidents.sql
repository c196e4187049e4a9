CREATE TABLE incident (
    id               BLOB    NOT NULL PRIMARY KEY,
    public_id        BLOB    NOT NULL UNIQUE,
    exercise         INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    tlp              INTEGER NOT NULL CHECK (tlp BETWEEN 0 AND 4),
    sort_at          INTEGER NOT NULL,
    status           TEXT    NOT NULL CHECK (status IN ('open', 'investigating', 'contained', 'closed')),
    status_at        INTEGER NOT NULL,
    status_by        TEXT,
    kind             TEXT    NOT NULL,
    title            TEXT    NOT NULL,
    organisation     TEXT,
    victims          TEXT    NOT NULL,
    worldwide        INTEGER NOT NULL CHECK (worldwide IN (0, 1)),
    sectors          TEXT    NOT NULL,
    sector_text      TEXT,
    rsit_class       TEXT,
    rsit_type        TEXT,
    rsit_version     TEXT,
    from_at          INTEGER,
    from_fidelity    TEXT,
    to_at            INTEGER,
    to_fidelity      TEXT,
    period_text      TEXT,
    period_first     INTEGER,
    period_last      INTEGER,
    detected_at      INTEGER,
    detected_fidelity TEXT,
    reported_at      INTEGER,
    reported_fidelity TEXT,
    determination    TEXT    NOT NULL,
    pap              INTEGER,
    cross_border     INTEGER CHECK (cross_border IN (0, 1)),
    version          INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    shipped_key      TEXT    UNIQUE,
    shipped_sha256   BLOB,
    shipped_version  INTEGER,
    description      TEXT    NOT NULL
) STRICT;

CREATE INDEX incident_order  ON incident (exercise, sort_at, id, tlp, period_last);
CREATE INDEX incident_status ON incident (exercise, status, sort_at, id, tlp);
CREATE INDEX incident_rsit   ON incident (exercise, rsit_class, sort_at, id, tlp);

CREATE TABLE incident_victim (
    country  TEXT NOT NULL,
    sort_at  INTEGER NOT NULL,
    incident BLOB NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    PRIMARY KEY (country, sort_at, incident)
) STRICT, WITHOUT ROWID;

CREATE INDEX incident_victim_of ON incident_victim (incident);

CREATE TABLE incident_sector (
    sector   TEXT NOT NULL,
    sort_at  INTEGER NOT NULL,
    incident BLOB NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    PRIMARY KEY (sector, sort_at, incident)
) STRICT, WITHOUT ROWID;

CREATE INDEX incident_sector_of ON incident_sector (incident);

CREATE TABLE incident_named (
    incident BLOB NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    user_id  BLOB NOT NULL,
    PRIMARY KEY (incident, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_timeline (
    incident BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal  INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    fidelity TEXT    NOT NULL,
    what     TEXT    NOT NULL,
    source   TEXT,
    PRIMARY KEY (incident, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_harm (
    incident        BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal         INTEGER NOT NULL,
    what            TEXT    NOT NULL,
    measure         TEXT,
    bound           TEXT    NOT NULL,
    low_thousandth  INTEGER NOT NULL,
    high_thousandth INTEGER NOT NULL,
    unit            TEXT    NOT NULL,
    grade           TEXT    NOT NULL,
    source          TEXT,
    note            TEXT,
    PRIMARY KEY (incident, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_statement (
    incident BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ordinal  INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    said_by  TEXT    NOT NULL,
    country  TEXT,
    role     TEXT,
    actor    TEXT,
    says     TEXT    NOT NULL,
    cites    TEXT,
    document TEXT,
    line     INTEGER,
    at       INTEGER,
    fidelity TEXT,
    note     TEXT,
    PRIMARY KEY (incident, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_link (
    incident BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    kind     TEXT    NOT NULL,
    target   TEXT    NOT NULL,
    label    TEXT    NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (incident, kind, target)
) STRICT, WITHOUT ROWID;

CREATE INDEX incident_link_to ON incident_link (kind, target);

CREATE TABLE incident_attachment (
    incident   BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    sha256     BLOB    NOT NULL,
    size       INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    media_type TEXT    NOT NULL,
    added_at   INTEGER NOT NULL,
    PRIMARY KEY (incident, sha256)
) STRICT, WITHOUT ROWID;
