-- What an entry adds to counts, as one short line.
CREATE TABLE incident_fact (
    incident UUID NOT NULL PRIMARY KEY REFERENCES incident (id) ON DELETE CASCADE,
    exercise BOOLEAN NOT NULL,
    tlp      INTEGER NOT NULL CHECK (tlp BETWEEN 0 AND 4),
    line     TEXT COLLATE "C" NOT NULL
);

-- By which rules the lines were written. Others than the program's: they are written anew.
CREATE TABLE incident_fact_rules (
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    rules BIGINT NOT NULL
);
INSERT INTO incident_fact_rules (id, rules) VALUES (1, 0);

CREATE INDEX incident_named_user ON incident_named (user_id, incident);
