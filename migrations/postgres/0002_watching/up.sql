-- What the watcher remembers over a restart. Nothing in it is needed to rebuild statistics.

-- Files on a game server that are not in processed_files, or not as they are on the server now: a
-- file that is there in the same size and time has no row here.
CREATE TABLE remote_files (
    server_id INTEGER NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    filename TEXT NOT NULL,
    size_bytes BIGINT NOT NULL CHECK (size_bytes >= 0),
    -- By the server's clock, seconds since 1970.
    mtime BIGINT NOT NULL,
    mode INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'failed', 'dead', 'conflict', 'same')),
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    reason TEXT,
    first_seen_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (server_id, filename)
);

-- How fresh each server's data is.
CREATE TABLE server_status (
    server_id INTEGER PRIMARY KEY REFERENCES servers (id) ON DELETE CASCADE,
    -- The last look that worked, and the last that did not.
    last_look_at TIMESTAMP,
    last_error_at TIMESTAMP,
    last_error TEXT,
    failures INTEGER NOT NULL CHECK (failures >= 0),
    -- By its name; the time is by the server's clock.
    newest_file TEXT,
    newest_at TIMESTAMP,
    newest_imported BOOLEAN NOT NULL,
    files INTEGER NOT NULL CHECK (files >= 0),
    waiting INTEGER NOT NULL CHECK (waiting >= 0),
    failed INTEGER NOT NULL CHECK (failed >= 0),
    -- Older than the look-back, and not in the database.
    left_alone INTEGER NOT NULL CHECK (left_alone >= 0)
);
