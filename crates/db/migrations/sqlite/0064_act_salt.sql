-- The secret from which the salts of what a subject's acts commit to follow. It is erased with the
-- facts, and with it what the commitments mean.
CREATE TABLE act_salt (
    subject TEXT NOT NULL PRIMARY KEY,
    salt    BLOB NOT NULL
) STRICT, WITHOUT ROWID;
