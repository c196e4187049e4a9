-- Numbers that MISP's users know things by; one that was given is never given again.
CREATE TABLE misp_counter (
    name TEXT NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;
INSERT INTO misp_counter (name, last) VALUES
    ('event', 0), ('attribute', 0), ('object', 0), ('tag', 0), ('org', 0), ('sighting', 0);

-- owner: 'house', a guest's user id, a party's code; empty for one that is known from events alone.
CREATE TABLE misp_org (
    id    INTEGER NOT NULL PRIMARY KEY,
    uuid  BLOB NOT NULL UNIQUE,
    name  TEXT NOT NULL,
    owner TEXT UNIQUE
) STRICT;

-- head is the event in MISP's format without its attributes and objects.
CREATE TABLE misp_event (
    id                INTEGER NOT NULL PRIMARY KEY,
    slot              INTEGER NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    uuid              BLOB NOT NULL,
    tlp               INTEGER NOT NULL,
    org               INTEGER NOT NULL REFERENCES misp_org (id),
    orgc              INTEGER NOT NULL REFERENCES misp_org (id),
    locked            INTEGER NOT NULL CHECK (locked IN (0, 1)),
    published         INTEGER NOT NULL CHECK (published IN (0, 1)),
    info              TEXT NOT NULL,
    date              TEXT NOT NULL,
    timestamp         INTEGER NOT NULL,
    publish_timestamp INTEGER NOT NULL,
    sighted_at        INTEGER NOT NULL,
    threat_level      INTEGER NOT NULL,
    analysis          INTEGER NOT NULL,
    distribution      INTEGER NOT NULL,
    attributes        INTEGER NOT NULL,
    parts             INTEGER NOT NULL,
    creator           TEXT NOT NULL,
    version           INTEGER NOT NULL,
    head              TEXT NOT NULL,
    losses            TEXT NOT NULL,
    UNIQUE (slot, uuid)
) STRICT;
CREATE INDEX misp_event_uuid      ON misp_event (uuid);
CREATE INDEX misp_event_timestamp ON misp_event (timestamp, id);
CREATE INDEX misp_event_published ON misp_event (publish_timestamp, id);
CREATE INDEX misp_event_orgc      ON misp_event (orgc, id);

-- body is the object in MISP's format without its attributes and without the numbers of any instance.
CREATE TABLE misp_object (
    id        INTEGER NOT NULL PRIMARY KEY,
    event     INTEGER NOT NULL REFERENCES misp_event (id) ON DELETE CASCADE,
    slot      INTEGER NOT NULL,
    uuid      BLOB NOT NULL,
    tlp       INTEGER NOT NULL,
    name      TEXT NOT NULL,
    template  TEXT NOT NULL,
    deleted   INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    timestamp INTEGER NOT NULL,
    body      TEXT NOT NULL,
    UNIQUE (slot, uuid)
) STRICT;
CREATE INDEX misp_object_event ON misp_object (event, id);

-- object is 0 for an attribute of the event itself; data is the attached file in base64.
CREATE TABLE misp_attribute (
    id        INTEGER NOT NULL PRIMARY KEY,
    event     INTEGER NOT NULL REFERENCES misp_event (id) ON DELETE CASCADE,
    object    INTEGER NOT NULL,
    slot      INTEGER NOT NULL,
    uuid      BLOB NOT NULL,
    tlp       INTEGER NOT NULL,
    type      TEXT NOT NULL,
    category  TEXT NOT NULL,
    relation  TEXT NOT NULL,
    value     TEXT NOT NULL,
    to_ids    INTEGER NOT NULL CHECK (to_ids IN (0, 1)),
    deleted   INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    timestamp INTEGER NOT NULL,
    body      TEXT NOT NULL,
    data      TEXT,
    UNIQUE (slot, uuid)
) STRICT;
CREATE INDEX misp_attribute_event     ON misp_attribute (event, object, id);
CREATE INDEX misp_attribute_uuid      ON misp_attribute (uuid);
CREATE INDEX misp_attribute_type      ON misp_attribute (type, id);
CREATE INDEX misp_attribute_timestamp ON misp_attribute (timestamp, id);

-- The values that an attribute is found by: the whole, the parts of a composite, their normal forms.
CREATE TABLE misp_value (
    norm      TEXT NOT NULL,
    attribute INTEGER NOT NULL REFERENCES misp_attribute (id) ON DELETE CASCADE,
    PRIMARY KEY (norm, attribute)
) STRICT, WITHOUT ROWID;
CREATE INDEX misp_value_attribute ON misp_value (attribute);

CREATE TABLE misp_tag (
    id       INTEGER NOT NULL PRIMARY KEY,
    exercise INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    name     TEXT NOT NULL,
    colour   TEXT NOT NULL,
    -- True if people made it; others are listed to those who see what has them.
    made     INTEGER NOT NULL CHECK (made IN (0, 1)),
    UNIQUE (exercise, name)
) STRICT;

-- attribute is 0 for a tag of the event itself.
CREATE TABLE misp_tagged (
    tag       INTEGER NOT NULL REFERENCES misp_tag (id),
    event     INTEGER NOT NULL REFERENCES misp_event (id) ON DELETE CASCADE,
    attribute INTEGER NOT NULL,
    slot      INTEGER NOT NULL,
    tlp       INTEGER NOT NULL,
    PRIMARY KEY (tag, event, attribute)
) STRICT, WITHOUT ROWID;
CREATE INDEX misp_tagged_event ON misp_tagged (event, attribute);
CREATE INDEX misp_tagged_slot  ON misp_tagged (tag, slot, tlp);

CREATE TABLE misp_sighting (
    id        INTEGER NOT NULL PRIMARY KEY,
    event     INTEGER NOT NULL REFERENCES misp_event (id) ON DELETE CASCADE,
    attribute INTEGER NOT NULL REFERENCES misp_attribute (id) ON DELETE CASCADE,
    uuid      BLOB NOT NULL,
    org       INTEGER NOT NULL REFERENCES misp_org (id),
    type      INTEGER NOT NULL,
    date      INTEGER NOT NULL,
    source    TEXT NOT NULL,
    body      TEXT NOT NULL,
    UNIQUE (attribute, uuid)
) STRICT;
CREATE INDEX misp_sighting_event ON misp_sighting (event, id);

-- The objects of STIX in the same collection that only this event stands behind, and its version then.
-- They are kept until they were taken out, though the event be gone.
CREATE TABLE misp_expressed (
    event   INTEGER NOT NULL,
    stix_id TEXT NOT NULL,
    slot    INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (event, stix_id)
) STRICT, WITHOUT ROWID;

-- Events, objects and attributes that were deleted for good stay so, however often they come again.
CREATE TABLE misp_tombstone (
    slot       INTEGER NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    uuid       BLOB NOT NULL,
    what       TEXT NOT NULL,
    deleted_at INTEGER NOT NULL,
    deleted_by TEXT NOT NULL,
    PRIMARY KEY (slot, uuid)
) STRICT, WITHOUT ROWID;
