CREATE TABLE constituency_organisation (
    number      INTEGER NOT NULL PRIMARY KEY,
    exercise    INTEGER NOT NULL,
    key         TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    reviewed_on INTEGER,
    review_due  INTEGER NOT NULL,
    UNIQUE (exercise, key)
) STRICT;

CREATE INDEX constituency_organisation_due ON constituency_organisation (exercise, review_due);

CREATE TABLE constituency_review (
    organisation INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    held_on      INTEGER NOT NULL,
    by_whom      TEXT    NOT NULL,
    found        TEXT    NOT NULL,
    PRIMARY KEY (organisation, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE constituency_product (
    number      INTEGER NOT NULL PRIMARY KEY,
    vendor      TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    vendor_key  TEXT    NOT NULL,
    product_key TEXT    NOT NULL,
    UNIQUE (vendor_key, product_key)
) STRICT;

CREATE TABLE constituency_asset (
    id           BLOB    NOT NULL PRIMARY KEY,
    exercise     INTEGER NOT NULL,
    organisation INTEGER NOT NULL,
    product      INTEGER NOT NULL,
    name         TEXT    NOT NULL,
    name_key     TEXT    NOT NULL,
    tag          TEXT    NOT NULL,
    version      TEXT    NOT NULL,
    cpe          TEXT    NOT NULL,
    purl         TEXT    NOT NULL,
    owner        TEXT    NOT NULL,
    place        TEXT    NOT NULL,
    digest       INTEGER NOT NULL,
    import       INTEGER NOT NULL,
    changed_at   INTEGER NOT NULL
) STRICT;

CREATE INDEX constituency_asset_name ON constituency_asset (exercise, name_key, id);
CREATE INDEX constituency_asset_organisation ON constituency_asset (organisation, name_key, id);
CREATE INDEX constituency_asset_product ON constituency_asset (product, exercise, name_key, id);
