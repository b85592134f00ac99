DELETE FROM session_records WHERE span = 'evening';
ALTER TABLE session_records DROP CONSTRAINT session_records_span_check;
ALTER TABLE session_records ADD CONSTRAINT session_records_span_check CHECK (span IN ('round', 'match'));
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
