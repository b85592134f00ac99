-- Why: another session gap or day in the configuration changed the evenings of the next import and left
-- all others as they were.

-- The rules that all rounds of a server were computed with. A server without a row has no round yet,
-- or its rounds are older than this table: then nobody knows.
CREATE TABLE server_rules (
    server_id INTEGER NOT NULL PRIMARY KEY REFERENCES servers (id) ON DELETE CASCADE,
    match_window_seconds INTEGER NOT NULL CHECK (match_window_seconds >= 0),
    session_gap_seconds INTEGER NOT NULL CHECK (session_gap_seconds >= 0),
    restart_window_seconds INTEGER NOT NULL CHECK (restart_window_seconds >= 0),
    day_start TEXT,
    excluded_maps TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL
);
