ALTER TABLE constituency_asset ADD COLUMN retired_at BIGINT;

CREATE INDEX constituency_asset_retired ON constituency_asset (exercise, name_key, id)
    WHERE retired_at IS NOT NULL;

ALTER TABLE constituency_import ADD COLUMN whole BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE constituency_import ADD COLUMN most BIGINT NOT NULL DEFAULT 0;
ALTER TABLE constituency_import ADD COLUMN returned BIGINT NOT NULL DEFAULT 0;
ALTER TABLE constituency_import ADD COLUMN retired BIGINT NOT NULL DEFAULT 0;
ALTER TABLE constituency_import ADD COLUMN held BIGINT NOT NULL DEFAULT 0;

CREATE TABLE constituency_import_scope (
    import BIGINT NOT NULL,
    organisation BIGINT NOT NULL,
    PRIMARY KEY (import, organisation)
);
