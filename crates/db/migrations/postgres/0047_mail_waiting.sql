-- The mails that wait for somebody, so that they are found among all others.
CREATE TABLE mail_waiting (
    mail UUID NOT NULL PRIMARY KEY
);
