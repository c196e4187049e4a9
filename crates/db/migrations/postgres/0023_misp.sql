-- Numbers that MISP's users know things by; one that was given is never given again.
CREATE TABLE misp_counter (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO misp_counter (name, last) VALUES
    ('event', 0), ('attribute', 0), ('object', 0), ('tag', 0), ('org', 0), ('sighting', 0);

-- owner: 'house', a guest's user id, a party's code; empty for one that is known from events alone.
CREATE TABLE misp_org (
    id    BIGINT NOT NULL PRIMARY KEY,
    uuid  UUID NOT NULL UNIQUE,
    name  TEXT NOT NULL,
    owner TEXT COLLATE "C" UNIQUE
);

-- head is the event in MISP's format without its attributes and objects.
CREATE TABLE misp_event (
    id                BIGINT NOT NULL PRIMARY KEY,
    slot              BIGINT NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    uuid              UUID NOT NULL,
    tlp               INTEGER NOT NULL,
    org               BIGINT NOT NULL REFERENCES misp_org (id),
    orgc              BIGINT NOT NULL REFERENCES misp_org (id),
    locked            BOOLEAN NOT NULL,
    published         BOOLEAN NOT NULL,
    info              TEXT NOT NULL,
    date              TEXT COLLATE "C" NOT NULL,
    timestamp         BIGINT NOT NULL,
    publish_timestamp BIGINT NOT NULL,
    sighted_at        BIGINT NOT NULL,
    threat_level      INTEGER NOT NULL,
    analysis          INTEGER NOT NULL,
    distribution      INTEGER NOT NULL,
    attributes        BIGINT NOT NULL,
    parts             BIGINT NOT NULL,
    creator           TEXT NOT NULL,
    version           BIGINT NOT NULL,
    head              TEXT NOT NULL,
    losses            TEXT NOT NULL,
    UNIQUE (slot, uuid)
);
CREATE INDEX misp_event_uuid      ON misp_event (uuid);
CREATE INDEX misp_event_timestamp ON misp_event (timestamp, id);
CREATE INDEX misp_event_published ON misp_event (publish_timestamp, id);
CREATE INDEX misp_event_orgc      ON misp_event (orgc, id);

-- body is the object in MISP's format without its attributes and without the numbers of any instance.
CREATE TABLE misp_object (
    id        BIGINT NOT NULL PRIMARY KEY,
    event     BIGINT NOT NULL REFERENCES misp_event (id) ON DELETE CASCADE,
    slot      BIGINT NOT NULL,
    uuid      UUID NOT NULL,
    tlp       INTEGER NOT NULL,
    name      TEXT NOT NULL,
    template  TEXT NOT NULL,
    deleted   BOOLEAN NOT NULL,
    timestamp BIGINT NOT NULL,
    body      TEXT NOT NULL,
    UNIQUE (slot, uuid)
);
CREATE INDEX misp_object_event ON misp_object (event, id);

-- object is 0 for an attribute of the event itself; data is the attached file in base64.
CREATE TABLE misp_attribute (
    id        BIGINT NOT NULL PRIMARY KEY,
    event     BIGINT NOT NULL REFERENCES misp_event (id) ON DELETE CASCADE,
    object    BIGINT NOT NULL,
    slot      BIGINT NOT NULL,
    uuid      UUID NOT NULL,
    tlp       INTEGER NOT NULL,
    type      TEXT COLLATE "C" NOT NULL,
    category  TEXT COLLATE "C" NOT NULL,
    relation  TEXT NOT NULL,
    value     TEXT NOT NULL,
    to_ids    BOOLEAN NOT NULL,
    deleted   BOOLEAN NOT NULL,
    timestamp BIGINT NOT NULL,
    body      TEXT NOT NULL,
    data      TEXT,
    UNIQUE (slot, uuid)
);
CREATE INDEX misp_attribute_event     ON misp_attribute (event, object, id);
CREATE INDEX misp_attribute_uuid      ON misp_attribute (uuid);
CREATE INDEX misp_attribute_type      ON misp_attribute (type, id);
CREATE INDEX misp_attribute_timestamp ON misp_attribute (timestamp, id);

-- The values that an attribute is found by: the whole, the parts of a composite, their normal forms.
CREATE TABLE misp_value (
    norm      TEXT COLLATE "C" NOT NULL,
    attribute BIGINT NOT NULL REFERENCES misp_attribute (id) ON DELETE CASCADE,
    PRIMARY KEY (norm, attribute)
);
CREATE INDEX misp_value_attribute ON misp_value (attribute);

CREATE TABLE misp_tag (
    id       BIGINT NOT NULL PRIMARY KEY,
    exercise BOOLEAN NOT NULL,
    name     TEXT COLLATE "C" NOT NULL,
    colour   TEXT NOT NULL,
    -- True if people made it; others are listed to those who see what has them.
    made     BOOLEAN NOT NULL,
    UNIQUE (exercise, name)
);

-- attribute is 0 for a tag of the event itself.
CREATE TABLE misp_tagged (
    tag       BIGINT NOT NULL REFERENCES misp_tag (id),
    event     BIGINT NOT NULL REFERENCES misp_event (id) ON DELETE CASCADE,
    attribute BIGINT NOT NULL,
    slot      BIGINT NOT NULL,
    tlp       INTEGER NOT NULL,
    PRIMARY KEY (tag, event, attribute)
);
CREATE INDEX misp_tagged_event ON misp_tagged (event, attribute);
CREATE INDEX misp_tagged_slot  ON misp_tagged (tag, slot, tlp);

CREATE TABLE misp_sighting (
    id        BIGINT NOT NULL PRIMARY KEY,
    event     BIGINT NOT NULL REFERENCES misp_event (id) ON DELETE CASCADE,
    attribute BIGINT NOT NULL REFERENCES misp_attribute (id) ON DELETE CASCADE,
    uuid      UUID NOT NULL,
    org       BIGINT NOT NULL REFERENCES misp_org (id),
    type      INTEGER NOT NULL,
    date      BIGINT NOT NULL,
    source    TEXT NOT NULL,
    body      TEXT NOT NULL,
    UNIQUE (attribute, uuid)
);
CREATE INDEX misp_sighting_event ON misp_sighting (event, id);

-- The objects of STIX in the same collection that only this event stands behind, and its version then.
-- They are kept until they were taken out, though the event be gone.
CREATE TABLE misp_expressed (
    event   BIGINT NOT NULL,
    stix_id TEXT COLLATE "C" NOT NULL,
    slot    BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (event, stix_id)
);

-- Events, objects and attributes that were deleted for good stay so, however often they come again.
CREATE TABLE misp_tombstone (
    slot       BIGINT NOT NULL REFERENCES collection (slot) ON DELETE CASCADE,
    uuid       UUID NOT NULL,
    what       TEXT NOT NULL,
    deleted_at BIGINT NOT NULL,
    deleted_by TEXT NOT NULL,
    PRIMARY KEY (slot, uuid)
);
