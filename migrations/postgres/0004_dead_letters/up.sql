-- Files that could not be had are counted apart from those that are tried again soon.
ALTER TABLE server_status ADD COLUMN dead INTEGER NOT NULL DEFAULT 0 CHECK (dead >= 0);
-- The last look after which nothing waited: a new start looks back at least so far.
ALTER TABLE server_status ADD COLUMN caught_up_at TIMESTAMP;
