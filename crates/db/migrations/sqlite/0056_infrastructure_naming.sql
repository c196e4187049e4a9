CREATE TABLE infrastructure_naming (
    number     INTEGER NOT NULL PRIMARY KEY,
    at         INTEGER NOT NULL,
    user_id    BLOB    NOT NULL,
    may_read   INTEGER NOT NULL,
    may_edit   INTEGER NOT NULL,
    may_export INTEGER NOT NULL,
    by_whom    TEXT    NOT NULL,
    reason     TEXT    NOT NULL
) STRICT;

CREATE INDEX infrastructure_naming_user ON infrastructure_naming (user_id, number);
