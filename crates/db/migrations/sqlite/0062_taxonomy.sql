-- Taxonomies that were imported; those that ship with the program are not here.
CREATE TABLE taxonomy (
    number      INTEGER NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    version     TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    source      TEXT,
    licence     TEXT,
    entries     INTEGER NOT NULL,
    imported_by TEXT    NOT NULL,
    imported_at INTEGER NOT NULL,
    UNIQUE (name, version)
) STRICT;

CREATE TABLE taxonomy_entry (
    taxonomy INTEGER NOT NULL REFERENCES taxonomy (number) ON DELETE CASCADE,
    ordinal  INTEGER NOT NULL,
    code     TEXT    NOT NULL,
    parent   TEXT,
    name     TEXT    NOT NULL,
    about    TEXT,
    -- Code and name in small letters, for the search.
    folded   TEXT    NOT NULL,
    PRIMARY KEY (taxonomy, code)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX taxonomy_entry_order ON taxonomy_entry (taxonomy, ordinal);

-- Classes of incidents, beside RSIT and the sectors, which stand with the incident.
CREATE TABLE incident_class (
    incident BLOB NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    taxonomy TEXT NOT NULL,
    version  TEXT NOT NULL,
    code     TEXT NOT NULL,
    name     TEXT NOT NULL,
    PRIMARY KEY (incident, taxonomy, version, code)
) STRICT, WITHOUT ROWID;

CREATE INDEX incident_class_code ON incident_class (taxonomy, version, code);
