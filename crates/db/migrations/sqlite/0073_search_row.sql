-- Which tokens a row has, in one row: what takes them away again finds them by it. The index by rows that
-- did so before held every token once more.
CREATE TABLE search_row (
    area   INTEGER NOT NULL,
    id     BLOB    NOT NULL,
    rank   INTEGER NOT NULL,
    tokens TEXT    NOT NULL
) STRICT;

INSERT INTO search_row (area, id, rank, tokens)
SELECT area, id, rank, json_group_array(token) FROM search_token GROUP BY area, id, rank;

CREATE INDEX search_row_of ON search_row (area, id);
DROP INDEX search_token_of;
