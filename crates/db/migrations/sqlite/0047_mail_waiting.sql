-- The mails that wait for somebody, so that they are found among all others.
CREATE TABLE mail_waiting (
    mail BLOB NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
