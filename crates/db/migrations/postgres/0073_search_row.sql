-- Which tokens a row has, in one row: what takes them away again finds them by it. The index by rows that
-- did so before held every token once more.
CREATE TABLE search_row (
    area   BIGINT NOT NULL,
    id     UUID   NOT NULL,
    rank   BIGINT NOT NULL,
    tokens TEXT   NOT NULL
);

INSERT INTO search_row (area, id, rank, tokens)
SELECT area, id, rank, CAST(json_agg(token) AS text) FROM search_token GROUP BY area, id, rank;

CREATE INDEX search_row_of ON search_row (area, id);
DROP INDEX search_token_of;
