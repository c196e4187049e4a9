-- What was entered lately, without what ships with the program.
CREATE INDEX incident_entered ON incident (exercise, created_at, tlp, id) WHERE shipped_key IS NULL;
