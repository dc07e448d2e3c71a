-- What messages carry beside their text. A content is sealed in pieces under its message's data key, and never
-- part of a message's own columns.

CREATE TABLE attachment (
    id         BLOB PRIMARY KEY NOT NULL,
    case_id    BLOB NOT NULL,
    seq        INTEGER NOT NULL,
    content    INTEGER NOT NULL,              -- which of the message's contents
    media_type TEXT NOT NULL,
    size       INTEGER NOT NULL,
    FOREIGN KEY (case_id, seq) REFERENCES message (case_id, seq)
) STRICT, WITHOUT ROWID;

-- The deliveries whose document only refers to it: who is sent one may fetch it.
CREATE TABLE attachment_fetched_by (
    attachment BLOB NOT NULL REFERENCES attachment (id),
    delivery   BLOB NOT NULL,
    PRIMARY KEY (attachment, delivery)
) STRICT, WITHOUT ROWID;

-- Those of a large content are written before their message is kept.
CREATE TABLE content_piece (
    n       INTEGER PRIMARY KEY,
    message BLOB NOT NULL,                    -- its id
    content INTEGER NOT NULL,
    piece   INTEGER NOT NULL,                 -- from 0
    bytes   BLOB NOT NULL                     -- sealed
) STRICT;
CREATE UNIQUE INDEX content_piece_of ON content_piece (message, content, piece);

-- Messages that have pieces and are not kept yet. What never is, is swept.
CREATE TABLE content_pending (
    message BLOB PRIMARY KEY NOT NULL,
    since   INTEGER NOT NULL                  -- milliseconds since 1970, of the world's clock
) STRICT, WITHOUT ROWID;
