-- What stands beside an object is told by its label: a version that is marked more strictly neither
-- hides an older one from who does not see it, nor is it told that something was deleted.

-- The label of what was deleted. Who saw none of it, is told nothing of it.
ALTER TABLE collection_tombstone ADD COLUMN tlp INTEGER NOT NULL DEFAULT 0;

-- In class, three bits from 128, 1024 and 8192 on have 7 less the label below which an entry is the
-- newest, the oldest, or of the newest specification; nothing where it is so for all.
UPDATE collection_entry SET class = (class & 71)
    + COALESCE((SELECT CASE WHEN min(o.class & 7) <= (collection_entry.class & 7) THEN 0
                            ELSE 8 + ((7 - min(o.class & 7)) << 7) END
                FROM collection_entry AS o
                WHERE o.slot = collection_entry.slot AND o.stix_id = collection_entry.stix_id
                AND (o.class & 64) = (collection_entry.class & 64)
                AND (o.version > collection_entry.version
                     OR (o.version = collection_entry.version AND o.added < collection_entry.added))
                HAVING count(*) > 0), 8)
    + COALESCE((SELECT CASE WHEN min(o.class & 7) <= (collection_entry.class & 7) THEN 0
                            ELSE 16 + ((7 - min(o.class & 7)) << 10) END
                FROM collection_entry AS o
                WHERE o.slot = collection_entry.slot AND o.stix_id = collection_entry.stix_id
                AND (o.class & 64) = (collection_entry.class & 64)
                AND (o.version < collection_entry.version
                     OR (o.version = collection_entry.version AND o.added < collection_entry.added))
                HAVING count(*) > 0), 16)
    + COALESCE((SELECT CASE WHEN min(o.class & 7) <= (collection_entry.class & 7) THEN 0
                            ELSE 32 + ((7 - min(o.class & 7)) << 13) END
                FROM collection_entry AS o
                WHERE o.slot = collection_entry.slot AND o.stix_id = collection_entry.stix_id
                AND (o.class & 64) > (collection_entry.class & 64)
                HAVING count(*) > 0), 32)
WHERE EXISTS (SELECT 1 FROM collection_entry AS o
              WHERE o.slot = collection_entry.slot AND o.stix_id = collection_entry.stix_id
              AND (o.class & 7) <> (collection_entry.class & 7));

DELETE FROM collection_count
WHERE slot IN (SELECT slot FROM collection_entry WHERE class >= 128);
INSERT INTO collection_count (slot, type, class, entries)
SELECT slot, type, class, count(*) FROM collection_entry
WHERE slot IN (SELECT slot FROM collection_entry WHERE class >= 128)
GROUP BY slot, type, class;
INSERT INTO collection_count (slot, type, class, entries)
SELECT slot, '', class, count(*) FROM collection_entry
WHERE slot IN (SELECT slot FROM collection_entry WHERE class >= 128)
GROUP BY slot, class;
