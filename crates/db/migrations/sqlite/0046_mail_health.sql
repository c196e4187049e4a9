-- How a server of mails does: since when it works, or does not.
CREATE TABLE mail_health (
    place     TEXT    NOT NULL PRIMARY KEY,
    code      TEXT,
    failure   TEXT,
    since     INTEGER NOT NULL,
    tried_at  INTEGER NOT NULL,
    worked_at INTEGER
) STRICT, WITHOUT ROWID;
