-- What people say, kept where it survives everything derived. Why: teams hung on an evening's row, and
-- evenings come and go with late files; conflicts of local imports were told once and kept nowhere.

-- Teams that people set, by a round of the evening. session_teams is what follows from them.
CREATE TABLE manual_teams (
    server_id INTEGER NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    server_stamp TEXT NOT NULL,
    map_name TEXT NOT NULL,
    round_number INTEGER NOT NULL CHECK (round_number IN (1, 2)),
    player_guid TEXT NOT NULL,
    team TEXT NOT NULL CHECK (team IN ('A', 'B')),
    team_name TEXT,
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMP NOT NULL,
    PRIMARY KEY (server_id, server_stamp, map_name, round_number, player_guid)
);
INSERT INTO manual_teams
SELECT s.server_id, r.server_stamp, r.map_name, r.round_number, t.player_guid, t.team, t.team_name,
    'before schema 5', s.ended_at
FROM session_teams t
JOIN gaming_sessions s ON s.id = t.session_id
JOIN rounds r ON r.gaming_session_id = s.id
    AND s.session_key = r.server_stamp || '-' || r.map_name || '-' || r.round_number
WHERE t.source = 'manual' AND t.team IN ('A', 'B');

-- Merged players: each import asks, and they are few among many.
CREATE INDEX players_merged ON players (guid) WHERE canonical_guid <> guid;

-- Files found on disk that could not be stored, so that they are told of until somebody sets them aside.
CREATE TABLE left_out_files (
    server_id INTEGER NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    filename TEXT NOT NULL,
    path TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('conflict', 'unreadable')),
    sha256 TEXT,
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'ignored')),
    ignored_reason TEXT,
    first_seen_at TIMESTAMP NOT NULL,
    last_seen_at TIMESTAMP NOT NULL,
    PRIMARY KEY (server_id, filename)
);

DROP VIEW player_match_stats;
-- The valid halves of complete matches added: a round that people or rules took out counts here no more
-- than anywhere else. Ratios are recomputed from sums, never averaged.
CREATE VIEW player_match_stats AS
SELECT r.server_id, r.match_id, p.player_guid,
    count(*) AS rounds,
    sum(p.kills) AS kills, sum(p.deaths) AS deaths,
    sum(p.headshots) AS headshots, sum(p.headshot_kills) AS headshot_kills,
    sum(p.shots) AS shots, sum(p.hits) AS hits,
    CASE WHEN sum(p.deaths) = 0 THEN CAST(sum(p.kills) AS DOUBLE PRECISION)
        ELSE CAST(sum(p.kills) AS DOUBLE PRECISION) / sum(p.deaths) END AS kd_ratio,
    CASE WHEN sum(p.time_played_seconds) = 0 THEN 0.0
        ELSE 60.0 * sum(p.damage_given) / sum(p.time_played_seconds) END AS dpm,
    sum(p.damage_given) AS damage_given, sum(p.damage_received) AS damage_received,
    sum(p.team_damage_given) AS team_damage_given, sum(p.team_damage_received) AS team_damage_received,
    sum(p.gibs) AS gibs, sum(p.self_kills) AS self_kills,
    sum(p.team_kills) AS team_kills, sum(p.team_gibs) AS team_gibs,
    sum(p.time_played_seconds) AS time_played_seconds, sum(p.alive_seconds) AS alive_seconds,
    sum(p.time_dead_seconds) AS time_dead_seconds, sum(p.xp) AS xp,
    max(p.killing_spree_best) AS killing_spree_best, max(p.death_spree_worst) AS death_spree_worst,
    sum(p.kill_assists) AS kill_assists, sum(p.kill_steals) AS kill_steals,
    sum(p.objectives_stolen) AS objectives_stolen, sum(p.objectives_returned) AS objectives_returned,
    sum(p.dynamites_planted) AS dynamites_planted, sum(p.dynamites_defused) AS dynamites_defused,
    sum(p.times_revived) AS times_revived, sum(p.revives_given) AS revives_given,
    sum(p.bullets_fired) AS bullets_fired,
    sum(p.most_useful_kills) AS most_useful_kills, sum(p.useless_kills) AS useless_kills,
    sum(p.denied_playtime) AS denied_playtime,
    sum(p.double_kills) AS double_kills, sum(p.triple_kills) AS triple_kills,
    sum(p.quad_kills) AS quad_kills, sum(p.multi_kills) AS multi_kills, sum(p.mega_kills) AS mega_kills,
    sum(p.full_selfkills) AS full_selfkills, sum(p.constructions) AS constructions
FROM valid_rounds r
JOIN player_comprehensive_stats p ON p.round_id = r.id
WHERE r.match_state = 'complete'
GROUP BY r.server_id, r.match_id, p.player_guid;
