-- Who gave an entry. 0 is the house: its people, its events, and what it fetches; so is what stood there
-- before. Guests have numbers of their own.
CREATE TABLE intel_giver (
    number BIGINT NOT NULL PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE
);
ALTER TABLE collection_entry ADD COLUMN giver BIGINT NOT NULL DEFAULT 0;
