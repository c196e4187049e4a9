INSERT INTO misp_counter (name, last) VALUES ('taxonomy', 0), ('galaxy', 0), ('cluster', 0);

-- Families of tags that the house took in; source is the file as it came.
CREATE TABLE misp_taxonomy (
    number      INTEGER NOT NULL PRIMARY KEY,
    namespace   TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    version     INTEGER NOT NULL,
    exclusive   INTEGER NOT NULL CHECK (exclusive IN (0, 1)),
    enabled     INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    tags        INTEGER NOT NULL,
    source      TEXT NOT NULL,
    imported_at INTEGER NOT NULL
) STRICT;

-- The tags of taxonomies, by name.
CREATE TABLE misp_taxonomy_tag (
    name      TEXT NOT NULL,
    taxonomy  INTEGER NOT NULL REFERENCES misp_taxonomy (number) ON DELETE CASCADE,
    expanded  TEXT NOT NULL,
    numerical INTEGER,
    PRIMARY KEY (name, taxonomy)
) STRICT, WITHOUT ROWID;
CREATE INDEX misp_taxonomy_tag_of ON misp_taxonomy_tag (taxonomy);

-- Galaxies that the house took in; body is what a galaxy says of itself in MISP's format.
CREATE TABLE misp_galaxy (
    number          INTEGER NOT NULL PRIMARY KEY,
    type            TEXT NOT NULL UNIQUE,
    uuid            BLOB NOT NULL UNIQUE,
    name            TEXT NOT NULL,
    version         INTEGER NOT NULL,
    cluster_version INTEGER NOT NULL,
    clusters        INTEGER NOT NULL,
    body            TEXT NOT NULL,
    imported_at     INTEGER NOT NULL
) STRICT;

CREATE TABLE misp_cluster (
    number INTEGER NOT NULL PRIMARY KEY,
    galaxy INTEGER NOT NULL REFERENCES misp_galaxy (number) ON DELETE CASCADE,
    uuid   BLOB NOT NULL,
    tag    TEXT NOT NULL UNIQUE,
    body   TEXT NOT NULL,
    UNIQUE (galaxy, uuid)
) STRICT;
CREATE INDEX misp_cluster_order ON misp_cluster (galaxy, number);
CREATE INDEX misp_cluster_uuid  ON misp_cluster (uuid);
