-- Who gave an entry. 0 is the house: its people, its events, and what it fetches; so is what stood there
-- before. Guests have numbers of their own.
CREATE TABLE intel_giver (
    number INTEGER NOT NULL PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE
) STRICT;
ALTER TABLE collection_entry ADD COLUMN giver INTEGER NOT NULL DEFAULT 0;
