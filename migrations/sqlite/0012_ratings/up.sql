-- Skill by server and match, as it was after each: replayed from the first match on, continued by the newest. The table
-- that stood here was never filled, and did not know the server.
DROP TABLE ratings;
CREATE TABLE ratings (
    server_id INTEGER NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    player_guid TEXT NOT NULL,
    ended_at TIMESTAMP NOT NULL,
    match_id TEXT NOT NULL,
    team TEXT NOT NULL CHECK (team IN ('A', 'B')),
    seconds INTEGER NOT NULL CHECK (seconds >= 0),
    mean DOUBLE PRECISION NOT NULL,
    deviation DOUBLE PRECISION NOT NULL CHECK (deviation > 0),
    matches INTEGER NOT NULL CHECK (matches > 0),
    kills INTEGER NOT NULL CHECK (kills >= 0),
    deaths INTEGER NOT NULL CHECK (deaths >= 0),
    PRIMARY KEY (server_id, player_guid, ended_at, match_id)
) WITHOUT ROWID;
-- A late match replaces what follows it.
CREATE INDEX ratings_by_time ON ratings (server_id, ended_at);

-- What was predicted of each rated match before it, and how far predictions could be trusted after it: what the next
-- prediction continues from.
CREATE TABLE rated_matches (
    server_id INTEGER NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    match_id TEXT NOT NULL,
    session_key TEXT NOT NULL,
    ended_at TIMESTAMP NOT NULL,
    version INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('A', 'draw', 'B')),
    chance DOUBLE PRECISION NOT NULL CHECK (chance > 0 AND chance < 1),
    is_shown BOOLEAN NOT NULL,
    weight_rating DOUBLE PRECISION NOT NULL,
    weight_size DOUBLE PRECISION NOT NULL,
    weight_duels DOUBLE PRECISION NOT NULL,
    precision_rating DOUBLE PRECISION NOT NULL,
    precision_size DOUBLE PRECISION NOT NULL,
    precision_duels DOUBLE PRECISION NOT NULL,
    precision_rating_size DOUBLE PRECISION NOT NULL,
    precision_rating_duels DOUBLE PRECISION NOT NULL,
    precision_size_duels DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (server_id, match_id)
) WITHOUT ROWID;
CREATE INDEX rated_matches_by_time ON rated_matches (server_id, ended_at);

-- The ledger: in which match of a server a player reached each tier of a badge. Derived.
CREATE TABLE achievements (
    server_id INTEGER NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    player_guid TEXT NOT NULL,
    badge TEXT NOT NULL,
    tier INTEGER NOT NULL CHECK (tier > 0),
    session_key TEXT NOT NULL,
    match_id TEXT NOT NULL,
    earned_at TIMESTAMP NOT NULL,
    PRIMARY KEY (server_id, player_guid, badge, tier)
) WITHOUT ROWID;
CREATE INDEX achievements_by_session ON achievements (server_id, session_key);

-- What was announced of it. Not derived: whatever is computed anew, nothing is announced twice.
CREATE TABLE announced_achievements (
    server_id INTEGER NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    player_guid TEXT NOT NULL,
    badge TEXT NOT NULL,
    tier INTEGER NOT NULL CHECK (tier > 0),
    announced_at TIMESTAMP NOT NULL,
    PRIMARY KEY (server_id, player_guid, badge, tier)
) WITHOUT ROWID;

-- The best evening, beside the best round and the best match. SQLite cannot change a condition, so the table is made anew.
ALTER TABLE session_records RENAME TO session_records_before;
DROP INDEX session_records_best;
CREATE TABLE session_records (
    session_id INTEGER NOT NULL REFERENCES gaming_sessions (id) ON DELETE CASCADE,
    span TEXT NOT NULL CHECK (span IN ('round', 'match', 'evening')),
    metric TEXT NOT NULL,
    value DOUBLE PRECISION NOT NULL CHECK (value > 0),
    player_guid TEXT NOT NULL,
    round_id INTEGER NOT NULL,
    PRIMARY KEY (session_id, span, metric)
) WITHOUT ROWID;
INSERT INTO session_records SELECT session_id, span, metric, value, player_guid, round_id FROM session_records_before;
DROP TABLE session_records_before;
CREATE INDEX session_records_best ON session_records (span, metric, value);
