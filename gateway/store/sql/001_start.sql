-- What the store keeps. Sealed columns hold nothing that reads without the key ring; keyed hashes
-- find a person, an alias or a sender's id. Times are milliseconds since 1970, UTC.
-- Keys carry the case, so that a store of several nodes can be split by it. Message ids are time
-- ordered (UUID version 7): a later step may partition by them.

CREATE TABLE case_file (
    id              BLOB PRIMARY KEY NOT NULL,
    version         INTEGER NOT NULL,
    state           TEXT NOT NULL,            -- custody's own print
    holder          TEXT NOT NULL,
    holder_function TEXT NOT NULL,
    next_due        TEXT,                     -- YYYY-MM-DD of the earliest open promise
    municipality    TEXT,
    opened_at       INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL
) STRICT;

-- The short columns first: a search reads them without touching the sealed ones.
CREATE TABLE message (
    n                     INTEGER PRIMARY KEY,  -- order of commit
    case_id               BLOB NOT NULL REFERENCES case_file (id),
    seq                   INTEGER NOT NULL,     -- place in the case, from 1
    id                    BLOB NOT NULL,
    received_at           INTEGER NOT NULL,
    system                TEXT NOT NULL,
    sender                TEXT NOT NULL,
    sender_function       TEXT NOT NULL,
    kind                  TEXT NOT NULL,
    dialect               TEXT NOT NULL,
    form                  TEXT NOT NULL,
    repeat_digest         BLOB NOT NULL,
    body_digest           BLOB NOT NULL,
    transport_free_digest BLOB NOT NULL,
    sender_id             BLOB NOT NULL,        -- keyed hash
    person                BLOB,                 -- keyed hash
    receipt               TEXT NOT NULL,
    data_key              BLOB NOT NULL,        -- wrapped
    versions              TEXT NOT NULL,
    events                TEXT NOT NULL,        -- a printed event a line
    canonical             BLOB NOT NULL,        -- sealed
    raw                   BLOB NOT NULL,        -- sealed
    residue               BLOB                  -- sealed
) STRICT;
CREATE UNIQUE INDEX message_in_case ON message (case_id, seq);
CREATE UNIQUE INDEX message_id ON message (id);
CREATE UNIQUE INDEX message_repeat ON message (repeat_digest, system);
CREATE UNIQUE INDEX message_sender_id ON message (sender_id, sender);
CREATE INDEX message_received ON message (received_at);

-- The bytes every attempt sends, apart from the delivery's state, which changes.
CREATE TABLE parcel (
    n        INTEGER PRIMARY KEY,
    versions TEXT NOT NULL,
    losses   TEXT NOT NULL,
    loss_count INTEGER NOT NULL,
    request  BLOB NOT NULL                      -- sealed
) STRICT;

-- Per case and receiver one delivery is under way: the first that is waiting or held. Only it may
-- have a time at which it is due; those behind it have none.
CREATE TABLE delivery (
    case_id     BLOB NOT NULL,
    receiver    TEXT NOT NULL,
    seq         INTEGER NOT NULL,
    parcel      INTEGER NOT NULL REFERENCES parcel (n),
    id          BLOB NOT NULL,
    function    TEXT NOT NULL,
    dialect     TEXT NOT NULL,
    form        TEXT NOT NULL,
    state       INTEGER NOT NULL,               -- 0 waiting 1 delivered 2 held 3 skipped 4 withdrawn
    attempts    INTEGER NOT NULL,
    due         INTEGER,
    first_due   INTEGER,
    code        TEXT,
    receiver_id BLOB,                           -- sealed
    PRIMARY KEY (case_id, receiver, seq, parcel),
    FOREIGN KEY (case_id, seq) REFERENCES message (case_id, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX delivery_id ON delivery (id);
CREATE INDEX delivery_due ON delivery (receiver, due, parcel) WHERE state = 0 AND due IS NOT NULL;
CREATE INDEX delivery_held ON delivery (receiver) WHERE state = 2;

-- What happened to a message after it was kept. `delivery` says to which of its deliveries.
CREATE TABLE event (
    case_id  BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    delivery BLOB,
    events   TEXT NOT NULL,                     -- a printed event a line
    PRIMARY KEY (case_id, seq, n),
    FOREIGN KEY (case_id, seq) REFERENCES message (case_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE alias (
    hash    BLOB NOT NULL,                      -- keyed hash
    party   TEXT NOT NULL,
    case_id BLOB NOT NULL REFERENCES case_file (id),
    seq     INTEGER NOT NULL,                   -- the message whose data key sealed it
    form    TEXT NOT NULL,
    sealed  BLOB NOT NULL,
    PRIMARY KEY (hash, party, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_of_case ON alias (case_id, party);

CREATE TABLE refusal (
    id          BLOB PRIMARY KEY NOT NULL,
    at          INTEGER NOT NULL,
    until       INTEGER NOT NULL,               -- kept so long
    system      TEXT NOT NULL,
    sender      TEXT,
    dialect     TEXT NOT NULL,
    form        TEXT,
    body_digest BLOB NOT NULL,
    sender_id   BLOB,                           -- keyed hash
    count       INTEGER NOT NULL,
    problems    TEXT NOT NULL,
    events      TEXT NOT NULL
) STRICT;
CREATE INDEX refusal_until ON refusal (until);
CREATE INDEX refusal_sender_id ON refusal (sender_id) WHERE sender_id IS NOT NULL;

-- The next number not yet given out in blocks, per party and form of alias.
CREATE TABLE sequence (
    party TEXT NOT NULL,
    form  TEXT NOT NULL,
    next  INTEGER NOT NULL,
    PRIMARY KEY (party, form)
) STRICT, WITHOUT ROWID;

-- How many there are of each, brought up to date by each commit.
CREATE TABLE tally (
    name TEXT PRIMARY KEY NOT NULL,
    n    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO tally (name, n) VALUES
    ('cases', 0), ('delivered', 0), ('held', 0), ('messages', 0), ('refusals', 0), ('waiting', 0);
