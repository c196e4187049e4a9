CREATE TABLE access_answer (
    user_id        BLOB    NOT NULL REFERENCES access_user (id),
    key            TEXT    NOT NULL,
    request_sha256 BLOB    NOT NULL,
    answer         BLOB,
    begun_at       INTEGER NOT NULL,
    PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX access_answer_age ON access_answer (begun_at);
