CREATE TABLE infrastructure_grant (
    user_id     BLOB    NOT NULL PRIMARY KEY,
    may_edit    INTEGER NOT NULL,
    may_export  INTEGER NOT NULL,
    granted_at  INTEGER NOT NULL,
    granted_by  TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE infrastructure_record (
    id         BLOB    NOT NULL PRIMARY KEY,
    exercise   INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    body       BLOB    NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX infrastructure_record_mode ON infrastructure_record (exercise, id);
