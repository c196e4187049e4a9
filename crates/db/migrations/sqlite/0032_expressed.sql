-- Which versions of which objects of STIX each event stands behind, by their digests, and its version
-- then; shared is set for objects that others may stand behind too. An empty digest is that of a row
-- that was written before.
DROP INDEX misp_expressed_object;
ALTER TABLE misp_expressed RENAME TO misp_expressed_before;
CREATE TABLE misp_expressed (
    event   INTEGER NOT NULL,
    stix_id TEXT NOT NULL,
    sha256  BLOB NOT NULL,
    slot    INTEGER NOT NULL,
    version INTEGER NOT NULL,
    shared  INTEGER NOT NULL,
    PRIMARY KEY (event, stix_id, sha256)
) STRICT, WITHOUT ROWID;
INSERT INTO misp_expressed (event, stix_id, sha256, slot, version, shared)
    SELECT event, stix_id, x'', slot, version, 0 FROM misp_expressed_before;
DROP TABLE misp_expressed_before;
CREATE INDEX misp_expressed_object ON misp_expressed (slot, stix_id);
