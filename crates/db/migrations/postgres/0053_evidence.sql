-- Evidence of incidents, and who had it in hand. The bytes lie in the folder of sealed files, piece by
-- piece, under a key of the item's own, which is sealed with the node's data key: once that is gone,
-- nothing opens them.
CREATE TABLE incident_item (
    id           UUID    NOT NULL PRIMARY KEY,
    incident     UUID    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    number       BIGINT NOT NULL,
    tlp          INTEGER NOT NULL CHECK (tlp BETWEEN 0 AND 4),
    state        TEXT COLLATE "C"    NOT NULL,
    name         TEXT COLLATE "C"    NOT NULL,
    kind         TEXT COLLATE "C"    NOT NULL,
    collected_at BIGINT,
    collected_fidelity TEXT COLLATE "C",
    collected_by TEXT COLLATE "C",
    place        TEXT COLLATE "C",
    description  TEXT COLLATE "C"    NOT NULL,
    size         BIGINT NOT NULL,
    sha256       BYTEA,
    sealed_key   BYTEA,
    holder       TEXT COLLATE "C",
    put_by       TEXT COLLATE "C"    NOT NULL,
    put_at       BIGINT NOT NULL
);

CREATE INDEX incident_item_of ON incident_item (incident, number);

CREATE TABLE incident_item_piece (
    item     UUID    NOT NULL REFERENCES incident_item (id) ON DELETE CASCADE,
    ordinal  BIGINT NOT NULL,
    file     BYTEA    NOT NULL,
    PRIMARY KEY (item, ordinal)
);

CREATE TABLE incident_item_custody (
    item     UUID    NOT NULL REFERENCES incident_item (id) ON DELETE CASCADE,
    ordinal  BIGINT NOT NULL,
    act      TEXT COLLATE "C"    NOT NULL,
    at       BIGINT NOT NULL,
    who      TEXT COLLATE "C"    NOT NULL,
    reason   TEXT COLLATE "C"    NOT NULL,
    receiver TEXT COLLATE "C",
    user_id  UUID,
    answers  BIGINT,
    outcome  TEXT COLLATE "C",
    leaf     BIGINT NOT NULL,
    PRIMARY KEY (item, ordinal)
);

-- A hand-over is answered once.
CREATE UNIQUE INDEX incident_item_custody_answers ON incident_item_custody (item, answers) WHERE answers IS NOT NULL;
