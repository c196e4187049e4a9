INSERT INTO misp_counter (name, last) VALUES ('taxonomy', 0), ('galaxy', 0), ('cluster', 0);

-- Families of tags that the house took in; source is the file as it came.
CREATE TABLE misp_taxonomy (
    number      BIGINT NOT NULL PRIMARY KEY,
    namespace   TEXT COLLATE "C" NOT NULL UNIQUE,
    description TEXT NOT NULL,
    version     BIGINT NOT NULL,
    exclusive   BOOLEAN NOT NULL,
    enabled     BOOLEAN NOT NULL,
    tags        BIGINT NOT NULL,
    source      TEXT NOT NULL,
    imported_at BIGINT NOT NULL
);

-- The tags of taxonomies, by name.
CREATE TABLE misp_taxonomy_tag (
    name      TEXT COLLATE "C" NOT NULL,
    taxonomy  BIGINT NOT NULL REFERENCES misp_taxonomy (number) ON DELETE CASCADE,
    expanded  TEXT NOT NULL,
    numerical BIGINT,
    PRIMARY KEY (name, taxonomy)
);
CREATE INDEX misp_taxonomy_tag_of ON misp_taxonomy_tag (taxonomy);

-- Galaxies that the house took in; body is what a galaxy says of itself in MISP's format.
CREATE TABLE misp_galaxy (
    number          BIGINT NOT NULL PRIMARY KEY,
    type            TEXT COLLATE "C" NOT NULL UNIQUE,
    uuid            UUID NOT NULL UNIQUE,
    name            TEXT COLLATE "C" NOT NULL,
    version         BIGINT NOT NULL,
    cluster_version BIGINT NOT NULL,
    clusters        BIGINT NOT NULL,
    body            TEXT NOT NULL,
    imported_at     BIGINT NOT NULL
);

CREATE TABLE misp_cluster (
    number BIGINT NOT NULL PRIMARY KEY,
    galaxy BIGINT NOT NULL REFERENCES misp_galaxy (number) ON DELETE CASCADE,
    uuid   UUID NOT NULL,
    tag    TEXT COLLATE "C" NOT NULL UNIQUE,
    body   TEXT NOT NULL,
    UNIQUE (galaxy, uuid)
);
CREATE INDEX misp_cluster_order ON misp_cluster (galaxy, number);
CREATE INDEX misp_cluster_uuid  ON misp_cluster (uuid);
