-- Which versions of which objects of STIX each event stands behind, by their digests, and its version
-- then; shared is set for objects that others may stand behind too. An empty digest is that of a row
-- that was written before.
DROP INDEX misp_expressed_object;
ALTER TABLE misp_expressed RENAME TO misp_expressed_before;
CREATE TABLE misp_expressed (
    event   BIGINT NOT NULL,
    stix_id TEXT COLLATE "C" NOT NULL,
    sha256  BYTEA NOT NULL,
    slot    BIGINT NOT NULL,
    version BIGINT NOT NULL,
    shared  BOOLEAN NOT NULL,
    PRIMARY KEY (event, stix_id, sha256)
);
INSERT INTO misp_expressed (event, stix_id, sha256, slot, version, shared)
    SELECT event, stix_id, CAST('' AS bytea), slot, version, false FROM misp_expressed_before;
DROP TABLE misp_expressed_before;
CREATE INDEX misp_expressed_object ON misp_expressed (slot, stix_id);
