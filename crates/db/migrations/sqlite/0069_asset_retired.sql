ALTER TABLE constituency_asset ADD COLUMN retired_at INTEGER;

CREATE INDEX constituency_asset_retired ON constituency_asset (exercise, name_key, id)
    WHERE retired_at IS NOT NULL;

ALTER TABLE constituency_import ADD COLUMN whole INTEGER NOT NULL DEFAULT 0;
ALTER TABLE constituency_import ADD COLUMN most INTEGER NOT NULL DEFAULT 0;
ALTER TABLE constituency_import ADD COLUMN returned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE constituency_import ADD COLUMN retired INTEGER NOT NULL DEFAULT 0;
ALTER TABLE constituency_import ADD COLUMN held INTEGER NOT NULL DEFAULT 0;

CREATE TABLE constituency_import_scope (
    import       INTEGER NOT NULL,
    organisation INTEGER NOT NULL,
    PRIMARY KEY (import, organisation)
) STRICT, WITHOUT ROWID;
