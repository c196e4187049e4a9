-- A collection of another party, and whether those who get a collection may pass it on.
ALTER TABLE collection ADD COLUMN steward TEXT;
ALTER TABLE collection ADD COLUMN onward BOOLEAN NOT NULL DEFAULT false;

-- Collections that have changed since those who get them were last told.
CREATE TABLE collection_changed (
    slot BIGINT NOT NULL PRIMARY KEY REFERENCES collection (slot) ON DELETE CASCADE
);

-- Entries that were taken out. gone is a place of the order in which places are given.
CREATE TABLE collection_gone (
    slot    BIGINT NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    gone    BIGINT NOT NULL,
    added   BIGINT NOT NULL,
    stix_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (slot, gone)
);

-- What is told to one party of one collection. It outlives the collection.
CREATE TABLE share (
    id           UUID NOT NULL PRIMARY KEY,
    collection   UUID NOT NULL,
    exercise     BOOLEAN NOT NULL,
    party        TEXT COLLATE "C" NOT NULL,
    title        TEXT NOT NULL,
    state        TEXT COLLATE "C" NOT NULL,
    via          UUID,
    sequence     BIGINT NOT NULL,
    place        BIGINT NOT NULL,
    gone         BIGINT NOT NULL,
    mask         INTEGER NOT NULL,
    told         BIGINT NOT NULL,
    resume       BOOLEAN NOT NULL,
    items        BIGINT NOT NULL,
    sum          BYTEA NOT NULL,
    changed_at   BIGINT NOT NULL,
    compared_at  BIGINT,
    their_state    TEXT,
    their_sequence BIGINT,
    their_items    BIGINT,
    their_sum      BYTEA,
    UNIQUE (collection, party, exercise)
);
CREATE INDEX share_party ON share (party, exercise);

-- What the party was given and was not told to remove.
CREATE TABLE share_item (
    share   UUID NOT NULL REFERENCES share (id) ON DELETE CASCADE,
    added   BIGINT NOT NULL,
    stix_id TEXT COLLATE "C" NOT NULL,
    sha256  BYTEA NOT NULL,
    tlp     INTEGER NOT NULL,
    PRIMARY KEY (share, added)
);
CREATE INDEX share_item_id ON share_item (share, stix_id);

-- What was sent, and for removals who has stated that it was done.
CREATE TABLE share_sent (
    share        UUID NOT NULL REFERENCES share (id) ON DELETE CASCADE,
    sequence     BIGINT NOT NULL,
    kind         TEXT COLLATE "C" NOT NULL,
    message      UUID NOT NULL,
    items        BIGINT NOT NULL,
    gone_after   BIGINT NOT NULL,
    gone_until   BIGINT NOT NULL,
    sent_at      BIGINT NOT NULL,
    confirmed_at BIGINT,
    removed      BIGINT,
    onward       TEXT,
    PRIMARY KEY (share, sequence)
);
CREATE INDEX share_sent_message ON share_sent (message);

-- Where the two sides differ. Shown until it is resolved.
CREATE TABLE share_gap (
    share   UUID NOT NULL REFERENCES share (id) ON DELETE CASCADE,
    stix_id TEXT COLLATE "C" NOT NULL,
    sha256  BYTEA NOT NULL,
    gap     TEXT COLLATE "C" NOT NULL,
    since   BIGINT NOT NULL,
    PRIMARY KEY (share, stix_id, sha256)
);

-- What another party shares with this one.
CREATE TABLE share_in (
    id          UUID NOT NULL PRIMARY KEY,
    party       TEXT COLLATE "C" NOT NULL,
    collection  UUID NOT NULL,
    exercise    BOOLEAN NOT NULL,
    state       TEXT COLLATE "C" NOT NULL,
    via         UUID,
    about       TEXT NOT NULL,
    kept_as     UUID,
    ceiling     INTEGER NOT NULL,
    sequence    BIGINT NOT NULL,
    items       BIGINT NOT NULL,
    sum         BYTEA NOT NULL,
    stated_items BIGINT NOT NULL,
    stated_sum   BYTEA NOT NULL,
    offered_at  BIGINT NOT NULL,
    decided_at  BIGINT,
    decided_by  TEXT,
    compared_at BIGINT,
    UNIQUE (collection, party, exercise)
);
CREATE INDEX share_in_party ON share_in (party, exercise);

-- Messages about it that are taken and not carried out yet.
CREATE TABLE share_letter (
    share      UUID NOT NULL REFERENCES share_in (id) ON DELETE CASCADE,
    sequence   BIGINT NOT NULL,
    message    UUID NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    content    TEXT NOT NULL,
    files      TEXT NOT NULL,
    arrived_at BIGINT NOT NULL,
    PRIMARY KEY (share, sequence)
);

-- What was given and is not kept, and why.
CREATE TABLE share_unkept (
    share   UUID NOT NULL REFERENCES share_in (id) ON DELETE CASCADE,
    stix_id TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    code    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (share, stix_id, version)
);

-- What was removed because the steward said so, and what was stated about it.
CREATE TABLE share_removal (
    share      UUID NOT NULL REFERENCES share_in (id) ON DELETE CASCADE,
    sequence   BIGINT NOT NULL,
    removed    BIGINT NOT NULL,
    gone_after BIGINT NOT NULL,
    gone_until BIGINT NOT NULL,
    done_at    BIGINT NOT NULL,
    stated     TEXT,
    message    UUID,
    PRIMARY KEY (share, sequence)
);
