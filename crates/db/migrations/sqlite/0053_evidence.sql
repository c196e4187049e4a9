-- Evidence of incidents, and who had it in hand. The bytes lie in the folder of sealed files, piece by
-- piece, under a key of the item's own, which is sealed with the node's data key: once that is gone,
-- nothing opens them.
CREATE TABLE incident_item (
    id           BLOB    NOT NULL PRIMARY KEY,
    incident     BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    number       INTEGER NOT NULL,
    tlp          INTEGER NOT NULL CHECK (tlp BETWEEN 0 AND 4),
    state        TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    collected_at INTEGER,
    collected_fidelity TEXT,
    collected_by TEXT,
    place        TEXT,
    description  TEXT    NOT NULL,
    size         INTEGER NOT NULL,
    sha256       BLOB,
    sealed_key   BLOB,
    holder       TEXT,
    put_by       TEXT    NOT NULL,
    put_at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX incident_item_of ON incident_item (incident, number);

CREATE TABLE incident_item_piece (
    item     BLOB    NOT NULL REFERENCES incident_item (id) ON DELETE CASCADE,
    ordinal  INTEGER NOT NULL,
    file     BLOB    NOT NULL,
    PRIMARY KEY (item, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_item_custody (
    item     BLOB    NOT NULL REFERENCES incident_item (id) ON DELETE CASCADE,
    ordinal  INTEGER NOT NULL,
    act      TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    who      TEXT    NOT NULL,
    reason   TEXT    NOT NULL,
    receiver TEXT,
    user_id  BLOB,
    answers  INTEGER,
    outcome  TEXT,
    leaf     INTEGER NOT NULL,
    PRIMARY KEY (item, ordinal)
) STRICT, WITHOUT ROWID;

-- A hand-over is answered once.
CREATE UNIQUE INDEX incident_item_custody_answers ON incident_item_custody (item, answers) WHERE answers IS NOT NULL;
