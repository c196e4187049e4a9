-- How events stand between this node and a remote.
CREATE TABLE misp_exchanged (
    remote    UUID NOT NULL REFERENCES intel_remote (id) ON DELETE CASCADE,
    uuid      UUID NOT NULL,
    timestamp BIGINT NOT NULL,
    standing  TEXT NOT NULL,
    code      TEXT,
    at        BIGINT NOT NULL,
    PRIMARY KEY (remote, uuid)
);

-- The whole of what an index tells, so that no event is opened for it.
CREATE INDEX misp_event_index ON misp_event
    (slot, id, uuid, tlp, timestamp, sighted_at, published, locked, distribution, orgc);
