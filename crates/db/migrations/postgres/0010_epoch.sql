-- A node that was restored from a backup goes on in a new epoch of its ledger. Of a peer: the epoch
-- that it goes on in by its newest signed statement, and that statement.
ALTER TABLE peer ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE peer ADD COLUMN restored TEXT;

-- The epoch of our own ledger in which a received message has its leaf.
ALTER TABLE inbox ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;
