-- Who chose to be reminded of reports by mail, and where to.
CREATE TABLE reminder_mail (
    user_id   BLOB    NOT NULL PRIMARY KEY REFERENCES access_user (id) ON DELETE CASCADE,
    address   TEXT    NOT NULL,
    chosen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
