CREATE TABLE incident_taken (
    incident UUID   NOT NULL PRIMARY KEY REFERENCES incident (id) ON DELETE CASCADE,
    sha256   BYTEA  NOT NULL,
    version  BIGINT NOT NULL,
    kept     TEXT COLLATE "C"
);

CREATE TABLE incident_unread (
    sha256   BYTEA   NOT NULL PRIMARY KEY,
    exercise BOOLEAN NOT NULL,
    tlp      INTEGER NOT NULL CHECK (tlp BETWEEN 0 AND 4),
    line     TEXT COLLATE "C" NOT NULL,
    kept_at  BIGINT  NOT NULL
);
