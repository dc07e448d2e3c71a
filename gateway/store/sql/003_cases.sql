-- What lists of cases are read by: drawn from custody's state by whoever keeps it.

ALTER TABLE case_file ADD COLUMN between_since TEXT;  -- YYYY-MM-DD since when it is between the chairs
ALTER TABLE case_file ADD COLUMN closed_on TEXT;      -- YYYY-MM-DD; null while it is open
CREATE INDEX case_holder ON case_file (holder, id);
CREATE INDEX case_open ON case_file (holder) WHERE closed_on IS NULL;
CREATE INDEX case_due ON case_file (next_due, id) WHERE next_due IS NOT NULL;
CREATE INDEX case_between ON case_file (between_since, id) WHERE between_since IS NOT NULL;

-- Every party that has held a case, offered it or been offered it.
CREATE TABLE case_party (
    party   TEXT NOT NULL,
    case_id BLOB NOT NULL REFERENCES case_file (id),
    PRIMARY KEY (party, case_id)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO case_party (party, case_id) SELECT holder, id FROM case_file;
INSERT OR IGNORE INTO case_party (party, case_id)
    SELECT json_extract(offer.value, '$.from.party'), case_file.id
    FROM case_file, json_each(case_file.state, '$.offers') AS offer;
INSERT OR IGNORE INTO case_party (party, case_id)
    SELECT json_extract(offer.value, '$.to.party'), case_file.id
    FROM case_file, json_each(case_file.state, '$.offers') AS offer;

-- Whether any attempt may have reached the receiver: what never has can be taken back.
ALTER TABLE delivery ADD COLUMN reached INTEGER NOT NULL DEFAULT 0;
UPDATE delivery SET reached = 1 WHERE attempts > 0;
