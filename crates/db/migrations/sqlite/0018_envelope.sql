-- Envelopes beside the rows of which they are the envelopes: the state of a message changes often and
-- is short, its envelope is long and never changes.
CREATE TABLE outbox_envelope (
    id       BLOB NOT NULL PRIMARY KEY REFERENCES outbox (id) ON DELETE CASCADE,
    envelope BLOB NOT NULL
) STRICT;

INSERT INTO outbox_envelope (id, envelope) SELECT id, envelope FROM outbox;
ALTER TABLE outbox DROP COLUMN envelope;

CREATE TABLE inbox_envelope (
    party    TEXT    NOT NULL,
    exercise INTEGER NOT NULL,
    id       BLOB    NOT NULL,
    envelope BLOB    NOT NULL,
    PRIMARY KEY (party, exercise, id),
    FOREIGN KEY (party, exercise, id) REFERENCES inbox (party, exercise, id) ON DELETE CASCADE
) STRICT;

INSERT INTO inbox_envelope (party, exercise, id, envelope)
SELECT party, exercise, id, envelope FROM inbox WHERE envelope IS NOT NULL;
ALTER TABLE inbox DROP COLUMN envelope;
