-- Threads: what lists are narrowed and ordered by. All of it follows from the messages.
CREATE TABLE exchange_thread (
    exercise   BOOLEAN NOT NULL,
    party      TEXT COLLATE "C"    NOT NULL,
    id         UUID    NOT NULL,
    created_at BIGINT NOT NULL,
    last_at    BIGINT NOT NULL,
    state      TEXT COLLATE "C"    NOT NULL CHECK (state IN ('open', 'closing', 'closed')),
    closes_at  BIGINT,
    PRIMARY KEY (exercise, party, id)
);

CREATE INDEX exchange_thread_order ON exchange_thread (exercise, last_at, id);
CREATE INDEX exchange_thread_id    ON exchange_thread (exercise, id);

-- Messages, ours and theirs. Title and body are sealed under the node's data key; a message that was
-- taken back keeps its row and loses both. `desk` has bit 0 for a technical desk of ours and bit 1
-- for a diplomatic one. `waits` is 1 if an asking message waits for us, 2 if for them, else 0.
CREATE TABLE exchange_message (
    exercise  BOOLEAN NOT NULL,
    party     TEXT COLLATE "C"    NOT NULL,
    id        UUID    NOT NULL,
    thread    UUID    NOT NULL,
    ours      BOOLEAN NOT NULL,
    tlp       INTEGER NOT NULL CHECK (tlp BETWEEN 0 AND 4),
    author    UUID,
    desk      INTEGER NOT NULL CHECK (desk BETWEEN 1 AND 3),
    at        BIGINT NOT NULL,
    header    TEXT COLLATE "C"    NOT NULL,
    sha256    BYTEA    NOT NULL,
    said      TEXT COLLATE "C"    NOT NULL,
    title     BYTEA,
    body      BYTEA,
    gone_at   BIGINT,
    waits     INTEGER NOT NULL DEFAULT 0 CHECK (waits BETWEEN 0 AND 2),
    ack_by    BIGINT,
    answer_by BIGINT,
    next_by   BIGINT,
    PRIMARY KEY (exercise, party, id)
);

CREATE INDEX exchange_message_thread ON exchange_message (exercise, party, thread, at);
CREATE INDEX exchange_message_id     ON exchange_message (exercise, id);
CREATE INDEX exchange_message_clock  ON exchange_message (exercise, next_by) WHERE next_by IS NOT NULL;
CREATE INDEX exchange_message_waits  ON exchange_message (exercise, waits) WHERE waits <> 0;

-- Who says that he removed what a withdrawal of ours took back.
CREATE TABLE exchange_removal (
    exercise   BOOLEAN NOT NULL,
    party      TEXT COLLATE "C"    NOT NULL,
    withdrawal UUID    NOT NULL,
    removed_at BIGINT NOT NULL,
    PRIMARY KEY (exercise, party, withdrawal)
);

-- Files: put and not sent yet (no message), sent, and received. `blob` is the sealed file that this
-- node can open, `travels` the one that goes to the other party. Name and media type of a file that
-- was not sent yet are sealed; later they stand in the body.
CREATE TABLE exchange_file (
    id         UUID    NOT NULL PRIMARY KEY,
    exercise   BOOLEAN NOT NULL,
    party      TEXT COLLATE "C",
    message    UUID,
    number     INTEGER,
    owner      UUID,
    named      BYTEA,
    size       BIGINT,
    sha256     BYTEA,
    blob       BYTEA    NOT NULL,
    travels    BYTEA,
    state      TEXT COLLATE "C"    NOT NULL CHECK (state IN ('unread', 'good', 'damaged')),
    created_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX exchange_file_of ON exchange_file (exercise, party, message, number)
    WHERE message IS NOT NULL;

CREATE INDEX exchange_file_blob    ON exchange_file (blob);
CREATE INDEX exchange_file_travels ON exchange_file (travels);

-- Until when a user has read a thread.
CREATE TABLE exchange_seen (
    user_id  UUID    NOT NULL,
    exercise BOOLEAN NOT NULL,
    party    TEXT COLLATE "C"    NOT NULL,
    thread   UUID    NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (user_id, exercise, party, thread)
);
