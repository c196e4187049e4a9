CREATE TABLE report (
    id          BLOB    NOT NULL PRIMARY KEY,
    reference   TEXT    NOT NULL UNIQUE,
    code_sha256 BLOB    UNIQUE,
    exercise    INTEGER NOT NULL,
    tlp         INTEGER NOT NULL,
    state       TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    door        TEXT    NOT NULL,
    note        TEXT,
    language    TEXT    NOT NULL,
    kind        TEXT,
    title       TEXT,
    answers     TEXT,
    incident    BLOB,
    reason      TEXT,
    split_from  TEXT,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    sent_at     INTEGER,
    listed_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX report_listed ON report (exercise, listed_at DESC, id DESC);
CREATE INDEX report_state ON report (exercise, state, listed_at DESC, id DESC);
CREATE INDEX report_split ON report (split_from) WHERE split_from IS NOT NULL;

CREATE TABLE report_named (
    report  BLOB NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    user_id BLOB NOT NULL,
    PRIMARY KEY (report, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE report_addition (
    report  BLOB    NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    author  TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    text    TEXT    NOT NULL,
    PRIMARY KEY (report, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE report_form (
    exercise   INTEGER NOT NULL PRIMARY KEY,
    public     INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE report_caller (
    minute INTEGER NOT NULL,
    caller BLOB    NOT NULL,
    taken  INTEGER NOT NULL,
    PRIMARY KEY (minute, caller)
) STRICT, WITHOUT ROWID;
