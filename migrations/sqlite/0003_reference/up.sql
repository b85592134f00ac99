-- What is taken over from a database of the reference bot. Why: rounds whose raw files are gone, and
-- names counted there, are history that no raw file can bring back; each is marked as such.

ALTER TABLE rounds ADD COLUMN source TEXT NOT NULL DEFAULT 'file' CHECK (source IN ('file', 'reference'));

-- player_aliases is what the lines say, and this where it says more.
CREATE TABLE reference_aliases (
    guid TEXT NOT NULL,
    alias TEXT NOT NULL,
    times_seen INTEGER NOT NULL CHECK (times_seen > 0),
    first_seen TIMESTAMP NOT NULL,
    last_seen TIMESTAMP NOT NULL,
    PRIMARY KEY (guid, alias),
    CHECK (first_seen <= last_seen)
);
