-- The values of entries in their normal form, by which objects are found that have one in common. The
-- key says what is near: see intel's model::Key. A row whose entry is gone leads nowhere.
CREATE TABLE intel_value (
    key   BLOB NOT NULL,
    slot  INTEGER NOT NULL,
    added INTEGER NOT NULL,
    PRIMARY KEY (key, slot, added)
) STRICT, WITHOUT ROWID;

-- The lengths of the prefixes that networks of the index have.
CREATE TABLE intel_prefix (
    family INTEGER NOT NULL CHECK (family IN (4, 6)),
    bits   INTEGER NOT NULL,
    PRIMARY KEY (family, bits)
) STRICT, WITHOUT ROWID;

-- Values that once stood in more entries than one value may lead to.
CREATE TABLE intel_common (
    key  BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How far the content that was there before the index is in it: by which rules, and up to which
-- number; none once all is.
CREATE TABLE intel_index (
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    rules INTEGER NOT NULL,
    upto  INTEGER
) STRICT;
INSERT INTO intel_index (id, rules, upto) VALUES (1, 0, 0);

-- What entries that are sightings say: kind 0 for seen, 1 for no threat, 2 for not a threat any more.
CREATE TABLE intel_sighting (
    of_id    TEXT NOT NULL,
    slot     INTEGER NOT NULL,
    added    INTEGER NOT NULL,
    kind     INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2),
    count    INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    author   TEXT NOT NULL,
    PRIMARY KEY (of_id, slot, added)
) STRICT, WITHOUT ROWID;

-- Who said what is shared without a name.
CREATE TABLE intel_unnamed (
    stix_id TEXT NOT NULL PRIMARY KEY,
    author  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How what a collection has grows old; validity alone where there is no row.
CREATE TABLE collection_decay (
    slot    INTEGER NOT NULL PRIMARY KEY REFERENCES collection (slot) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    model   TEXT NOT NULL
) STRICT;

CREATE TABLE warninglist (
    number      INTEGER NOT NULL PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    version     INTEGER NOT NULL,
    description TEXT NOT NULL,
    kind        INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 4),
    attributes  TEXT NOT NULL,
    prefixes    TEXT NOT NULL,
    enabled     INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    entries     INTEGER NOT NULL,
    unusable    INTEGER NOT NULL,
    imported_at INTEGER NOT NULL
) STRICT;

-- Entries of lists of texts, names and networks, by their keys.
CREATE TABLE warninglist_entry (
    key  BLOB NOT NULL,
    list INTEGER NOT NULL,
    PRIMARY KEY (key, list)
) STRICT, WITHOUT ROWID;

-- Entries that are looked for within values.
CREATE TABLE warninglist_text (
    list  INTEGER NOT NULL,
    place INTEGER NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (list, place)
) STRICT, WITHOUT ROWID;

-- Changes with every change of the lists, and is never the same again.
CREATE TABLE warninglist_state (
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    token BLOB NOT NULL
) STRICT;
INSERT INTO warninglist_state (id, token) VALUES (1, x'');
