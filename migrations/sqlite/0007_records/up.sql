-- The best round and the best match of each session. Why: a page of records would read every line that there is, once
-- per measure. Filled by imports and by `dbadmin rebuild-sessions`; what stands in it is computed by the program, since
-- its measures are formulas.
CREATE TABLE session_records (
    session_id INTEGER NOT NULL REFERENCES gaming_sessions (id) ON DELETE CASCADE,
    span TEXT NOT NULL CHECK (span IN ('round', 'match')),
    metric TEXT NOT NULL,
    value DOUBLE PRECISION NOT NULL CHECK (value > 0),
    player_guid TEXT NOT NULL,
    round_id INTEGER NOT NULL,
    PRIMARY KEY (session_id, span, metric)
) WITHOUT ROWID;
CREATE INDEX session_records_best ON session_records (span, metric, value);

-- Rounds by map: how often each was played, and how it ended.
CREATE INDEX rounds_by_map ON rounds (map_name, round_outcome, round_number, actual_time_seconds)
    WHERE is_valid AND match_state = 'complete';

-- Boards on a map: without it, every sum of every map was read.
CREATE INDEX player_map_totals_by_map ON player_map_totals (map_name, session_id);
