-- How many reports a sender began by mail in an hour. The sender is blinded.
CREATE TABLE mail_begun (
    hour   BIGINT NOT NULL,
    sender BYTEA NOT NULL,
    mails  BIGINT NOT NULL,
    PRIMARY KEY (hour, sender)
);
