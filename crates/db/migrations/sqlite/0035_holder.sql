-- Which run of which process holds a job.
ALTER TABLE job ADD COLUMN holder BLOB;
