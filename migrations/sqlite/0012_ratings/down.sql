DELETE FROM session_records WHERE span = 'evening';
ALTER TABLE session_records RENAME TO session_records_after;
DROP INDEX session_records_best;
CREATE TABLE session_records (
    session_id INTEGER NOT NULL REFERENCES gaming_sessions (id) ON DELETE CASCADE,
    span TEXT NOT NULL CHECK (span IN ('round', 'match')),
    metric TEXT NOT NULL,
    value DOUBLE PRECISION NOT NULL CHECK (value > 0),
    player_guid TEXT NOT NULL,
    round_id INTEGER NOT NULL,
    PRIMARY KEY (session_id, span, metric)
) WITHOUT ROWID;
INSERT INTO session_records SELECT session_id, span, metric, value, player_guid, round_id FROM session_records_after;
DROP TABLE session_records_after;
CREATE INDEX session_records_best ON session_records (span, metric, value);
DROP TABLE announced_achievements;
DROP TABLE achievements;
DROP TABLE rated_matches;
DROP TABLE ratings;
CREATE TABLE ratings (
    player_guid TEXT NOT NULL,
    rating TEXT NOT NULL,
    version INTEGER NOT NULL,
    match_id TEXT NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    uncertainty DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (player_guid, rating, version, match_id)
);
