-- How many people of each group use what was hit, beside how many were hit.
ALTER TABLE incident_harm ADD COLUMN among TEXT;
