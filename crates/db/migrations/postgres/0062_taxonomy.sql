-- Taxonomies that were imported; those that ship with the program are not here.
CREATE TABLE taxonomy (
    number      BIGINT NOT NULL PRIMARY KEY,
    name        TEXT COLLATE "C" NOT NULL,
    version     TEXT COLLATE "C" NOT NULL,
    title       TEXT COLLATE "C" NOT NULL,
    source      TEXT COLLATE "C",
    licence     TEXT COLLATE "C",
    entries     BIGINT NOT NULL,
    imported_by TEXT COLLATE "C" NOT NULL,
    imported_at BIGINT NOT NULL,
    UNIQUE (name, version)
);

CREATE TABLE taxonomy_entry (
    taxonomy BIGINT NOT NULL REFERENCES taxonomy (number) ON DELETE CASCADE,
    ordinal  BIGINT NOT NULL,
    code     TEXT COLLATE "C" NOT NULL,
    parent   TEXT COLLATE "C",
    name     TEXT COLLATE "C" NOT NULL,
    about    TEXT COLLATE "C",
    -- Code and name in small letters, for the search.
    folded   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (taxonomy, code)
);

CREATE UNIQUE INDEX taxonomy_entry_order ON taxonomy_entry (taxonomy, ordinal);

-- Classes of incidents, beside RSIT and the sectors, which stand with the incident.
CREATE TABLE incident_class (
    incident UUID NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    taxonomy TEXT COLLATE "C" NOT NULL,
    version  TEXT COLLATE "C" NOT NULL,
    code     TEXT COLLATE "C" NOT NULL,
    name     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (incident, taxonomy, version, code)
);

CREATE INDEX incident_class_code ON incident_class (taxonomy, version, code);
