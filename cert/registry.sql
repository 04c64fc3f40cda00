-- The registry: what was signed, the log over it, and indexes that can be made again.
--
-- event holds the signed bytes, one row an entry of the log: a certificate as
-- its body signed it, an event of the registrar, or a trust list.  node holds
-- the hashes of the log's complete subtrees.  Neither is ever changed.
CREATE TABLE event (
	sequence INTEGER PRIMARY KEY CHECK (sequence >= 0),
	signed BLOB NOT NULL
) STRICT;
CREATE TABLE node (
	level INTEGER NOT NULL,
	position INTEGER NOT NULL,
	hash BLOB NOT NULL CHECK (length(hash) = 32),
	PRIMARY KEY (level, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoint (
	size INTEGER PRIMARY KEY,
	note TEXT NOT NULL
) STRICT;
CREATE TRIGGER event_keep BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER event_stay BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER node_keep BEFORE UPDATE ON node BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER node_stay BEFORE DELETE ON node BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER checkpoint_keep BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER checkpoint_stay BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

-- Indexes: registry rebuild empties and fills them from event.
CREATE TABLE certificate (
	number TEXT PRIMARY KEY,
	digest BLOB NOT NULL UNIQUE,
	submission INTEGER NOT NULL UNIQUE,
	acceptance INTEGER NOT NULL UNIQUE,
	accepted INTEGER NOT NULL,
	body TEXT NOT NULL,
	holder TEXT NOT NULL,
	product TEXT NOT NULL,
	model TEXT NOT NULL,
	issued TEXT NOT NULL,
	expires TEXT NOT NULL,
	trial INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE change (
	sequence INTEGER PRIMARY KEY,
	number TEXT NOT NULL,
	state TEXT NOT NULL,
	since INTEGER NOT NULL
) STRICT;
CREATE INDEX change_number ON change (number, sequence);
CREATE TABLE trust (
	sequence INTEGER PRIMARY KEY,
	event INTEGER NOT NULL UNIQUE
) STRICT;
CREATE VIRTUAL TABLE words USING fts5 (
	number, text, tokenize = "unicode61 remove_diacritics 2"
);
