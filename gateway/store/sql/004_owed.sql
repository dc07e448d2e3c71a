-- What the gateway has still to say: kept with what made it so, gone with the message that says it.

CREATE TABLE owed_notice (
    number INTEGER PRIMARY KEY,
    notice TEXT NOT NULL  -- clear JSON: case, message, parties, code
) STRICT;
