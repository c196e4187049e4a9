-- Envelopes beside the rows of which they are the envelopes: the state of a message changes often and
-- is short, its envelope is long and never changes.
CREATE TABLE outbox_envelope (
    id       UUID  NOT NULL PRIMARY KEY REFERENCES outbox (id) ON DELETE CASCADE,
    envelope BYTEA NOT NULL
);

INSERT INTO outbox_envelope (id, envelope) SELECT id, envelope FROM outbox;
ALTER TABLE outbox DROP COLUMN envelope;

CREATE TABLE inbox_envelope (
    party    TEXT    COLLATE "C" NOT NULL,
    exercise BOOLEAN NOT NULL,
    id       UUID    NOT NULL,
    envelope BYTEA   NOT NULL,
    PRIMARY KEY (party, exercise, id),
    FOREIGN KEY (party, exercise, id) REFERENCES inbox (party, exercise, id) ON DELETE CASCADE
);

INSERT INTO inbox_envelope (party, exercise, id, envelope)
SELECT party, exercise, id, envelope FROM inbox WHERE envelope IS NOT NULL;
ALTER TABLE inbox DROP COLUMN envelope;
