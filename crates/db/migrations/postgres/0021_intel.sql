CREATE TABLE intel_root (
    name        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    exercise    BOOLEAN NOT NULL,
    title       TEXT NOT NULL,
    description TEXT NOT NULL
);

INSERT INTO intel_root (name, exercise, title, description) VALUES
    ('intel', false, 'Intelligence', ''),
    ('exercise', true, 'Exercise', '');

-- The place of the newest object of the node: microseconds, and larger than all before it. Whoever
-- adds objects locks it, so that places are committed in their order.
CREATE TABLE intel_place (
    id   INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    last BIGINT NOT NULL
);
INSERT INTO intel_place (id, last) VALUES (1, 0);

CREATE TABLE collection (
    id          UUID NOT NULL PRIMARY KEY,
    public_id   UUID NOT NULL UNIQUE,
    slot        BIGINT NOT NULL UNIQUE,
    root        TEXT COLLATE "C" NOT NULL REFERENCES intel_root (name),
    exercise    BOOLEAN NOT NULL,
    alias       TEXT COLLATE "C",
    title       TEXT NOT NULL,
    description TEXT NOT NULL,
    ceiling     INTEGER NOT NULL CHECK (ceiling BETWEEN 0 AND 4),
    unmarked    INTEGER NOT NULL CHECK (unmarked BETWEEN 1 AND 4),
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    UNIQUE (root, alias)
);

CREATE TABLE collection_reader (
    slot      BIGINT NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    reader    TEXT COLLATE "C" NOT NULL,
    may_write BOOLEAN NOT NULL,
    PRIMARY KEY (slot, reader)
);

-- A version of an object, as it was given. Two versions that differ in content alone are two rows.
CREATE TABLE stix_version (
    number   BIGINT NOT NULL PRIMARY KEY,
    exercise BOOLEAN NOT NULL,
    stix_id  TEXT COLLATE "C" NOT NULL,
    sha256   BYTEA NOT NULL,
    revoked  BOOLEAN NOT NULL,
    body     TEXT NOT NULL
);
CREATE UNIQUE INDEX stix_version_content ON stix_version (stix_id, sha256, exercise);

-- class is a sum: the code of the label, 8 for the newest and 16 for the oldest version of its
-- specification, 32 where that is the newest specification of the object, 64 for STIX 2.1.
CREATE TABLE collection_entry (
    slot    BIGINT NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    added   BIGINT NOT NULL,
    class   INTEGER NOT NULL,
    object  BIGINT NOT NULL REFERENCES stix_version (number),
    type    TEXT COLLATE "C" NOT NULL,
    stix_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    bytes   INTEGER NOT NULL,
    PRIMARY KEY (slot, added)
);
CREATE INDEX collection_entry_class   ON collection_entry (slot, class, added);
CREATE INDEX collection_entry_type    ON collection_entry (slot, type, class, added);
CREATE INDEX collection_entry_id      ON collection_entry (slot, stix_id, version);
CREATE INDEX collection_entry_version ON collection_entry (slot, version, added);
CREATE INDEX collection_entry_object  ON collection_entry (object);

CREATE TABLE collection_count (
    slot    BIGINT NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    type    TEXT COLLATE "C" NOT NULL,
    class   INTEGER NOT NULL,
    entries BIGINT NOT NULL,
    PRIMARY KEY (slot, type, class)
);

-- What was deleted stays deleted, however often it is handed in again.
CREATE TABLE collection_tombstone (
    slot       BIGINT NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    stix_id    TEXT COLLATE "C" NOT NULL,
    deleted_at BIGINT NOT NULL,
    deleted_by TEXT NOT NULL,
    PRIMARY KEY (slot, stix_id)
);

CREATE TABLE intel_import (
    id           UUID NOT NULL PRIMARY KEY,
    slot         BIGINT NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    submitter    TEXT COLLATE "C" NOT NULL,
    requested_at BIGINT NOT NULL,
    ended_at     BIGINT,
    failure      TEXT,
    read         BIGINT NOT NULL,
    total        BIGINT NOT NULL,
    added        BIGINT NOT NULL,
    known        BIGINT NOT NULL,
    refused      BIGINT NOT NULL
);
CREATE INDEX intel_import_order ON intel_import (slot, requested_at, id);

CREATE TABLE intel_import_refusal (
    import  UUID NOT NULL REFERENCES intel_import (id) ON DELETE CASCADE,
    place   BIGINT NOT NULL,
    stix_id TEXT NOT NULL,
    version TEXT NOT NULL,
    code    TEXT NOT NULL,
    detail  TEXT NOT NULL,
    PRIMARY KEY (import, place)
);

-- Bytes that were accepted and are not read yet.
CREATE TABLE intel_import_part (
    import UUID NOT NULL REFERENCES intel_import (id) ON DELETE CASCADE,
    part   INTEGER NOT NULL,
    bytes  BYTEA NOT NULL,
    PRIMARY KEY (import, part)
);
