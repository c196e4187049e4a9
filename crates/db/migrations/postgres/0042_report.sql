CREATE TABLE report (
    id          UUID NOT NULL PRIMARY KEY,
    reference   TEXT COLLATE "C" NOT NULL UNIQUE,
    code_sha256 BYTEA UNIQUE,
    exercise    BOOLEAN NOT NULL,
    tlp         INTEGER NOT NULL,
    state       TEXT COLLATE "C" NOT NULL,
    version     BIGINT NOT NULL,
    door        TEXT COLLATE "C" NOT NULL,
    note        TEXT COLLATE "C",
    language    TEXT COLLATE "C" NOT NULL,
    kind        TEXT COLLATE "C",
    title       TEXT COLLATE "C",
    answers     TEXT COLLATE "C",
    incident    UUID,
    reason      TEXT COLLATE "C",
    split_from  TEXT COLLATE "C",
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    sent_at     BIGINT,
    listed_at   BIGINT NOT NULL
);

CREATE INDEX report_listed ON report (exercise, listed_at DESC, id DESC);
CREATE INDEX report_state ON report (exercise, state, listed_at DESC, id DESC);
CREATE INDEX report_split ON report (split_from) WHERE split_from IS NOT NULL;

CREATE TABLE report_named (
    report  UUID NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    user_id UUID NOT NULL,
    PRIMARY KEY (report, user_id)
);

CREATE TABLE report_addition (
    report  UUID NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    ordinal BIGINT NOT NULL,
    author  TEXT COLLATE "C" NOT NULL,
    at      BIGINT NOT NULL,
    text    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (report, ordinal)
);

CREATE TABLE report_form (
    exercise   BOOLEAN NOT NULL PRIMARY KEY,
    public     BOOLEAN NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE report_caller (
    minute BIGINT NOT NULL,
    caller BYTEA NOT NULL,
    taken  BIGINT NOT NULL,
    PRIMARY KEY (minute, caller)
);
