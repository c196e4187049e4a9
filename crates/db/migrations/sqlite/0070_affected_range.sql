CREATE TABLE constituency_named (
    number      INTEGER NOT NULL PRIMARY KEY,
    cve         TEXT    NOT NULL,
    origin      TEXT    NOT NULL,
    vendor      TEXT    NOT NULL,
    product     TEXT    NOT NULL,
    vendor_key  TEXT    NOT NULL,
    product_key TEXT    NOT NULL,
    fallback    TEXT    NOT NULL,
    entries     TEXT    NOT NULL,
    source      TEXT    NOT NULL
) STRICT;

CREATE INDEX constituency_named_cve ON constituency_named (cve, origin);
