-- Entries that refer to a marking definition which nobody here knew when they were added.
CREATE TABLE collection_unknown_mark (
    marking TEXT COLLATE "C" NOT NULL,
    slot    BIGINT NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    added   BIGINT NOT NULL,
    PRIMARY KEY (marking, slot, added)
);
CREATE INDEX collection_unknown_mark_slot ON collection_unknown_mark (slot);
