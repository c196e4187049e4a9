CREATE TABLE infrastructure_grant (
    user_id UUID NOT NULL PRIMARY KEY,
    may_edit BOOLEAN NOT NULL,
    may_export BOOLEAN NOT NULL,
    granted_at BIGINT NOT NULL,
    granted_by TEXT COLLATE "C" NOT NULL
);

CREATE TABLE infrastructure_record (
    id UUID NOT NULL PRIMARY KEY,
    exercise BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX infrastructure_record_mode ON infrastructure_record (exercise, id);
