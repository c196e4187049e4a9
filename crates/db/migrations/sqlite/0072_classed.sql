-- Where lists have an incident of a class, or of one below it: RSIT and the sectors from the incident, all
-- others from its classes and, above these, from taxonomies that were imported. A class is named
-- `taxonomy:code`, in whichever version it was given.
CREATE TABLE incident_classed (
    class    TEXT    NOT NULL,
    sort_at  INTEGER NOT NULL,
    incident BLOB    NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    PRIMARY KEY (class, sort_at, incident)
) STRICT, WITHOUT ROWID;

INSERT INTO incident_classed (class, sort_at, incident)
SELECT 'rsit:' || rsit_class, sort_at, id FROM incident WHERE rsit_class IS NOT NULL
UNION ALL
SELECT 'rsit:' || rsit_class || '/' || rsit_type, sort_at, id FROM incident
WHERE rsit_class IS NOT NULL AND rsit_type IS NOT NULL
UNION ALL
SELECT 'nis2-sectors:' || sector, sort_at, incident FROM incident_sector;

INSERT INTO incident_classed (class, sort_at, incident)
WITH RECURSIVE up (incident, taxonomy, version, code) AS (
    SELECT incident, taxonomy, version, code FROM incident_class
    UNION
    SELECT up.incident, up.taxonomy, up.version, e.parent FROM up
    JOIN taxonomy t ON t.name = up.taxonomy AND t.version = up.version
    JOIN taxonomy_entry e ON e.taxonomy = t.number AND e.code = up.code
    WHERE e.parent IS NOT NULL
)
SELECT DISTINCT up.taxonomy || ':' || up.code, i.sort_at, i.id
FROM up JOIN incident i ON i.id = up.incident WHERE true
ON CONFLICT DO NOTHING;

CREATE INDEX incident_classed_of ON incident_classed (incident);
