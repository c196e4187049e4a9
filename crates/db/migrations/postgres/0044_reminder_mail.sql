-- Who chose to be reminded of reports by mail, and where to.
CREATE TABLE reminder_mail (
    user_id   UUID   NOT NULL PRIMARY KEY REFERENCES access_user (id) ON DELETE CASCADE,
    address   TEXT COLLATE "C" NOT NULL,
    chosen_at BIGINT NOT NULL
);
