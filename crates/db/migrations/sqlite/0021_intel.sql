CREATE TABLE intel_root (
    name        TEXT NOT NULL PRIMARY KEY,
    exercise    INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    title       TEXT NOT NULL,
    description TEXT NOT NULL
) STRICT;

INSERT INTO intel_root (name, exercise, title, description) VALUES
    ('intel', 0, 'Intelligence', ''),
    ('exercise', 1, 'Exercise', '');

-- The place of the newest object of the node: microseconds, and larger than all before it. Whoever
-- adds objects locks it, so that places are committed in their order.
CREATE TABLE intel_place (
    id   INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    last INTEGER NOT NULL
) STRICT;
INSERT INTO intel_place (id, last) VALUES (1, 0);

CREATE TABLE collection (
    id          BLOB NOT NULL PRIMARY KEY,
    public_id   BLOB NOT NULL UNIQUE,
    slot        INTEGER NOT NULL UNIQUE,
    root        TEXT NOT NULL REFERENCES intel_root (name),
    exercise    INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    alias       TEXT,
    title       TEXT NOT NULL,
    description TEXT NOT NULL,
    ceiling     INTEGER NOT NULL CHECK (ceiling BETWEEN 0 AND 4),
    unmarked    INTEGER NOT NULL CHECK (unmarked BETWEEN 1 AND 4),
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    UNIQUE (root, alias)
) STRICT;

CREATE TABLE collection_reader (
    slot      INTEGER NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    reader    TEXT NOT NULL,
    may_write INTEGER NOT NULL CHECK (may_write IN (0, 1)),
    PRIMARY KEY (slot, reader)
) STRICT, WITHOUT ROWID;

-- A version of an object, as it was given. Two versions that differ in content alone are two rows.
CREATE TABLE stix_version (
    number   INTEGER NOT NULL PRIMARY KEY,
    exercise INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    stix_id  TEXT NOT NULL,
    sha256   BLOB NOT NULL,
    revoked  INTEGER NOT NULL CHECK (revoked IN (0, 1)),
    body     TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX stix_version_content ON stix_version (stix_id, sha256, exercise);

-- class is a sum: the code of the label, 8 for the newest and 16 for the oldest version of its
-- specification, 32 where that is the newest specification of the object, 64 for STIX 2.1.
CREATE TABLE collection_entry (
    slot    INTEGER NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    added   INTEGER NOT NULL,
    class   INTEGER NOT NULL,
    object  INTEGER NOT NULL REFERENCES stix_version (number),
    type    TEXT NOT NULL,
    stix_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    bytes   INTEGER NOT NULL,
    PRIMARY KEY (slot, added)
) STRICT, WITHOUT ROWID;
CREATE INDEX collection_entry_class   ON collection_entry (slot, class, added);
CREATE INDEX collection_entry_type    ON collection_entry (slot, type, class, added);
CREATE INDEX collection_entry_id      ON collection_entry (slot, stix_id, version);
CREATE INDEX collection_entry_version ON collection_entry (slot, version, added);
CREATE INDEX collection_entry_object  ON collection_entry (object);

CREATE TABLE collection_count (
    slot    INTEGER NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    type    TEXT NOT NULL,
    class   INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    PRIMARY KEY (slot, type, class)
) STRICT, WITHOUT ROWID;

-- What was deleted stays deleted, however often it is handed in again.
CREATE TABLE collection_tombstone (
    slot       INTEGER NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    stix_id    TEXT NOT NULL,
    deleted_at INTEGER NOT NULL,
    deleted_by TEXT NOT NULL,
    PRIMARY KEY (slot, stix_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE intel_import (
    id           BLOB NOT NULL PRIMARY KEY,
    slot         INTEGER NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    submitter    TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    ended_at     INTEGER,
    failure      TEXT,
    read         INTEGER NOT NULL,
    total        INTEGER NOT NULL,
    added        INTEGER NOT NULL,
    known        INTEGER NOT NULL,
    refused      INTEGER NOT NULL
) STRICT;
CREATE INDEX intel_import_order ON intel_import (slot, requested_at, id);

CREATE TABLE intel_import_refusal (
    import  BLOB NOT NULL REFERENCES intel_import (id) ON DELETE CASCADE,
    place   INTEGER NOT NULL,
    stix_id TEXT NOT NULL,
    version TEXT NOT NULL,
    code    TEXT NOT NULL,
    detail  TEXT NOT NULL,
    PRIMARY KEY (import, place)
) STRICT, WITHOUT ROWID;

-- Bytes that were accepted and are not read yet.
CREATE TABLE intel_import_part (
    import BLOB NOT NULL REFERENCES intel_import (id) ON DELETE CASCADE,
    part   INTEGER NOT NULL,
    bytes  BLOB NOT NULL,
    PRIMARY KEY (import, part)
) STRICT, WITHOUT ROWID;
