-- Threads: what lists are narrowed and ordered by. All of it follows from the messages.
CREATE TABLE exchange_thread (
    exercise   INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    party      TEXT    NOT NULL,
    id         BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    last_at    INTEGER NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('open', 'closing', 'closed')),
    closes_at  INTEGER,
    PRIMARY KEY (exercise, party, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX exchange_thread_order ON exchange_thread (exercise, last_at, id);
CREATE INDEX exchange_thread_id    ON exchange_thread (exercise, id);

-- Messages, ours and theirs. Title and body are sealed under the node's data key; a message that was
-- taken back keeps its row and loses both. `desk` has bit 0 for a technical desk of ours and bit 1
-- for a diplomatic one. `waits` is 1 if an asking message waits for us, 2 if for them, else 0.
CREATE TABLE exchange_message (
    exercise  INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    party     TEXT    NOT NULL,
    id        BLOB    NOT NULL,
    thread    BLOB    NOT NULL,
    ours      INTEGER NOT NULL CHECK (ours IN (0, 1)),
    tlp       INTEGER NOT NULL CHECK (tlp BETWEEN 0 AND 4),
    author    BLOB,
    desk      INTEGER NOT NULL CHECK (desk BETWEEN 1 AND 3),
    at        INTEGER NOT NULL,
    header    TEXT    NOT NULL,
    sha256    BLOB    NOT NULL,
    said      TEXT    NOT NULL,
    title     BLOB,
    body      BLOB,
    gone_at   INTEGER,
    waits     INTEGER NOT NULL DEFAULT 0 CHECK (waits BETWEEN 0 AND 2),
    ack_by    INTEGER,
    answer_by INTEGER,
    next_by   INTEGER,
    PRIMARY KEY (exercise, party, id)
) STRICT;

CREATE INDEX exchange_message_thread ON exchange_message (exercise, party, thread, at);
CREATE INDEX exchange_message_id     ON exchange_message (exercise, id);
CREATE INDEX exchange_message_clock  ON exchange_message (exercise, next_by) WHERE next_by IS NOT NULL;
CREATE INDEX exchange_message_waits  ON exchange_message (exercise, waits) WHERE waits <> 0;

-- Who says that he removed what a withdrawal of ours took back.
CREATE TABLE exchange_removal (
    exercise   INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    party      TEXT    NOT NULL,
    withdrawal BLOB    NOT NULL,
    removed_at INTEGER NOT NULL,
    PRIMARY KEY (exercise, party, withdrawal)
) STRICT, WITHOUT ROWID;

-- Files: put and not sent yet (no message), sent, and received. `blob` is the sealed file that this
-- node can open, `travels` the one that goes to the other party. Name and media type of a file that
-- was not sent yet are sealed; later they stand in the body.
CREATE TABLE exchange_file (
    id         BLOB    NOT NULL PRIMARY KEY,
    exercise   INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    party      TEXT,
    message    BLOB,
    number     INTEGER,
    owner      BLOB,
    named      BLOB,
    size       INTEGER,
    sha256     BLOB,
    blob       BLOB    NOT NULL,
    travels    BLOB,
    state      TEXT    NOT NULL CHECK (state IN ('unread', 'good', 'damaged')),
    created_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX exchange_file_of ON exchange_file (exercise, party, message, number)
    WHERE message IS NOT NULL;

CREATE INDEX exchange_file_blob    ON exchange_file (blob);
CREATE INDEX exchange_file_travels ON exchange_file (travels);

-- Until when a user has read a thread.
CREATE TABLE exchange_seen (
    user_id  BLOB    NOT NULL,
    exercise INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    party    TEXT    NOT NULL,
    thread   BLOB    NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (user_id, exercise, party, thread)
) STRICT, WITHOUT ROWID;
