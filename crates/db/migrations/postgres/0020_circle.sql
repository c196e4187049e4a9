CREATE TABLE circle (
    id         UUID    NOT NULL PRIMARY KEY,
    exercise   BOOLEAN NOT NULL,
    steward    TEXT    COLLATE "C" NOT NULL,
    version    BIGINT  NOT NULL,
    created_at BIGINT  NOT NULL
);

CREATE INDEX circle_of ON circle (exercise, created_at, id);

-- A version that came before the one that it follows is kept and not in force.
CREATE TABLE circle_version (
    circle     UUID    NOT NULL,
    version    BIGINT  NOT NULL,
    exercise   BOOLEAN NOT NULL,
    steward    TEXT    COLLATE "C" NOT NULL,
    sha256     BYTEA   NOT NULL,
    envelope   BYTEA   NOT NULL,
    in_force   BOOLEAN NOT NULL,
    arrived_at BIGINT  NOT NULL,
    PRIMARY KEY (circle, version)
);

-- Who has joined by the newest version; nobody once it is dissolved.
CREATE TABLE circle_member (
    circle     UUID    NOT NULL REFERENCES circle (id),
    party      TEXT    COLLATE "C" NOT NULL,
    PRIMARY KEY (circle, party)
);

CREATE INDEX circle_member_of ON circle_member (party, circle);

CREATE TABLE circle_refused (
    circle     UUID    NOT NULL,
    sha256     BYTEA   NOT NULL,
    party      TEXT    COLLATE "C" NOT NULL,
    exercise   BOOLEAN NOT NULL,
    version    BIGINT  NOT NULL,
    code       TEXT    COLLATE "C" NOT NULL,
    envelope   BYTEA   NOT NULL,
    refused_at BIGINT  NOT NULL,
    PRIMARY KEY (circle, sha256, party)
);

-- A steward's version on its way to one party; message is empty until its envelope is made.
CREATE TABLE circle_copy (
    circle     UUID    NOT NULL REFERENCES circle (id),
    version    BIGINT  NOT NULL,
    party      TEXT    COLLATE "C" NOT NULL,
    message    UUID,
    PRIMARY KEY (circle, version, party)
);

-- Parties that ask the steward to be let in.
CREATE TABLE circle_request (
    circle     UUID    NOT NULL REFERENCES circle (id),
    party      TEXT    COLLATE "C" NOT NULL,
    asked_at   BIGINT  NOT NULL,
    PRIMARY KEY (circle, party)
);

-- What this party last asked a steward for; message is empty until its envelope is made.
CREATE TABLE circle_asked (
    circle     UUID    NOT NULL PRIMARY KEY,
    exercise   BOOLEAN NOT NULL,
    steward    TEXT    COLLATE "C" NOT NULL,
    wish       TEXT    COLLATE "C" NOT NULL CHECK (wish IN ('join', 'leave')),
    version    BIGINT,
    message    UUID,
    asked_at   BIGINT  NOT NULL
);
