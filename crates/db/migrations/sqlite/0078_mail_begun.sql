-- How many reports a sender began by mail in an hour. The sender is blinded.
CREATE TABLE mail_begun (
    hour   INTEGER NOT NULL,
    sender BLOB NOT NULL,
    mails  INTEGER NOT NULL,
    PRIMARY KEY (hour, sender)
) STRICT;
