CREATE TABLE access_answer (
    user_id        UUID   NOT NULL REFERENCES access_user (id),
    key            TEXT COLLATE "C" NOT NULL,
    request_sha256 BYTEA  NOT NULL,
    answer         BYTEA,
    begun_at       BIGINT NOT NULL,
    PRIMARY KEY (user_id, key)
);

CREATE INDEX access_answer_age ON access_answer (begun_at);
