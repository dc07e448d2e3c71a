-- What a message is found by, in one narrow tree: the first eight bytes of each digest and keyed
-- hash, and the message's number. The message, or its alias, has the whole of it. What the newest
-- messages are found by is added some time later, many at once: see docs/decisions/014.
CREATE TABLE name (
    hash BLOB NOT NULL,
    n    INTEGER NOT NULL,                      -- message.n
    PRIMARY KEY (hash, n)
) STRICT, WITHOUT ROWID;
INSERT INTO name SELECT substr(repeat_digest, 1, 8), n FROM message ORDER BY repeat_digest;
INSERT OR IGNORE INTO name SELECT substr(sender_id, 1, 8), n FROM message ORDER BY sender_id;
INSERT OR IGNORE INTO name
    SELECT substr(alias.hash, 1, 8), message.n FROM alias
    JOIN message ON message.case_id = alias.case_id AND message.seq = alias.seq
    ORDER BY alias.hash;
DROP INDEX message_repeat;
DROP INDEX message_sender_id;

-- The names of every message below this number are in the table.
CREATE TABLE named (below INTEGER NOT NULL) STRICT;
INSERT INTO named SELECT coalesce(max(n), 0) + 1 FROM message;

-- A party's own names of a case, by the message they came with: added at the end.
CREATE TABLE alias_of_message (
    n      INTEGER NOT NULL,                    -- message.n, whose data key sealed it
    party  TEXT NOT NULL,
    hash   BLOB NOT NULL,                       -- keyed hash
    form   TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (n, party, hash)
) STRICT, WITHOUT ROWID;
INSERT INTO alias_of_message
    SELECT message.n, party, hash, alias.form, sealed FROM alias
    JOIN message ON message.case_id = alias.case_id AND message.seq = alias.seq;
DROP TABLE alias;
ALTER TABLE alias_of_message RENAME TO alias;

-- Mapping, tables and plugin, each with its digest: a few texts that thousands of messages share.
-- Where a row has a number, its own text is empty.
CREATE TABLE version_text (
    n    INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;
ALTER TABLE message ADD COLUMN versions_n INTEGER;
ALTER TABLE parcel ADD COLUMN versions_n INTEGER;

