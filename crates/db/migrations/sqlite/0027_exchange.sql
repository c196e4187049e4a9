-- How events stand between this node and a remote.
CREATE TABLE misp_exchanged (
    remote    BLOB NOT NULL REFERENCES intel_remote (id) ON DELETE CASCADE,
    uuid      BLOB NOT NULL,
    timestamp INTEGER NOT NULL,
    standing  TEXT NOT NULL,
    code      TEXT,
    at        INTEGER NOT NULL,
    PRIMARY KEY (remote, uuid)
) STRICT, WITHOUT ROWID;

-- The whole of what an index tells, so that no event is opened for it.
CREATE INDEX misp_event_index ON misp_event
    (slot, id, uuid, tlp, timestamp, sighted_at, published, locked, distribution, orgc);
