-- The values of entries in their normal form, by which objects are found that have one in common. The
-- key says what is near: see intel's model::Key. A row whose entry is gone leads nowhere.
CREATE TABLE intel_value (
    key   BYTEA NOT NULL,
    slot  BIGINT NOT NULL,
    added BIGINT NOT NULL,
    PRIMARY KEY (key, slot, added)
);

-- The lengths of the prefixes that networks of the index have.
CREATE TABLE intel_prefix (
    family INTEGER NOT NULL CHECK (family IN (4, 6)),
    bits   INTEGER NOT NULL,
    PRIMARY KEY (family, bits)
);

-- Values that once stood in more entries than one value may lead to.
CREATE TABLE intel_common (
    key  BYTEA NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    text TEXT NOT NULL
);

-- How far the content that was there before the index is in it: by which rules, and up to which
-- number; none once all is.
CREATE TABLE intel_index (
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    rules INTEGER NOT NULL,
    upto  BIGINT
);
INSERT INTO intel_index (id, rules, upto) VALUES (1, 0, 0);

-- What entries that are sightings say: kind 0 for seen, 1 for no threat, 2 for not a threat any more.
CREATE TABLE intel_sighting (
    of_id    TEXT COLLATE "C" NOT NULL,
    slot     BIGINT NOT NULL,
    added    BIGINT NOT NULL,
    kind     INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2),
    count    BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at  BIGINT NOT NULL,
    author   TEXT NOT NULL,
    PRIMARY KEY (of_id, slot, added)
);

-- Who said what is shared without a name.
CREATE TABLE intel_unnamed (
    stix_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    author  TEXT NOT NULL
);

-- How what a collection has grows old; validity alone where there is no row.
CREATE TABLE collection_decay (
    slot    BIGINT NOT NULL PRIMARY KEY REFERENCES collection (slot) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    model   TEXT NOT NULL
);

CREATE TABLE warninglist (
    number      BIGINT NOT NULL PRIMARY KEY,
    name        TEXT COLLATE "C" NOT NULL UNIQUE,
    version     BIGINT NOT NULL,
    description TEXT NOT NULL,
    kind        INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 4),
    attributes  TEXT NOT NULL,
    prefixes    TEXT NOT NULL,
    enabled     BOOLEAN NOT NULL,
    entries     BIGINT NOT NULL,
    unusable    BIGINT NOT NULL,
    imported_at BIGINT NOT NULL
);

-- Entries of lists of texts, names and networks, by their keys.
CREATE TABLE warninglist_entry (
    key  BYTEA NOT NULL,
    list BIGINT NOT NULL,
    PRIMARY KEY (key, list)
);

-- Entries that are looked for within values.
CREATE TABLE warninglist_text (
    list  BIGINT NOT NULL,
    place BIGINT NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (list, place)
);

-- Changes with every change of the lists, and is never the same again.
CREATE TABLE warninglist_state (
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    token BYTEA NOT NULL
);
INSERT INTO warninglist_state (id, token) VALUES (1, '');
