-- Consents as records: what a consent message said, without anything personal. The reference is a
-- keyed hash of the reference and the person, so that two agencies may number theirs alike.
CREATE TABLE consent (
    ref        BLOB PRIMARY KEY NOT NULL,      -- keyed hash
    person     BLOB,                           -- keyed hash
    case_id    BLOB NOT NULL,                  -- the message that said so last
    seq        INTEGER NOT NULL,
    giver      TEXT NOT NULL,                  -- the party that told of it
    parties    TEXT NOT NULL,                  -- JSON list of organisationsnummer
    kinds      TEXT NOT NULL,                  -- JSON list of kinds of information
    purpose    TEXT,
    form       TEXT,                           -- number of the paper form
    given      TEXT,                           -- YYYY-MM-DD, as are those below
    valid_from TEXT,
    valid_to   TEXT,
    withdrawn  TEXT,
    FOREIGN KEY (case_id, seq) REFERENCES message (case_id, seq)
) STRICT, WITHOUT ROWID;

-- What a case, and each delivery that may not leave without it, rests on.
ALTER TABLE case_file ADD COLUMN consent BLOB;
ALTER TABLE delivery ADD COLUMN consent BLOB;
ALTER TABLE delivery ADD COLUMN consent_to TEXT;  -- what the message said, where nothing is on record
