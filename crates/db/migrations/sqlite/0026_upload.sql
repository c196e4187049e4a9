-- Files that are handed in piece by piece and looked at before they are taken in. stage: 0 while the
-- pieces come, 1 when the file is whole and waits, 2 when it has begun.
ALTER TABLE intel_import ADD COLUMN stage INTEGER NOT NULL DEFAULT 2 CHECK (stage BETWEEN 0 AND 2);
ALTER TABLE intel_import ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE intel_import ADD COLUMN form TEXT NOT NULL DEFAULT 'stix';
ALTER TABLE intel_import ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
-- A list of {place, name, count} in JSON.
ALTER TABLE intel_import ADD COLUMN losses TEXT NOT NULL DEFAULT '[]';
CREATE INDEX intel_import_waiting ON intel_import (requested_at) WHERE stage < 2;

-- Contents of a collection that is being taken away; empty outside of that transaction.
CREATE TABLE intel_dropped (
    object INTEGER NOT NULL PRIMARY KEY
) STRICT;
