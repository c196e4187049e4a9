-- Events of a collection by label, the newest first, so that a page of them reads nothing else.
CREATE INDEX misp_event_newest ON misp_event (slot, tlp, timestamp, id);

-- A page of an event reads nothing of what was taken back or is not seen.
CREATE INDEX misp_attribute_page ON misp_attribute (event, object, deleted, tlp, id);
DROP INDEX misp_attribute_event;
CREATE INDEX misp_object_page ON misp_object (event, deleted, tlp, id);

-- How many attributes and objects of each label an event has that were not taken back.
CREATE TABLE misp_event_count (
    event      BIGINT NOT NULL REFERENCES misp_event (id) ON DELETE CASCADE,
    tlp        INTEGER NOT NULL,
    attributes BIGINT NOT NULL,
    objects    BIGINT NOT NULL,
    PRIMARY KEY (event, tlp)
);
INSERT INTO misp_event_count (event, tlp, attributes, objects)
    SELECT event, tlp, sum(attributes), sum(objects) FROM (
        SELECT event, tlp, count(*) AS attributes, 0 AS objects FROM misp_attribute
            WHERE NOT deleted GROUP BY event, tlp
        UNION ALL
        SELECT event, tlp, 0 AS attributes, count(*) AS objects FROM misp_object
            WHERE NOT deleted GROUP BY event, tlp
    ) AS counted GROUP BY event, tlp;

-- The events behind an object of STIX.
CREATE INDEX misp_expressed_object ON misp_expressed (slot, stix_id);

-- Which entries refer to an object: relationships by their ends, reports and the like by what they are
-- about. What was there before is brought in by the job of the index.
CREATE TABLE intel_reference (
    to_id TEXT COLLATE "C" NOT NULL,
    slot  BIGINT NOT NULL,
    added BIGINT NOT NULL,
    PRIMARY KEY (to_id, slot, added)
);
