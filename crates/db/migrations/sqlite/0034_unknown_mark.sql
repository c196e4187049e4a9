-- Entries that refer to a marking definition which nobody here knew when they were added.
CREATE TABLE collection_unknown_mark (
    marking TEXT NOT NULL,
    slot    INTEGER NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    added   INTEGER NOT NULL,
    PRIMARY KEY (marking, slot, added)
) STRICT, WITHOUT ROWID;
CREATE INDEX collection_unknown_mark_slot ON collection_unknown_mark (slot);
