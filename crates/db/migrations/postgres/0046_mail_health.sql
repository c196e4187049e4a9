-- How a server of mails does: since when it works, or does not.
CREATE TABLE mail_health (
    place     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    code      TEXT COLLATE "C",
    failure   TEXT,
    since     BIGINT NOT NULL,
    tried_at  BIGINT NOT NULL,
    worked_at BIGINT
);
