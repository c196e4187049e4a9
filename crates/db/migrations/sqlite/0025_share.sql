-- A collection of another party, and whether those who get a collection may pass it on.
ALTER TABLE collection ADD COLUMN steward TEXT;
ALTER TABLE collection ADD COLUMN onward INTEGER NOT NULL DEFAULT 0 CHECK (onward IN (0, 1));

-- Collections that have changed since those who get them were last told.
CREATE TABLE collection_changed (
    slot INTEGER NOT NULL PRIMARY KEY REFERENCES collection (slot) ON DELETE CASCADE
) STRICT;

-- Entries that were taken out. gone is a place of the order in which places are given.
CREATE TABLE collection_gone (
    slot    INTEGER NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    gone    INTEGER NOT NULL,
    added   INTEGER NOT NULL,
    stix_id TEXT NOT NULL,
    PRIMARY KEY (slot, gone)
) STRICT, WITHOUT ROWID;

-- What is told to one party of one collection. It outlives the collection.
CREATE TABLE share (
    id           BLOB NOT NULL PRIMARY KEY,
    collection   BLOB NOT NULL,
    exercise     INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    party        TEXT NOT NULL,
    title        TEXT NOT NULL,
    state        TEXT NOT NULL,
    via          BLOB,
    sequence     INTEGER NOT NULL,
    place        INTEGER NOT NULL,
    gone         INTEGER NOT NULL,
    mask         INTEGER NOT NULL,
    told         INTEGER NOT NULL,
    resume       INTEGER NOT NULL CHECK (resume IN (0, 1)),
    items        INTEGER NOT NULL,
    sum          BLOB NOT NULL,
    changed_at   INTEGER NOT NULL,
    compared_at  INTEGER,
    their_state    TEXT,
    their_sequence INTEGER,
    their_items    INTEGER,
    their_sum      BLOB,
    UNIQUE (collection, party, exercise)
) STRICT;
CREATE INDEX share_party ON share (party, exercise);

-- What the party was given and was not told to remove.
CREATE TABLE share_item (
    share   BLOB NOT NULL REFERENCES share (id) ON DELETE CASCADE,
    added   INTEGER NOT NULL,
    stix_id TEXT NOT NULL,
    sha256  BLOB NOT NULL,
    tlp     INTEGER NOT NULL,
    PRIMARY KEY (share, added)
) STRICT, WITHOUT ROWID;
CREATE INDEX share_item_id ON share_item (share, stix_id);

-- What was sent, and for removals who has stated that it was done.
CREATE TABLE share_sent (
    share        BLOB NOT NULL REFERENCES share (id) ON DELETE CASCADE,
    sequence     INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    message      BLOB NOT NULL,
    items        INTEGER NOT NULL,
    gone_after   INTEGER NOT NULL,
    gone_until   INTEGER NOT NULL,
    sent_at      INTEGER NOT NULL,
    confirmed_at INTEGER,
    removed      INTEGER,
    onward       TEXT,
    PRIMARY KEY (share, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX share_sent_message ON share_sent (message);

-- Where the two sides differ. Shown until it is resolved.
CREATE TABLE share_gap (
    share   BLOB NOT NULL REFERENCES share (id) ON DELETE CASCADE,
    stix_id TEXT NOT NULL,
    sha256  BLOB NOT NULL,
    gap     TEXT NOT NULL,
    since   INTEGER NOT NULL,
    PRIMARY KEY (share, stix_id, sha256)
) STRICT, WITHOUT ROWID;

-- What another party shares with this one.
CREATE TABLE share_in (
    id          BLOB NOT NULL PRIMARY KEY,
    party       TEXT NOT NULL,
    collection  BLOB NOT NULL,
    exercise    INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    state       TEXT NOT NULL,
    via         BLOB,
    about       TEXT NOT NULL,
    kept_as     BLOB,
    ceiling     INTEGER NOT NULL,
    sequence    INTEGER NOT NULL,
    items       INTEGER NOT NULL,
    sum         BLOB NOT NULL,
    stated_items INTEGER NOT NULL,
    stated_sum   BLOB NOT NULL,
    offered_at  INTEGER NOT NULL,
    decided_at  INTEGER,
    decided_by  TEXT,
    compared_at INTEGER,
    UNIQUE (collection, party, exercise)
) STRICT;
CREATE INDEX share_in_party ON share_in (party, exercise);

-- Messages about it that are taken and not carried out yet.
CREATE TABLE share_letter (
    share      BLOB NOT NULL REFERENCES share_in (id) ON DELETE CASCADE,
    sequence   INTEGER NOT NULL,
    message    BLOB NOT NULL,
    kind       TEXT NOT NULL,
    content    TEXT NOT NULL,
    files      TEXT NOT NULL,
    arrived_at INTEGER NOT NULL,
    PRIMARY KEY (share, sequence)
) STRICT, WITHOUT ROWID;

-- What was given and is not kept, and why.
CREATE TABLE share_unkept (
    share   BLOB NOT NULL REFERENCES share_in (id) ON DELETE CASCADE,
    stix_id TEXT NOT NULL,
    version TEXT NOT NULL,
    code    TEXT NOT NULL,
    PRIMARY KEY (share, stix_id, version)
) STRICT, WITHOUT ROWID;

-- What was removed because the steward said so, and what was stated about it.
CREATE TABLE share_removal (
    share      BLOB NOT NULL REFERENCES share_in (id) ON DELETE CASCADE,
    sequence   INTEGER NOT NULL,
    removed    INTEGER NOT NULL,
    gone_after INTEGER NOT NULL,
    gone_until INTEGER NOT NULL,
    done_at    INTEGER NOT NULL,
    stated     TEXT,
    message    BLOB,
    PRIMARY KEY (share, sequence)
) STRICT, WITHOUT ROWID;
