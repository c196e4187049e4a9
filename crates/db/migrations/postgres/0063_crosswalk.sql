-- Cross-walks that were imported; those that ship with the program are not here.
CREATE TABLE crosswalk (
    number       BIGINT NOT NULL PRIMARY KEY,
    name         TEXT COLLATE "C" NOT NULL,
    version      TEXT COLLATE "C" NOT NULL,
    from_name    TEXT COLLATE "C" NOT NULL,
    from_version TEXT COLLATE "C",
    to_name      TEXT COLLATE "C" NOT NULL,
    to_version   TEXT COLLATE "C",
    source       TEXT COLLATE "C",
    licence      TEXT COLLATE "C",
    entries      BIGINT NOT NULL,
    imported_by  TEXT COLLATE "C" NOT NULL,
    imported_at  BIGINT NOT NULL,
    UNIQUE (name, version)
);

CREATE TABLE crosswalk_row (
    crosswalk BIGINT NOT NULL REFERENCES crosswalk (number) ON DELETE CASCADE,
    from_code TEXT COLLATE "C" NOT NULL,
    to_code   TEXT COLLATE "C" NOT NULL,
    relation  TEXT COLLATE "C" NOT NULL,
    note      TEXT COLLATE "C",
    PRIMARY KEY (crosswalk, from_code, to_code)
);
