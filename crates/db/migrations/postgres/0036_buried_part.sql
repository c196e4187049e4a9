-- The event, or part of one, with which an object was deleted that stood for it: it comes back with it.
ALTER TABLE collection_tombstone ADD COLUMN part UUID;
CREATE INDEX collection_tombstone_part ON collection_tombstone (slot, part) WHERE part IS NOT NULL;
